"""Opening hours, and when the team is back, in a customer's language and the shop's time zone."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from bot.conversation.replies import say
from bot.shop.profile import Opening, Shop
from warehouse import formats
from warehouse.i18n import Language


def back_at(at: datetime, now: datetime, zone: ZoneInfo, language: Language) -> str:
    """When the team is back: `hari ini pukul 08.00 WIB`, `tomorrow at 08:00 WIB`, `on Monday, 23 Nov at 08:00 WIB`."""
    local, today = formats.local(at, zone), formats.local(now, zone).date()
    hour = f"{formats.hour(local.time(), language)} {formats.zone_name(local)}"
    if local.date() == today:
        return say("team.today", language, hour=hour)
    if local.date() == today + timedelta(days=1):
        return say("team.tomorrow", language, hour=hour)
    date = f"{formats.weekdays(language)[local.weekday()]}, {formats.day(local, language, has_year=False)}"
    return say("team.later", language, date=date, hour=hour)


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
    return f"{', '.join(parts)} ({formats.zone_name(datetime.now(shop.zone))})"


def _hours(openings: tuple[Opening, ...], weekday: int, language: Language) -> str:
    found = sorted((opening.opens, opening.closes) for opening in openings if opening.weekday == weekday)
    spans = (f"{formats.hour(opens, language)}–{formats.hour(closes, language)}" for opens, closes in found)
    return say("time.joined_hours", language).join(spans)


def _days(weekdays: list[int], language: Language) -> str:
    names = formats.weekdays(language)
    first, last = names[weekdays[0] - 1], names[weekdays[-1] - 1]
    return first if first == last else f"{first}–{last}"
