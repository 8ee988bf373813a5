"""Cells as whole numbers, times and clean text.

Each function takes a column of text and returns the values and a mask of the cells that are none. An empty cell is no
value.
"""

from __future__ import annotations

import re
import warnings
from datetime import UTC, datetime
from functools import lru_cache

import pandas as pd
from dateutil import parser  # type: ignore[import-untyped]

from warehouse import zones

_STARS = re.compile(r"[★⭐🌟]")
_NUMBER = re.compile(
    r"^(\d{1,4})(?:[.,]0+)?(?: ?(?:/|of|out of|dari) ?(\d{1,4})(?:[.,]0+)?)?(?: ?(?:stars?|bintang))?$"
)
_ISO = re.compile(r"^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?: ?(?:Z|[+-]\d{2}:?\d{2}))?)?$")
_EPOCH = re.compile(r"^\d{10}(?:\d{3})?$")
_DAY_AND_MONTH = re.compile(r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})\b")
_YEAR = re.compile(r"\d{4}|\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2}\b")
_YEAR_FIRST = re.compile(r"^\d{4}\D")
# An Indonesian time of day: 10.30
_POINTS = re.compile(r" (\d{1,2})\.(\d{2})(?!\d)")
_EARLIEST = 1990
_OFFSETS = {"WIB": 7 * 3600, "WITA": 8 * 3600, "WIT": 9 * 3600, "UTC": 0, "GMT": 0}
# Of what Postgres and pages cannot hold or show; line ends and tabs stay.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]")


class _Words(parser.parserinfo):  # type: ignore[misc]
    """Months and week days in Indonesian and English."""

    MONTHS = [
        ("Jan", "January", "Januari"),
        ("Feb", "February", "Februari"),
        ("Mar", "March", "Maret"),
        ("Apr", "April"),
        ("May", "Mei"),
        ("Jun", "June", "Juni"),
        ("Jul", "July", "Juli"),
        ("Aug", "August", "Agustus", "Agu", "Ags", "Agt"),
        ("Sep", "Sept", "September"),
        ("Oct", "October", "Oktober", "Okt"),
        ("Nov", "November", "Nop"),
        ("Dec", "December", "Desember", "Des"),
    ]
    WEEKDAYS = [
        ("Mon", "Monday", "Senin", "Sen"),
        ("Tue", "Tuesday", "Selasa", "Sel"),
        ("Wed", "Wednesday", "Rabu", "Rab"),
        ("Thu", "Thursday", "Kamis", "Kam"),
        ("Fri", "Friday", "Jumat", "Jum'at", "Jum"),
        ("Sat", "Saturday", "Sabtu", "Sab"),
        ("Sun", "Sunday", "Minggu", "Ahad", "Min"),
    ]
    JUMP = [*parser.parserinfo.JUMP, "pukul", "pada", "jam", "tanggal"]


_WORDS = _Words()


def whole_numbers(cells: pd.Series, least: int, most: int) -> tuple[pd.Series, pd.Series]:
    """Numbers from `least` to `most`, also written as 4.0, 4/5, "4 stars" or ★★★★. A number out of another maximum than
    `most` is none."""
    known = {cell: _whole(cell, least, most) for cell in cells.unique()}
    numbers = cells.map(known).astype("Int64")
    return numbers, numbers.isna()


def _whole(cell: str, least: int, most: int) -> int | None:
    text = cell.replace("\ufe0f", "").strip().lower()
    if stars := len(_STARS.findall(text)):
        # What is not filled, such as ☆, is not counted.
        rest = _STARS.sub("", text).replace("☆", "").strip()
        return stars if not rest and least <= stars <= most else None
    found = _NUMBER.match(text)
    if not found or (found[2] and int(found[2]) != most):
        return None
    return int(found[1]) if least <= int(found[1]) <= most else None


def times(cells: pd.Series, zone: str, is_day_first: bool = True) -> tuple[pd.Series, pd.Series]:
    """Times in UTC; those without an offset are in `zone`. ISO 8601, seconds or milliseconds since 1970, and dates with
    months as words or numbers, of which `is_day_first` says the order."""
    known = {cell: _time(cell, zone, is_day_first) for cell in cells.unique()}
    values = pd.Series([known[cell] for cell in cells], index=cells.index, dtype=object)
    return values, values.isna()


@lru_cache(maxsize=100_000)
def _time(cell: str, zone: str, is_day_first: bool) -> datetime | None:
    text = cell.strip()
    try:
        time = _parsed(text, is_day_first)
        if time is None:
            return None
        if time.tzinfo is None:
            time = time.replace(tzinfo=zones.zone(zone))
        time = time.astimezone(UTC)
    except (ValueError, OverflowError, parser.ParserError, parser.UnknownTimezoneWarning):
        return None
    return time if time.year >= _EARLIEST else None


def _parsed(text: str, is_day_first: bool) -> datetime | None:
    if _ISO.match(text):
        return datetime.fromisoformat(text.replace(" +", "+").replace(" Z", "Z").replace(",", "."))
    if _EPOCH.match(text):
        return datetime.fromtimestamp(int(text) / (1000 if len(text) == 13 else 1), UTC)
    # dateutil completes what is missing from its default, so that a year is asked for.
    if len(text) > 60 or not _YEAR.search(text):
        return None
    parts = _DAY_AND_MONTH.match(text)
    if parts and int(parts[2 if is_day_first else 1]) > 12:
        # dateutil would swap day and month.
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("error", parser.UnknownTimezoneWarning)
        time: datetime = parser.parse(
            _POINTS.sub(r" \1:\2", text),
            parserinfo=_WORDS,
            dayfirst=is_day_first and not _YEAR_FIRST.match(text),
            tzinfos=_OFFSETS,
            default=datetime.min,  # noqa: DTZ901 - naive like what it completes
        )
    return time


def day_comes_first(cells: pd.Series) -> bool:
    """Whether dates such as 01/02/2025 begin with the day: unless more of them can only begin with the month."""
    found = cells.str.extract(_DAY_AND_MONTH)[[0, 1]].dropna().astype(int)
    return int((found[1] > 12).sum()) <= int((found[0] > 12).sum())


def is_value(cell: str) -> bool:
    """Whether a cell is a number or a date rather than a name."""
    text = cell.strip()
    return bool(re.match(r"^[\d.,]+$", text) or _whole(text, 0, 5) is not None or _time(text, "UTC", True))


def clean_text(cells: pd.Series) -> pd.Series:
    """Without control characters (NUL among them) and space around; line ends are \\n."""
    return cells.map(clean)


def clean(cell: str) -> str:
    """One text, as `clean_text` cleans it; half a surrogate pair becomes a question mark."""
    cell = cell.encode("utf-8", "replace").decode("utf-8")
    return _CONTROLS.sub("", cell.replace("\r\n", "\n").replace("\r", "\n")).strip()
