"""Times as people read them: in the shop's zone and the reader's language."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.numbers import format_decimal

from warehouse.i18n import Language


def brief(at: datetime, timezone: str, language: Language) -> str:
    """The time if it is today's, else the day: for lists."""
    local, today = at.astimezone(zone(timezone)), datetime.now(zone(timezone)).date()
    if local.date() == today:
        return str(format_time(local, "HH:mm", locale=language))
    if 0 < (today - local.date()).days < 7:
        return str(format_date(local, "EEE", locale=language))
    return str(format_date(local, "d MMM" if local.year == today.year else "d MMM y", locale=language))


def clock(at: datetime, timezone: str, language: Language) -> str:
    return str(format_time(at.astimezone(zone(timezone)), "HH:mm", locale=language))


def seconds(value: float, language: Language) -> str:
    """A short span, at least a tenth of a second."""
    return str(format_decimal(max(value, 0.1), "0.0", locale=language))


def day(at: datetime, timezone: str, language: Language) -> str:
    """The day with its weekday: what stands between the messages of two days."""
    return str(format_date(local_day(at, timezone), "EEEE, d MMMM y", locale=language))


def date_of(at: datetime, timezone: str, language: Language) -> str:
    return str(format_date(at.astimezone(zone(timezone)), "d MMMM y", locale=language))


def local_day(at: datetime, timezone: str) -> date:
    return at.astimezone(zone(timezone)).date()


def moment(at: datetime, timezone: str, language: Language) -> str:
    """Day and time, with the zone's name."""
    local = at.astimezone(zone(timezone))
    return f"{format_datetime(local, 'd MMM y, HH:mm', tzinfo=local.tzinfo, locale=language)} {local.tzname()}"


def since(at: datetime, language: Language) -> str:
    """How long ago: `5 minutes`."""
    return str(format_timedelta(datetime.now(UTC) - at, locale=language, threshold=1.2))


@cache
def zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
