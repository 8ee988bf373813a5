"""Figures and their rows as CSV for spreadsheets, with the values of the query."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from dashboards.filters import Filters
from dashboards.views import Chart, Grid, Number, Shown

# Without it, Excel assumes a local encoding instead of UTF-8.
BYTE_ORDER_MARK = "\ufeff"
# Characters with which a formula begins in a spreadsheet.
_FORMULA = re.compile(r"[=+\-@\t\r\n]")
_ODD = re.compile(r"[^A-Za-z0-9_.-]+")


def figures(view: Shown) -> tuple[list[str], list[list[Any]]]:
    """The header and the rows of a card: percentages 0 to 100, durations in seconds, amounts in the shop's currency."""
    if isinstance(view, Number):
        header = ["value", "numerator", "denominator", "before", "is_final"]
        return header, [[view.value, view.numerator, view.denominator, view.before, view.is_final]]
    if isinstance(view, Grid):
        return list(view.card.columns), view.values
    if view.card.is_over_time:
        return _over_time(view)
    header = ["label", "x", "y", "series"] if view.card.chart == "scatter" else ["series", "value"]
    return header, [[point[name] for name in header] for point in view.points]


def _over_time(view: Chart) -> tuple[list[str], list[list[Any]]]:
    usual = {(mark["day"], mark["key"]): mark["usual"] for mark in view.marks}
    header = ["day", "series", "value", "is_final", "unusual"]
    rows = [
        [point["day"], point["series"], point["value"], not point["open"], usual.get((point["day"], point["key"]))]
        for point in view.points
    ]
    return header, rows


def write(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A CSV file as text. An apostrophe is put before texts that a spreadsheet would run as a formula."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return BYTE_ORDER_MARK + written.getvalue()


def name(of: str, chosen: Filters) -> str:
    """The name of a file without extension: its subject and the chosen filters."""
    days = (day.isoformat() for day in chosen.period)
    parts = ["kabar", of, chosen.store, *days, *chosen.narrowing.values()]
    return "-".join(_ODD.sub("_", part) for part in parts)


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value
