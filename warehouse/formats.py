"""Dates, durations, numbers and amounts as people read them: the one place that formats them.

Babel knows how a language writes them; units of time are in the catalogues. A `zone` is a tzinfo or its name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache
from itertools import pairwise
from typing import Literal

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton, get_day_names
from babel.numbers import format_currency, format_decimal, get_currency_precision, get_currency_symbol

from warehouse import zones
from warehouse.i18n import N_, Language, translate

NOTHING = "–"
Format = Literal["count", "percent", "duration", "money", "decimal", "month", "months", "text"]
Value = float | int | Decimal | date | str | None

_UNITS = (
    (86_400, N_("{number} d")),
    (3_600, N_("{number} h")),
    (60, N_("{number} min")),
    (1, N_("{number} s")),
)
# For currencies without a standard, such as BTC: as many decimals as the amount has, up to this many.
_MOST_DIGITS = 8


@dataclass(frozen=True)
class Currency:
    """A shop's currency, and the number of decimals of its prices if known."""

    code: str
    decimals: int | None = None


@cache
def locale(language: Language) -> Locale:
    """Babel's locale. English is international: the day before the month, and 24 hours."""
    return Locale.parse("en_GB" if language == "en" else language)


def formatted(value: Value, format_: Format, language: Language, currency: str | Currency = "IDR") -> str:
    """A value in one of the formats of cards; a dash for None. Percentages are 0 to 100, durations seconds. `currency`
    is that of amounts, which are rounded where cents would only be noise."""
    if value is None:
        return NOTHING
    if isinstance(value, date):
        return month(value, language)
    if isinstance(value, str):
        return value
    return _number(value, format_, language, currency)


def _number(value: float | Decimal, format_: Format, language: Language, currency: str | Currency) -> str:
    if format_ == "money":
        # From 1,000 on cents are noise. Currencies with more decimals have larger units, so a higher limit.
        is_large = abs(value) >= 10 ** (_digits(value, currency) + 1)
        return money(round(value) if is_large else value, currency, language)
    if format_ == "percent":
        return f"{decimal(value, language)}%"
    if format_ == "duration":
        return duration(float(value), language)
    if format_ == "months":
        return translate(language, "{number} months", number=decimal(value, language))
    if format_ == "decimal":
        return decimal(value, language, places=2)
    return count(value, language)


def count(value: float | Decimal, language: Language) -> str:
    return str(format_decimal(value, "#,##0", locale=locale(language)))


def decimal(value: float | Decimal, language: Language, places: int = 1) -> str:
    """With so many decimal places."""
    return str(format_decimal(value, "#,##0." + places * "0", locale=locale(language)))


def change(now: float, before: float, format_: Format, language: Language) -> str | None:
    """How far a figure moved: in points for percentages, else relative. None if it stayed, or `before` is no base."""
    if format_ == "percent":
        points = round(now - before, 1)
        return translate(language, "{number} pts", number=decimal(abs(points), language)) if points else None
    share = round(100 * (now - before) / before) if before else 0
    return f"{count(abs(share), language)}%" if share else None


def money(amount: float | Decimal, currency: str | Currency | None, language: Language) -> str:
    """`Rp277,500`, `Rp277.500`: an amount with its currency, and with the currency's decimals unless they are zeros."""
    code = currency.code if isinstance(currency, Currency) else currency
    rounded = _rounded(amount, _digits(amount, currency))
    places = 0 if rounded == int(rounded) else max(0, -int(rounded.as_tuple().exponent))
    pattern = locale(language).currency_formats["standard"].pattern.replace(".00", "." + places * "0" if places else "")
    if not code:
        return str(format_decimal(rounded, pattern.replace("¤", "").strip(), locale=locale(language)))
    text = format_currency(rounded, code, pattern, locale=locale(language), currency_digits=False)
    # English has only a code for the rupiah, and its readers in Indonesia the sign.
    return str(text).replace(code, get_currency_symbol(code, "id"))


