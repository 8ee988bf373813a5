"""Satisfaction prediction from the command line.

python -m ml.satisfaction explain 65 4 6                # comprehension %, rating, minutes: the paper's model
python -m ml.satisfaction explain EPISODE_OR_CUSTOMER   # by the model in use
python -m ml.satisfaction predict                       # ended episodes that are new or changed
python -m ml.satisfaction retrain                       # learn from all rated episodes, and compare
python -m ml.satisfaction report                        # cross-validated, beside other models
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from ml.satisfaction.episodes import NoMarts
from ml.satisfaction.predictions import explain, explain_values, predict, retrain
from warehouse import logs
from warehouse.settings import get_settings


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except (NoMarts, LookupError, argparse.ArgumentTypeError) as error:
        print(f"ml.satisfaction: {error.args[0]}", file=sys.stderr)
        return 2
    return 0


def _explain(options: argparse.Namespace) -> str:
    subjects = options.subjects
    if len(subjects) == 3 and all(map(_is_number, subjects)):
        return explain_values(_percent(subjects[0]), _rating(subjects[1]), _minutes(subjects[2]))
    if subjects:
        return "\n\n".join(map(explain, subjects))
    if options.comprehension is None or options.duration is None:
        raise LookupError("name an episode or a customer, or --comprehension and --duration")
    return explain_values(options.comprehension, options.rating, options.duration)


def _show_report(_: argparse.Namespace) -> None:
    # Imported here since only the report and retraining need scikit-learn.
    from ml.satisfaction import report

    report.show(get_settings())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ml.satisfaction", description=(__doc__ or "").partition("\n")[0])
    commands = parser.add_subparsers(required=True)
    explaining = commands.add_parser("explain", help="show a prediction and its neighbours")
    explaining.add_argument(
        "subjects",
        nargs="*",
        metavar="subject",
        help="an episode's id, a customer's key, or comprehension, rating and minutes",
    )
    explaining.add_argument("--comprehension", type=_percent, help="percent, 0 to 100")
    explaining.add_argument("--rating", type=_rating, help="1 to 5; leave out if there is none")
    explaining.add_argument("--duration", type=_minutes, help="minutes")
    explaining.set_defaults(run=lambda options: print(_explain(options)))
    commands.add_parser("predict", help="predict every ended episode").set_defaults(
        run=lambda _: print(f"{predict()} predictions changed")
    )
    commands.add_parser("retrain", help="learn from all rated episodes").set_defaults(
        run=lambda _: print(f"in use: {retrain()}")
    )
    commands.add_parser("report", help="how good the models are").set_defaults(run=_show_report)
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
