"""Satisfaction prediction from the command line.

python -m ml.satisfaction explain 65 4 6                # comprehension %, rating, minutes: the paper's model
python -m ml.satisfaction explain EPISODE_OR_CUSTOMER   # by the model in use
python -m ml.satisfaction predict                       # ended episodes that are new or changed
python -m ml.satisfaction retrain                       # learn from all that was rated, and compare
python -m ml.satisfaction report                        # cross-validated, beside other models
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from ml.marts import NoMarts
from ml.satisfaction.predictions import explain, explain_values, predict, retrain
from warehouse import logs
from warehouse.i18n import terminal_gettext as _
from warehouse.settings import get_settings


def main(arguments: Sequence[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    try:
        return int(given.run(given))
    except (NoMarts, LookupError, argparse.ArgumentTypeError) as error:
        print(f"ml.satisfaction: {error.args[0]}", file=sys.stderr)
        return 2


def _run_explain(given: argparse.Namespace) -> int:
    values = (given.comprehension, given.rating, given.duration)
    if len(given.asked) == 3 and all(map(_is_number, given.asked)):
        values = (_percent(given.asked[0]), _rating(given.asked[1]), _minutes(given.asked[2]))
    elif given.asked:
        print("\n\n".join(map(explain, given.asked)))
        return 0
    comprehension, rating, duration = values
    if comprehension is None or duration is None:
        sentence = _("Name an episode or a customer, or give --comprehension and --duration.")
        print(f"ml.satisfaction: {sentence}", file=sys.stderr)
        return 2
    print(explain_values(comprehension, rating, duration))
    return 0


def _run_predict(_arguments: argparse.Namespace) -> int:
    print(_("Changed predictions: {count}", count=predict()))
    return 0


def _run_retrain(_arguments: argparse.Namespace) -> int:
    print(_("Model {version} is in use.", version=retrain()))
    return 0


def _run_report(_arguments: argparse.Namespace) -> int:
    from ml.satisfaction import report

    report.show(get_settings())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ml.satisfaction", description=_("Predict whether customers are satisfied who gave no rating.")
    )
    commands = parser.add_subparsers(required=True)
    explaining = commands.add_parser("explain", help=_("show a prediction and the conversations it is based on"))
    explaining.add_argument("asked", nargs="*", help=_("episodes, customer keys, or: comprehension rating minutes"))
    explaining.add_argument("--comprehension", type=_percent, help=_("percent, 0 to 100"))
    explaining.add_argument("--rating", type=_rating, help=_("1 to 5; leave out if there is no rating"))
    explaining.add_argument("--duration", type=_minutes, help=_("minutes"))
    explaining.set_defaults(run=_run_explain)
    commands.add_parser("predict", help=_("predict every ended episode")).set_defaults(run=_run_predict)
    commands.add_parser("retrain", help=_("learn from all ratings")).set_defaults(run=_run_retrain)
    commands.add_parser("report", help=_("compare the models")).set_defaults(run=_run_report)
    return parser


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _number(text: str, least: float, most: float, what: str) -> float:
    if not _is_number(text) or not least <= float(text) <= most:
        raise argparse.ArgumentTypeError(f"{text} is no {what}")
    return float(text)


def _percent(text: str) -> float:
    return _number(text, 0, 100, "comprehension in percent, 0 to 100")


def _rating(text: str) -> float:
    return _number(text, 1, 5, "rating from 1 to 5")


def _minutes(text: str) -> float:
    return _number(text, 0, sys.float_info.max, "duration in minutes")


if __name__ == "__main__":
    logs.configure()
    sys.exit(main())
