"""The times until which a conversation can be snoozed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from warehouse.zones import zone

MORNING = time(9)


def choices(timezone: str) -> list[tuple[str, str]]:
    """The times that are offered with their labels' keys: the hours from now on, and mornings of the shop."""
    now = datetime.now(UTC)
    today = now.astimezone(zone(timezone)).date()
    tomorrow, monday = today + timedelta(days=1), today + timedelta(days=7 - today.weekday())
    times = {
        "snooze_hour": now + timedelta(hours=1),
        "snooze_hours": now + timedelta(hours=3),
        "snooze_tomorrow": _morning(tomorrow, timezone),
        "snooze_monday": _morning(monday, timezone),
    }
    ordered = sorted(times.items(), key=lambda pair: pair[1])
    return [(key, at.isoformat(timespec="seconds")) for key, at in ordered]


def _morning(day: date, timezone: str) -> datetime:
    return datetime.combine(day, MORNING, zone(timezone))
