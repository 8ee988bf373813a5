"""The filters in a dashboard's URL: strictly validated, with defaults that depend on the available data."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from dashboards.definition import PASSING, Card, Dashboard, Filter, Language, Text
from dashboards.reader import Extent
from dashboards.words import ISSUES, MESSAGE_LANGUAGES, channel_name
from warehouse.i18n import N_

DEFAULT_DAYS = 30
LONGEST_DAYS = 366
ALL = "all"
_NAMED = {"issue": ISSUES, "message_language": MESSAGE_LANGUAGES}
_EVERYTHING = {
    "channel": N_("All channels"),
    "issue": N_("All issues"),
    "message_language": N_("All languages"),
}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class InvalidFilter(ValueError):
    """A filter has an invalid value. `name` is the filter's name, `reason` a key of `words.FILTER_FAULTS`."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


@dataclass(frozen=True)
class Filters:
    """The period (both days included), the store, and filters of messages. A conversation has the issues and languages
    of all messages of its customer."""

    first: date
    last: date
    store: str
    channel: str = ALL
    issue: str = ALL
    message_language: str = ALL

    @property
    def period(self) -> tuple[date, date]:
        return self.first, self.last

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Filters:
        """The same filters for the previous period of equal length."""
        return replace(self, first=self.first - timedelta(self.days), last=self.first - timedelta(1))

    def parameters(self) -> dict[str, date | str]:
        """The values of the parameters in the cards' SQL."""
        of_messages = {"channel": self.channel, "issue": self.issue, "message_language": self.message_language}
        return {"from_day": self.first, "to_day": self.last, "store": self.store, **of_messages}

    def on(self, dashboard: Dashboard) -> Filters:
        """Without filters that the dashboard does not have, so that nothing is filtered invisibly."""
        offered = {filter_.parameter for filter_ in dashboard.filters}
        missing: dict[str, Any] = dict.fromkeys(PASSING - offered, ALL)
        return replace(self, **missing)

    def untouched(self, card: Card) -> list[str]:
        """The chosen parameters that do not apply to a card."""
        values = self.parameters()
        return sorted(name for name in PASSING - card.parameters if values[name] != ALL)


def parse(given: Mapping[str, str], extents: Mapping[str, Extent], default_store: str) -> Filters:
    """The filters of a URL. Defaults are the default store (or else the first), the last 30 days that have data, and
    all channels, issues and languages. `extents` has at least one store.

    Raises InvalidFilter.
    """
    store = given.get("store") or (default_store if default_store in extents else min(extents))
    if store not in extents:
        raise InvalidFilter("store", "unknown")
    channels = {channel for extent in extents.values() for channel in extent.channels}
    channel = _chosen(given, "channel", channels)
    issue = _chosen(given, "issue", ISSUES)
    language = _chosen(given, "language", MESSAGE_LANGUAGES)
    last = _day(given, "to")
    first = _day(given, "from")
    last = last or max(extents[store].last_day, first or extents[store].last_day)
    first = first or last - timedelta(DEFAULT_DAYS - 1)
    if first > last:
        raise InvalidFilter("from", "after_to")
    if (last - first).days >= LONGEST_DAYS:
        raise InvalidFilter("from", "too_long")
    return Filters(first, last, store, channel, issue, language)


def offered(
    dashboard: Dashboard, chosen: Filters, channels: Iterable[str], language: Language
) -> list[tuple[Filter, str, list[tuple[str, str]]]]:
    """The filters besides period and store, each with its value and the possible values with titles. A chosen channel
    stays possible even if this store does not have it."""
    values = chosen.parameters()
    known = sorted({*channels, chosen.channel} - {ALL})
    passing = [filter_ for filter_ in dashboard.filters if filter_.parameter in PASSING]
    return [(one, str(values[one.parameter]), choices(one, known, language)) for one in passing]


def narrowed(dashboard: Dashboard, chosen: Filters, channels: Iterable[str], language: Language) -> dict[str, str]:
    """The titles of the chosen values by parameter, without filters whose value is "all"."""
    return {
        filter_.parameter: dict(titles)[value]
        for filter_, value, titles in offered(dashboard, chosen, channels, language)
        if value != ALL
    }


def choices(filter_: Filter, channels: Iterable[str], language: Language) -> list[tuple[str, str]]:
    """The values of a filter and their titles, "all" first."""
    titles = {ALL: _EVERYTHING[filter_.parameter], **parts(filter_, channels)}
    return [(value, title.to(language)) for value, title in titles.items()]


def parts(filter_: Filter, channels: Iterable[str]) -> Mapping[str, Text]:
    """The values of a filter and their titles, without "all"."""
    if filter_.parameter == "channel":
        return {channel: Text(channel_name(channel)) for channel in channels}
    return _NAMED[filter_.parameter]


def _chosen(given: Mapping[str, str], name: str, known: Container[str]) -> str:
    value = given.get(name) or ALL
    if value != ALL and value not in known:
        raise InvalidFilter(name, "unknown")
    return value


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
