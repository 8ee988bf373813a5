"""Opening hours of a shop. Time outside them does not count as waiting."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from flask import Response
from werkzeug.datastructures import MultiDict

from webhook.accounts.access import requires
from webhook.i18n import gettext as _
from webhook.inbox import blueprint
from webhook.inbox.settings.forms import edit
from webhook.inbox.settings.pages import Row

WEEKDAYS = range(1, 8)
LEAST_SPANS, MOST_SPANS = 2, 4
_MINUTES_A_DAY = 1440
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_ALL_DAY = ("00:00", "00:00")


class Span(NamedTuple):
    """From `opens` to `closes`, as HH:MM; closing at or before opening is in the night that follows."""

    weekday: int
    place: int
    opens: str
    closes: str

    @property
    def minutes(self) -> tuple[int, int]:
        """Start and end, counted from Monday's midnight."""
        start, end = (_minutes(time) + (self.weekday - 1) * _MINUTES_A_DAY for time in (self.opens, self.closes))
        return start, end if end > start else end + _MINUTES_A_DAY


class Day(NamedTuple):
    """A weekday as its form shows it."""

    weekday: int
    is_all_day: bool
    times: list[tuple[str, str]]

    @property
    def spans(self) -> list[Span]:
        times = [_ALL_DAY] if self.is_all_day else self.times
        return [Span(self.weekday, place, opens[:5], closes[:5]) for place, (opens, closes) in enumerate(times)]

    @property
    def rows(self) -> list[tuple[str, str]]:
        """The times with an empty line for one more span."""
        wanted = min(MOST_SPANS, max(LEAST_SPANS, len(self.times) + 1))
        return [*self.times, *[("", "")] * (wanted - len(self.times))]


class HoursForm:
    """Seven days with up to four spans each. Not made by WTForms, whose fields do not depend on each other."""

    def __init__(self, sent: MultiDict[str, str] | None = None, data: dict[str, list[Row]] | None = None) -> None:
        rows = data["spans"] if data else []
        self.days = [_day(weekday, rows) if sent is None else _sent_day(weekday, sent) for weekday in WEEKDAYS]
        self.errors: dict[str, list[str]] = {}

    @property
    def has_any(self) -> bool:
        return any(day.is_all_day or day.times for day in self.days)

    @property
    def data(self) -> dict[str, list[Any]]:
        spans = [span for day in self.days for span in day.spans]
        return {
            "weekdays": [span.weekday for span in spans],
            "opens": [span.opens for span in spans],
            "closes": [span.closes for span in spans],
        }

    def validate(self) -> bool:
        """Refuses a time that is missing or malformed, else spans that overlap, also over midnight and into Monday."""
        spans = [span for day in self.days for span in day.spans]
        errors = dict(_faults(self.days)) or dict(_overlaps(spans))
        self.errors = {field: [message] for field, message in errors.items()}
        return not errors


@blueprint.route("/settings/hours", methods=["GET", "POST"])
@requires("admin")
def settings_hours() -> Response:
    return edit(
        "hours",
        HoursForm,
        lambda shop, data: shop.execute("hours_save", **data),
        read=lambda shop: {"spans": shop.rows("hours")},
    )


def _day(weekday: int, rows: Sequence[Row]) -> Day:
    times = [(row.opens, row.closes) for row in rows if row.weekday == weekday]
    return Day(weekday, times == [_ALL_DAY], [] if times == [_ALL_DAY] else times)


def _sent_day(weekday: int, sent: MultiDict[str, str]) -> Day:
    pairs = [
        (sent.get(f"opens-{weekday}-{place}", "").strip(), sent.get(f"closes-{weekday}-{place}", "").strip())
        for place in range(MOST_SPANS)
    ]
    return Day(weekday, f"all-day-{weekday}" in sent, [pair for pair in pairs if any(pair)])


def _faults(days: Sequence[Day]) -> Iterator[tuple[str, str]]:
    """Of each span the first field that is wrong, with its message."""
    for span in (span for day in days if not day.is_all_day for span in day.spans):
        field = f"{span.weekday}-{span.place}"
        if not _TIME.fullmatch(span.opens):
            yield f"opens-{field}", _("Enter a time from 00:00 to 23:59.")
        elif not _TIME.fullmatch(span.closes):
            yield f"closes-{field}", _("Enter a time from 00:00 to 23:59.")
        elif span.opens == span.closes:
            yield f"closes-{field}", _("Opening and closing time are the same. For the whole day choose 24 hours.")


def _overlaps(spans: Sequence[Span]) -> Iterator[tuple[str, str]]:
    ordered = sorted(spans, key=lambda span: span.minutes)
    # The week is a circle: Sunday's night is before Monday's morning, a week later.
    following = [(span, span.minutes[0]) for span in ordered[1:]]
    following += [(span, span.minutes[0] + 7 * _MINUTES_A_DAY) for span in ordered[:1]] if len(ordered) > 1 else []
    for before, (after, starts) in zip(ordered, following, strict=False):
        if before.minutes[1] > starts:
            yield f"opens-{after.weekday}-{after.place}", _("Starts before the previous period ends.")


def _minutes(time: str) -> int:
    hours, _, minutes = time.partition(":")
    return int(hours) * 60 + int(minutes)
