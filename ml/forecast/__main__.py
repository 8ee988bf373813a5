"""Forecasts from the command line.

python -m ml.forecast                   # forecast net sales and messages of every shop
python -m ml.forecast report [--store]  # how good the forecasts are, without writing any
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from ml.forecast import series
from ml.forecast.forecast import forecast
from ml.forecast.rolling import Evaluation, evaluated
from ml.forecast.series import Series
from ml.marts import NoMarts
from warehouse import logs
from warehouse.i18n import terminal_gettext as _
from warehouse.settings import get_settings


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m ml.forecast", description=_("Forecast net sales and messages."))
    parser.add_argument("command", nargs="?", choices=("forecast", "report"), default="forecast")
    parser.add_argument("--store", help=_("only this shop, in the report"))
    given = parser.parse_args(arguments)
    try:
        if given.command == "report":
            _report(given.store)
        else:
            print(_("Forecasts shown: {count}", count=forecast()))
    except NoMarts as error:
        print(f"ml.forecast: {error.args[0]}", file=sys.stderr)
        return 2
    return 0


def _report(store: str | None) -> None:
    for each in series.read(get_settings(), store):
        print(_line(each, evaluated(each.weeks)))


def _line(of: Series, evaluation: Evaluation) -> str:
    line = f"{of.store_id} {of.metric}: {evaluation.reason}, {evaluation.weeks} weeks"
    if evaluation.error is None:
        return line
    return (
        f"{line}, {evaluation.origins} origins, best method {evaluation.method},"
        f" error {evaluation.error:.2f}, of repetition {evaluation.naive_error:.2f},"
        f" inside 80 %: {evaluation.coverage_80:.2f}, inside 95 %: {evaluation.coverage_95:.2f}"
    )


if __name__ == "__main__":
    logs.configure()
    sys.exit(main())
