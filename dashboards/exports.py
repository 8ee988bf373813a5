"""Figures and their rows as files for spreadsheets, with the values of the query: CSV for programs and for Excel in the
reader's language, XLSX for people."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel.numbers import get_decimal_symbol
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from dashboards.fact_words import COLUMNS
from dashboards.filters import Filters
from dashboards.views import Chart, Grid, Number, Shown
from warehouse.i18n import N_, Language

# Without it, Excel assumes a local encoding instead of UTF-8.
BYTE_ORDER_MARK = "\ufeff"
# Enough for every unit; the query's shares have up to 28.
_MOST_DECIMALS = 6
_TITLES = {
    "value": N_("Value"),
    "numerator": N_("Numerator"),
    "denominator": N_("Denominator"),
    "before": N_("Previous period"),
    "is_final": N_("Final"),
    "day": N_("Day"),
    "series": N_("Series"),
    "unusual": N_("Unusual"),
    "label": N_("Name"),
    "x": N_("Horizontal axis"),
    "y": N_("Vertical axis"),
}
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
        [
            date.fromisoformat(point["day"]),
            point["series"],
            point["value"],
            not point["open"],
            usual.get((point["day"], point["key"])),
        ]
        for point in view.points
    ]
    return header, rows


def titles(view: Shown, header: Sequence[str], language: Language) -> list[str]:
    """The titles of a card's columns in the reader's language."""
    named = view.card.columns if isinstance(view, Grid) else {}
    return [(named[each].title if each in named else _TITLES[each]).to(language) for each in header]


def fact_titles(header: Sequence[str], language: Language) -> list[str]:
    """The titles of the columns of rows behind a figure."""
    return [COLUMNS[each].to(language) for each in header]


def write(header: Sequence[str], rows: Iterable[Sequence[Any]], language: Language) -> str:
    """A CSV file as text. Where decimals have a comma, as in Indonesian, fields are separated by semicolons, as
    Excel expects. An apostrophe is put before texts that a spreadsheet would run as a formula."""
    decimal = get_decimal_symbol(language)
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";" if decimal == "," else ",", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_text(value, decimal) for value in row] for row in rows)
    return BYTE_ORDER_MARK + written.getvalue()


def workbook(header: Sequence[str], rows: Iterable[Sequence[Any]], timezone: ZoneInfo) -> bytes:
    """An XLSX file with one sheet. Times are the shop's, since Excel has no time zones; no text is a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Kabar")
    sheet.freeze_panes = "A2"
    sheet.append([_title(sheet, text) for text in header])
    for row in rows:
        sheet.append([_excel_cell(sheet, value, timezone) for value in row])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def name(of: str, chosen: Filters) -> str:
    """The name of a file without extension: its subject and the chosen filters."""
    days = (day.isoformat() for day in chosen.period)
    parts = ["kabar", of, chosen.store, *days, *chosen.narrowing.values()]
    return "-".join(_ODD.sub("_", part) for part in parts)


def _text(value: Any, decimal: str) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | Decimal):
        return _plain(value).replace(".", decimal)
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def _plain(value: float | Decimal) -> str:
    """Without zeros at the end or an exponent."""
    text = f"{value:.{_MOST_DECIMALS}f}"
    return text.rstrip("0").rstrip(".")


def _title(sheet: Any, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True)
    return cell


def _excel_cell(sheet: Any, value: Any, timezone: ZoneInfo) -> WriteOnlyCell:
    if isinstance(value, datetime) and value.tzinfo:
        value = value.astimezone(timezone).replace(tzinfo=None)
    elif isinstance(value, float | Decimal):
        value = round(value, _MOST_DECIMALS)
    elif isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value)
    elif value is not None and not isinstance(value, str | bool | int | Decimal | date):
        value = str(value)
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type = "s"  # also for a text that begins with "="
    return cell
