"""Times, money and opening hours in a customer's language and the shop's time zone."""

from __future__ import annotations

from datetime import datetime, time, timedelta, tzinfo
from decimal import Decimal
from itertools import groupby
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_day_names
from babel.numbers import UnknownCurrencyError, format_currency, validate_currency

from bot.conversation.replies import say
from bot.shop.profile import Opening, Shop
from warehouse.i18n import Language

_ZONES = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
# Babel would write `IDR` in English.
_SYMBOLS = {("IDR", "en"): "Rp"}


def day(at: datetime, zone: tzinfo, language: Language) -> str:
    """`22 Nov 2026`."""
    return format_date(at.astimezone(zone).date(), "d MMM y", locale=_locale(language))


def back_at(at: datetime, now: datetime, zone: ZoneInfo, language: Language) -> str:
    """When the team is back: `hari ini pukul 08.00 WIB`, `tomorrow at 08:00 WIB`, `on Monday, 23 Nov at 08:00 WIB`."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    hour = f"{_hour(local.time(), language)} {_zone_name(local, zone)}"
    if local.date() == today:
        return say("team.today", language, hour=hour)
    if local.date() == today + timedelta(days=1):
        return say("team.tomorrow", language, hour=hour)
    return say(
        "team.later", language, date=format_date(local.date(), "EEEE, d MMM", locale=_locale(language)), hour=hour
    )


def money(amount: Decimal, currency: str, language: Language) -> str | None:
    """`Rp 150.000` and `Rp 150,000`; with cents only if there are any. None for an unknown currency."""
    try:
        validate_currency(currency)
    except UnknownCurrencyError:
        return None
    is_whole = amount == amount.to_integral_value()
    written = format_currency(
        amount,
        currency,
        format="¤ #,##0" if is_whole else "¤ #,##0.00",
        locale=_locale(language),
        currency_digits=False,
    )
    symbol = _SYMBOLS.get((currency, language))
    return (written.replace(currency, symbol) if symbol else written).replace("\xa0", " ")


def opening_hours(shop: Shop, language: Language) -> str | None:
    """`Senin–Jumat 08.00–17.00, Sabtu 08.00–12.00 (WIB)`; consecutive days with the same hours are joined. None without
    opening hours."""
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
    return say("format.joined_hours", language).join(
        f"{_hour(opens, language)}–{_hour(closes, language)}" for opens, closes in found
    )


def _days(weekdays: list[int], language: Language) -> str:
    names = get_day_names("wide", locale=_locale(language))
    first, last = names[weekdays[0] - 1], names[weekdays[-1] - 1]
    return first if first == last else f"{first}–{last}"


def _hour(hour: time, language: Language) -> str:
    return hour.strftime(say("format.hour", language))


def _locale(language: Language) -> str:
    return say("format.locale", language)


def _zone_name(local: datetime, zone: ZoneInfo) -> str:
    return _ZONES.get(zone.key) or f"UTC{local.strftime('%z')[:3]}:{local.strftime('%z')[3:]}"
