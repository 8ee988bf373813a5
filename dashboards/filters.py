"""What a reader chose in a dashboard's address: read strictly, with defaults from what data there are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dashboards.reader import Extent

DEFAULT_DAYS = 30
LONGEST_DAYS = 366
ALL_CHANNELS = "all"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class InvalidFilter(ValueError):
    """A filter has a value that it cannot have. `name` is the filter's, `reason` a key of `words.REASONS`."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


@dataclass(frozen=True)
class Filters:
    """The period (both days belong to it), the store and the channel that every card of a page is about."""

    first: date
    last: date
    store: str
    channel: str = ALL_CHANNELS

    @property
    def period(self) -> tuple[date, date]:
        return self.first, self.last

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Filters:
        """The same for the period of equal length that ends where this one begins."""
        return replace(self, first=self.first - timedelta(self.days), last=self.first - timedelta(1))

    def parameters(self) -> dict[str, date | str]:
        """The values of the placeholders in the cards' SQL."""
        return {"from_day": self.first, "to_day": self.last, "store": self.store, "channel": self.channel}


def parse(given: Mapping[str, str], extents: Mapping[str, Extent], default_store: str) -> Filters:
    """The filters of an address. What is absent or empty gets its default: the default store (else the first one), all
    channels, the last 30 days that have data. Raises InvalidFilter. `extents` has at least one store."""
    store = given.get("store") or (default_store if default_store in extents else min(extents))
    if store not in extents:
        raise InvalidFilter("store", "unknown")
    channel = given.get("channel") or ALL_CHANNELS
    if channel != ALL_CHANNELS and not any(channel in extent.channels for extent in extents.values()):
        raise InvalidFilter("channel", "unknown")
    last = _day(given, "to")
    first = _day(given, "from")
    last = last or max(extents[store].last_day, first or extents[store].last_day)
    first = first or last - timedelta(DEFAULT_DAYS - 1)
    if first > last:
        raise InvalidFilter("from", "after_to")
    if (last - first).days >= LONGEST_DAYS:
        raise InvalidFilter("from", "too_long")
    return Filters(first, last, store, channel)


def _day(given: Mapping[str, str], name: str) -> date | None:
    text = given.get(name)
    if not text:
        return None
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or not 2000 <= day.year <= 2100:
        raise InvalidFilter(name, "not_a_day")
    return day