def _digits(amount: float | Decimal, currency: str | Currency | None) -> int:
    """How many decimals an amount has in a currency: the shop's, or those of the standard."""
    decimals = currency.decimals if isinstance(currency, Currency) else None
    code = currency.code if isinstance(currency, Currency) else currency
    if decimals is not None:
        return decimals
    if code and code not in locale("en").currencies:
        exact = _rounded(amount, _MOST_DIGITS).normalize()
        return max(2, -int(exact.as_tuple().exponent))
    return get_currency_precision(code) if code else 2


def _rounded(amount: float | Decimal, digits: int) -> Decimal:
    exact = amount if isinstance(amount, Decimal) else Decimal(repr(amount))
    return exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP, Context(prec=60))


def duration(seconds: float, language: Language, parts: int = 2) -> str:
    """Seconds in their largest units, as many as `parts`: `3 min 20 s`, `2 d 5 h`."""
    left = round(seconds)
    for (size, unit), (next_size, next_unit) in pairwise(_UNITS):
        if left >= size:
            first, rest = translate(language, unit, number=left // size), left % size // next_size
            return f"{first} {translate(language, next_unit, number=rest)}" if rest and parts > 1 else first
    return translate(language, _UNITS[-1][1], number=left)


def day(value: date, language: Language, *, has_year: bool = True) -> str:
    """`22 Nov 2026`, `22 Nov`."""
    return str(format_skeleton("yMMMd" if has_year else "MMMd", value, locale=locale(language)))


def day_range(first: date, last: date, language: Language) -> str:
    """`1–30 Nov 2026`, with nothing said twice."""
    return str(format_interval(first, last, "yMMMd", locale=locale(language))).replace("\u2009", " ")


def long_day(value: date, language: Language) -> str:
    """`Sunday, 22 November 2026`, without the zero that some languages put before `5`."""
    pattern = locale(language).date_formats["full"].pattern.replace("dd", "d")
    return str(format_date(value, pattern, locale=locale(language)))


def month(value: date, language: Language) -> str:
    return str(format_skeleton("yMMMM", value, locale=locale(language)))


def weekdays(language: Language) -> Sequence[str]:
    """The names of Monday to Sunday."""
    return [get_day_names("wide", locale=locale(language))[number] for number in range(7)]


def hour(value: time, language: Language) -> str:
    """`08:03`, `08.03`."""
    return str(format_skeleton("Hm", datetime.combine(date.min, value), locale=locale(language)))


def clock(at: datetime, zone: tzinfo | str, language: Language) -> str:
    """The time of day."""
    return hour(local(at, zone).time(), language)


def moment(at: datetime, zone: tzinfo | str, language: Language) -> str:
    """`22 Nov 2026, 08:03 WIB`."""
    shown = local(at, zone)
    return f"{day(shown, language)}, {hour(shown.time(), language)} {zone_name(shown)}"


def brief(at: datetime, zone: tzinfo | str, language: Language) -> str:
    """The time of day if it is today, the weekday within a week, else the day: for lists."""
    shown = local(at, zone)
    today = datetime.now(shown.tzinfo).date()
    if shown.date() == today:
        return hour(shown.time(), language)
    if 0 < (today - shown.date()).days < 7:
        return str(format_skeleton("E", shown, locale=locale(language)))
    return day(shown, language, has_year=shown.year != today.year)


def since(at: datetime, language: Language) -> str:
    """How long ago in one unit: `5 min`."""
    return duration((datetime.now(UTC) - at).total_seconds(), language, parts=1)


def local(at: datetime, zone: tzinfo | str) -> datetime:
    return at.astimezone(zones.zone(zone) if isinstance(zone, str) else zone)


def zone_name(at: datetime) -> str:
    """`WIB`; `UTC+04` where the zone has no name of its own."""
    name = at.tzname() or ""
    return f"UTC{name}" if name[:1] in ("+", "-") else name
