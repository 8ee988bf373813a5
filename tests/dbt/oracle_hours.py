"""The reference reading of days, months and opening hours in a shop's own time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.dbt.history import Shop
from warehouse import zones

DEFAULT_TIMEZONE = "Asia/Jakarta"
DAY = timedelta(days=1)


def zone(shop: Shop) -> ZoneInfo:
    return zones.zone(shop.timezone or DEFAULT_TIMEZONE)


def local_day(at: datetime, shop: Shop) -> date:
    return at.astimezone(zone(shop)).date()


def period(at: datetime, shop: Shop, grain: str) -> date:
    """The day, or the first day of the month, in which a moment lies."""
    day = local_day(at, shop)
    return day if grain == "day" else day.replace(day=1)


def period_end(start: date, shop: Shop, grain: str) -> datetime:
    after = start + DAY if grain == "day" else (start.replace(day=1) + timedelta(days=32)).replace(day=1)
    return instant(after, 0, shop)


def instant(day: date, minutes: int, shop: Shop) -> datetime:
    """The moment at which the shop's clock shows so many minutes after midnight."""
    local = datetime.combine(day, time(), zone(shop)) + timedelta(minutes=minutes)
    return local.astimezone(UTC)


def minutes(clock: str) -> int:
    hours, rest = clock.split(":")
    return int(hours) * 60 + int(rest)


def business_seconds(begin: datetime, end: datetime, shop: Shop) -> float:
    """The part of a span inside the opening hours, in seconds; all of it if the shop has given none."""
    if not shop.hours:
        return (end - begin).total_seconds()
    spans = []
    day = local_day(begin, shop) - 2 * DAY
    while day <= local_day(end, shop):
        if day not in shop.holidays:
            for weekday, opens, closes in shop.hours:
                if weekday == day.isoweekday():
                    to = minutes(closes) if minutes(closes) > minutes(opens) else minutes(closes) + 24 * 60
                    spans.append((instant(day, minutes(opens), shop), instant(day, to, shop)))
        day += DAY
    total = timedelta()
    counted_to = begin
    for opens_at, closes_at in sorted(spans):
        inside_from = max(opens_at, counted_to)
        inside_to = min(closes_at, end)
        if inside_to > inside_from:
            total += inside_to - inside_from
            counted_to = inside_to
    return total.total_seconds()
