"""The filters in a dashboard's URL: strictly validated, with defaults that depend on the available data."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from dashboards import periods
from dashboards.definition import DEFAULTS, READER_LANGUAGE, Card, Dashboard, Filter, Language, Text
from dashboards.reader import Extent
from dashboards.words import ISSUES, MESSAGE_LANGUAGES, channel_name
from warehouse.i18n import N_

DEFAULT_DAYS = 30
LONGEST_DAYS = 366
ALL = "all"
NEWEST = DEFAULTS["wave"]
PREVIOUS = "previous"
LAST_MONTH = "last_month"
COMPARISONS = {
    PREVIOUS: N_("Previous period"),
    LAST_MONTH: N_("Same days last month"),
    "last_year": N_("Same weeks last year"),
}
_PERIODS = {PREVIOUS: periods.previous, LAST_MONTH: periods.month_before, "last_year": periods.year_before}
_NAMED = {"issue": ISSUES, "message_language": MESSAGE_LANGUAGES}
UNCHOSEN = {
    "channel": N_("All channels"),
    "issue": N_("All issues"),
    "message_language": N_("All languages"),
    "wave": N_("Newest wave"),
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
    """The period (both days included), the store, filters of messages, and the survey wave. A conversation has the
    issues and languages of all messages of its customer. `newest_wave` is the store's, empty if it has none.
    `reader_language` is that of texts that are stored in both languages. `compare` is a key of `COMPARISONS`."""

    first: date
    last: date
    store: str
    channel: str = ALL
    issue: str = ALL
    message_language: str = ALL
    wave: str = NEWEST
    newest_wave: str = ""
    reader_language: Language = "en"
    compare: str = PREVIOUS

    @property
    def period(self) -> tuple[date, date]:
        return self.first, self.last

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Filters:
        """The same filters for the period that this one is compared with."""
        first, last = _PERIODS[self.compare](self.first, self.last)
        return replace(self, first=first, last=last)

    def complete(self, today: date) -> Filters | None:
        """The same filters without days from `today` on, which are not over; None if no day is left."""
        if self.last < today:
            return self
        return replace(self, last=today - timedelta(1)) if self.first < today else None

    @property
    def shown_wave(self) -> str:
        """The survey wave that the cards show; empty if there is none."""
        return self.newest_wave if self.wave == NEWEST else self.wave

    @property
    def narrowing(self) -> dict[str, str]:
        """The optional filters that are chosen, by parameter."""
        values = {"channel": self.channel, "issue": self.issue, "message_language": self.message_language}
        values["wave"] = self.wave
        return {name: value for name, value in values.items() if value != DEFAULTS[name]}

    def parameters(self) -> dict[str, date | str]:
        """The values of the parameters in the cards' SQL."""
        optional = {**DEFAULTS, **self.narrowing, "wave": self.shown_wave}
        days = {"from_day": self.first, "to_day": self.last}
        return {**days, "store": self.store, **optional, READER_LANGUAGE: self.reader_language}

    def on(self, dashboard: Dashboard) -> Filters:
        """Without filters that the dashboard does not have, so that nothing is filtered invisibly."""
        offered = {filter_.parameter for filter_ in dashboard.filters}
        missing: dict[str, Any] = {name: value for name, value in DEFAULTS.items() if name not in offered}
        return replace(self, **missing)

    def untouched(self, card: Card) -> list[str]:
        """The chosen parameters that do not apply to a card."""
        return sorted(self.narrowing.keys() - card.parameters)


def parse(given: Mapping[str, str], extents: Mapping[str, Extent], default_store: str) -> Filters:
    """The filters of a URL. Defaults are the default store (or else the first), the last 30 days that have data, all
    channels, issues and languages, the newest survey wave, and a comparison with the previous period. `extents` has at
    least one store.

    Raises InvalidFilter.
    """
    store = given.get("store") or (default_store if default_store in extents else min(extents))
    if store not in extents:
        raise InvalidFilter("store", "unknown")
    channels = {channel for extent in extents.values() for channel in extent.channels}
    channel = _chosen(given, "channel", channels)
    issue = _chosen(given, "issue", ISSUES)
    language = _chosen(given, "language", MESSAGE_LANGUAGES)
    wave = _chosen(given, "wave", {wave for extent in extents.values() for wave in extent.waves}, NEWEST)
    last = _day(given, "to")
    first = _day(given, "from")
    last = last or max(extents[store].last_day, first or extents[store].last_day)
    first = first or last - timedelta(DEFAULT_DAYS - 1)
    if first > last:
        raise InvalidFilter("from", "after_to")
    if (last - first).days >= LONGEST_DAYS:
        raise InvalidFilter("from", "too_long")
    newest_wave = next(iter(extents[store].waves), "")
    compare = _chosen(given, "compare", COMPARISONS, PREVIOUS)
    return Filters(first, last, store, channel, issue, language, wave, newest_wave, compare=compare)


def offered(
    dashboard: Dashboard, chosen: Filters, extent: Extent, language: Language
) -> list[tuple[Filter, str, list[tuple[str, str]]]]:
    """The filters besides period and store, each with its value and the possible values with titles. A chosen channel
    or wave stays possible even if this store does not have it."""
    values = {**DEFAULTS, **chosen.narrowing}
    found = {
        "channel": sorted({*extent.channels, chosen.channel} - {ALL}),
        "wave": [*extent.waves, *({chosen.wave} - {NEWEST, *extent.waves})],
    }
    optional = [filter_ for filter_ in dashboard.filters if filter_.parameter in DEFAULTS]
    return [(one, values[one.parameter], choices(one, found.get(one.parameter, []), language)) for one in optional]


def narrowed(dashboard: Dashboard, chosen: Filters, extent: Extent, language: Language) -> dict[str, str]:
    """The titles of the chosen values by parameter, without filters for which nothing is chosen."""
    return {
        filter_.parameter: dict(titles)[value]
        for filter_, value, titles in offered(dashboard, chosen, extent, language)
        if value != DEFAULTS[filter_.parameter]
    }


def choices(filter_: Filter, found: Iterable[str], language: Language) -> list[tuple[str, str]]:
    """The values of a filter and their titles, the default first. `found` are values that come from the data."""
    titles = {DEFAULTS[filter_.parameter]: UNCHOSEN[filter_.parameter], **parts(filter_, found)}
    return [(value, title.to(language)) for value, title in titles.items()]


def parts(filter_: Filter, found: Iterable[str]) -> Mapping[str, Text]:
    """The values of a filter and their titles, without the default."""
    if filter_.parameter == "channel":
        return {channel: Text(channel_name(channel)) for channel in found}
    if filter_.parameter == "wave":
        return {wave: Text(wave) for wave in found}
    return _NAMED[filter_.parameter]


def _chosen(given: Mapping[str, str], name: str, known: Container[str], default: str = ALL) -> str:
    value = given.get(name) or default
    if value != default and value not in known:
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
