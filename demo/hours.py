"""Opening hours of the demo shop: Monday to Saturday, 8 to 17 o'clock local time."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Jakarta")
WEEKDAYS = range(1, 7)
OPENS, CLOSES = time(8), time(17)


def is_open(at: datetime) -> bool:
    local = at.astimezone(ZONE)
    return local.isoweekday() in WEEKDAYS and OPENS <= local.time() < CLOSES


def next_opening(at: datetime) -> datetime:
    """The next opening after a time at which the shop is closed."""
    local = at.astimezone(ZONE)
    opening = datetime.combine(local.date(), OPENS, ZONE)
    while opening <= local or opening.isoweekday() not in WEEKDAYS:
        opening += timedelta(days=1)
    return opening
