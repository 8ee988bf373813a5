"""Opening hours, and when the shop opens, as customers read them: in their language and the shop's zone."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from bot.conversation.types import Language
from bot.shop.profile import Opening, Shop
from warehouse import formats


def weekday_and_hour(at: datetime, zone: ZoneInfo, language: Language) -> str:
    """`Senin, 23 Nov pukul 08.00 WIB`, `Monday, 23 Nov at 08:00 WIB`."""
    local = formats.local(at, zone)
    weekday = formats.weekdays(language)[local.weekday()]
    between = "pukul" if language == "id" else "at"
    hour = f"{formats.hour(local.time(), language)} {formats.zone_name(local)}"
    return f"{weekday}, {formats.day(local, language, has_year=False)} {between} {hour}"


def opening_hours(shop: Shop, language: Language) -> str | None:
    """`Senin–Jumat 08.00–17.00, Sabtu 08.00–12.00 (WIB)`; days alike stand together. None for a shop without hours."""
    if not shop.openings:
        return None
    by_day = {weekday: _hours(shop.openings, weekday, language) for weekday in range(1, 8)}
    parts = []
    for hours, group in groupby(by_day.items(), key=lambda item: item[1]):
        if hours:
            parts.append(f"{_days([weekday for weekday, _ in group], language)} {hours}")
    return f"{', '.join(parts)} ({formats.zone_name(datetime.now(shop.zone))})"


def _hours(openings: tuple[Opening, ...], weekday: int, language: Language) -> str:
    found = sorted((opening.opens, opening.closes) for opening in openings if opening.weekday == weekday)
    between = " dan " if language == "id" else " and "
    return between.join(f"{formats.hour(opens, language)}–{formats.hour(closes, language)}" for opens, closes in found)


def _days(weekdays: list[int], language: Language) -> str:
    names = formats.weekdays(language)
    first, last = names[weekdays[0] - 1], names[weekdays[-1] - 1]
    return first if first == last else f"{first}–{last}"
