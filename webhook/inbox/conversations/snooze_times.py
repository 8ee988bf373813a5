"""The times until which a conversation can be snoozed."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from warehouse.zones import zone

MORNING = time(9)
_HOURS = {"snooze_hour": timedelta(hours=1), "snooze_hours": timedelta(hours=3)}


def choices(timezone: str) -> list[str]:
    """The keys of what is offered, the earliest first: some hours from now, and mornings in the time zone."""
    times = {key: found for key in (*_HOURS, "snooze_tomorrow", "snooze_monday") if (found := at(key, timezone))}
    return sorted(times, key=times.__getitem__)


def at(key: str, timezone: str) -> datetime | None:
    """The time of a choice that is made now; None for an unknown one."""
    now = datetime.now(UTC)
    if key in _HOURS:
        return now + _HOURS[key]
    today = now.astimezone(zone(timezone)).date()
    days = {"snooze_tomorrow": 1, "snooze_monday": 7 - today.weekday()}
    if key not in days:
        return None
    return datetime.combine(today + timedelta(days[key]), MORNING, zone(timezone))
