"""Figures and dates in words that people read, in both languages."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, get_currency_symbol

from dashboards.definition import Format, Language

NOTHING = "–"
_UNITS = {
    "en": {"day": "d", "hour": "h", "minute": "min", "second": "s"},
    "id": {"day": "hari", "hour": "jam", "minute": "mnt", "second": "dtk"},
}
_SIZES = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))

# An amount of this size or more is read without its cents.
ROUND_FROM = 1_000

Value = float | int | Decimal | date | str | None


def formatted(value: Value, format_: Format, language: Language, currency: str = "IDR") -> str:
    """A value of a card as text; a dash for None. `currency` is the shop's, for amounts."""
    if value is None:
        return NOTHING
    if isinstance(value, date):
        return format_date(value, "LLLL y", locale=language)
    if isinstance(value, str):
        return value
    if format_ == "money":
        return money(value, currency, language)
    if format_ == "percent":
        return f"{format_decimal(value, '#,##0.0', locale=language)}%"
    if format_ == "duration":
        return duration(float(value), language)
    return count(value, language)


def count(value: float | Decimal, language: Language) -> str:
    return str(format_decimal(value, "#,##0", locale=language))


def money(value: float | Decimal, currency: str, language: Language) -> str:
    """An amount with its currency, without cents where they would only be noise."""
    size = abs(Decimal(value))
    pattern = "#,##0" if size >= ROUND_FROM or size == int(size) else "#,##0.00"
    symbol = get_currency_symbol(currency, language)
    if symbol == currency:  # English has no sign for the rupiah, and its readers in the shop use the shop's
        symbol = get_currency_symbol(currency, "id")
    return f"{'-' if value < 0 else ''}{symbol}{format_decimal(size, pattern, locale=language)}"


def duration(seconds: float, language: Language) -> str:
    """Seconds as their two largest units: `3 min 20 s`, `2 d 5 h`."""
    units = _UNITS[language]
    whole = round(seconds)
    for (name, size), (next_name, next_size) in pairwise(_SIZES):
        if whole >= size:
            rest = whole % size // next_size
            first = f"{whole // size} {units[name]}"
            return f"{first} {rest} {units[next_name]}" if rest else first
    return f"{whole} {units['second']}"


def change(now: float, before: float, format_: Format, language: Language) -> str | None:
    """How a figure moved: in points for percentages, else relative. None if it stayed, or `before` gives no base."""
    if format_ == "percent":
        points = round(now - before, 1)
        unit = {"en": "pts", "id": "poin"}[language]
        return f"{format_decimal(abs(points), '0.0', locale=language)} {unit}" if points else None
    if not before:
        return None
    share = round(100 * (now - before) / before)
    return f"{format_decimal(abs(share), '#,##0', locale=language)}%" if share else None


def day(value: date, language: Language) -> str:
    return str(format_date(value, "d MMM y", locale=language))


def day_range(first: date, last: date, language: Language) -> str:
    """`1–30 Nov 2026`, with no more said twice than needed."""
    if first == last:
        return day(first, language)
    pattern = "d MMM y" if first.year != last.year else "d MMM" if first.month != last.month else "d"
    return f"{format_date(first, pattern, locale=language)} – {day(last, language)}"


def moment(value: datetime, language: Language) -> str:
    """A time with the name of its zone."""
    return f"{format_datetime(value, 'd MMM y, HH:mm', tzinfo=value.tzinfo, locale=language)} {value.tzname()}"
