"""Times, money and opening hours as customers read them, in their language and the shop's zone."""

from __future__ import annotations

from datetime import datetime, time, tzinfo
from decimal import Decimal
from itertools import groupby
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_day_names
from babel.numbers import UnknownCurrencyError, format_currency, validate_currency

from bot.conversation.types import Language
from bot.shop.profile import Opening, Shop

_LOCALES: dict[Language, str] = {"id": "id_ID", "en": "en_GB"}
_ZONES = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
# What English readers know a rupiah by; the library would write the code.
_SYMBOLS = {("IDR", "en"): "Rp"}


def day(at: datetime, zone: tzinfo, language: Language) -> str:
    """`22 Nov 2026`."""
    return format_date(at.astimezone(zone).date(), "d MMM y", locale=_LOCALES[language])


def weekday_and_hour(at: datetime, zone: ZoneInfo, language: Language) -> str:
    """`Senin, 23 Nov pukul 08.00 WIB`, `Monday, 23 Nov at 08:00 WIB`."""
    local = at.astimezone(zone)
    date = format_date(local.date(), "EEEE, d MMM", locale=_LOCALES[language])
    between = "pukul" if language == "id" else "at"
    return f"{date} {between} {_hour(local.time(), language)} {_zone_name(local, zone)}"


def money(amount: Decimal, currency: str, language: Language) -> str | None:
    """`Rp 150.000` and `Rp 150,000`; cents only where there are some. None for a currency that is none."""
    try:
        validate_currency(currency)
    except UnknownCurrencyError:
        return None
    is_whole = amount == amount.to_integral_value()
    written = format_currency(
        amount,
        currency,
        format="¤ #,##0" if is_whole else "¤ #,##0.00",
        locale=_LOCALES[language],
        currency_digits=False,
    )
    symbol = _SYMBOLS.get((currency, language))
    return (written.replace(currency, symbol) if symbol else written).replace("\xa0", " ")


def opening_hours(shop: Shop, language: Language) -> str | None:
    """`Senin–Jumat 08.00–17.00, Sabtu 08.00–12.00 (WIB)`; days alike stand together. None for a shop without hours."""
    if not shop.openings:
        return None
    by_day = {weekday: _hours(shop.openings, weekday, language) for weekday in range(1, 8)}
    parts = []
    for hours, group in groupby(by_day.items(), key=lambda item: item[1]):
        if hours:
            parts.append(f"{_days([weekday for weekday, _ in group], language)} {hours}")
    return f"{', '.join(parts)} ({_zone_name(datetime.now(shop.zone), shop.zone)})"


def _hours(openings: tuple[Opening, ...], weekday: int, language: Language) -> str:
    found = sorted((opening.opens, opening.closes) for opening in openings if opening.weekday == weekday)
    between = " dan " if language == "id" else " and "
    return between.join(f"{_hour(opens, language)}–{_hour(closes, language)}" for opens, closes in found)


def _days(weekdays: list[int], language: Language) -> str:
    names = get_day_names("wide", locale=_LOCALES[language])
    first, last = names[weekdays[0] - 1], names[weekdays[-1] - 1]
    return first if first == last else f"{first}–{last}"


def _hour(hour: time, language: Language) -> str:
    return hour.strftime("%H.%M" if language == "id" else "%H:%M")


def _zone_name(local: datetime, zone: ZoneInfo) -> str:
    return _ZONES.get(zone.key) or f"UTC{local.strftime('%z')[:3]}:{local.strftime('%z')[3:]}"
