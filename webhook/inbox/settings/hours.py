"""Opening hours and holidays of a shop: what counts as waiting."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from flask import Response, request

from warehouse.i18n import N_
from webhook.accounts.access import requires
from webhook.inbox import blueprint
from webhook.inbox.settings.pages import Desk, Errors, Row, desk, fingerprint, go_to, page, save, typed, wrong
from webhook.services import services

WEEKDAYS = range(1, 8)
LEAST_SPANS, MOST_SPANS = 2, 4
MOST_DAYS = 60
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
        """From Monday's midnight."""
        start, end = _minutes(self.opens), _minutes(self.closes)
        start += (self.weekday - 1) * _MINUTES_A_DAY
        end += (self.weekday - 1) * _MINUTES_A_DAY
        return start, end if end > start else end + _MINUTES_A_DAY


class Day(NamedTuple):
    """A weekday as its form shows it."""

    weekday: int
    is_all_day: bool
    spans: list[tuple[str, str]]


@blueprint.get("/settings/hours")
@requires("admin")
def settings_hours() -> Response:
    with desk() as at:
        rows = _read_hours(at)
    return _hours([_day(weekday, rows) for weekday in WEEKDAYS], fingerprint(rows))


@blueprint.post("/settings/hours")
@requires("admin")
def save_hours() -> Response:
    days = [_typed_day(weekday) for weekday in WEEKDAYS]
    errors = _errors(days)
    if errors:
        return _hours(days, request.form.get("seen"), 422, errors=errors)
    spans = [span for day in days for span in _spans(day)]
    if there := save("hours", _read_hours, lambda at: _write_hours(at, spans)):
        return _hours(days, there, 409, is_changed=True)
    return go_to("settings_hours", saved=1)


@blueprint.get("/settings/holidays")
@requires("admin")
def settings_holidays() -> Response:
    return _holidays()


@blueprint.post("/settings/holidays")
@requires("admin")
def add_holidays() -> Response:
    given = {"first": typed("first"), "last": typed("last")}
    first, last, errors = _period(**given)
    if errors or first is None or last is None:
        return _holidays(422, given=given, errors=errors)
    with desk() as at:
        at.change("holidays_add", first=first, last=last)
    return go_to("settings_holidays", saved=1)


@blueprint.post("/settings/holidays/<day>/remove")
@requires("admin")
def remove_holiday(day: str) -> Response:
    if (known := _date(day)) is not None:
        with desk() as at:
            at.change("holidays_remove", day=known)
    return go_to("settings_holidays", saved=1)


def _hours(days: list[Day], seen: str | None, status: int = 200, **values: Any) -> Response:
    has_any = any(day.is_all_day or any(any(span) for span in day.spans) for day in days)
    return page("hours", status, days=[_with_room(day) for day in days], seen=seen, has_any=has_any, **values)


def _holidays(status: int = 200, **values: Any) -> Response:
    with desk() as at:
        rows = at.rows("holidays", timezone=services().settings.default_timezone)
    coming = [day for day, is_over in rows if not is_over]
    over = [day for day, is_over in reversed(rows) if is_over]
    return page("holidays", status, coming=coming, over=over, **{"given": {}, **values})


def _read_hours(at: Desk) -> list[Row]:
    return at.rows("hours")


def _write_hours(at: Desk, spans: Sequence[Span]) -> None:
    weekdays, opens, closes = (
        [span.weekday for span in spans],
        [span.opens for span in spans],
        [span.closes for span in spans],
    )
    at.change("hours_save", weekdays=weekdays, opens=opens, closes=closes)


def _day(weekday: int, rows: Sequence[Row]) -> Day:
    spans = [(opens, closes) for day, opens, closes in rows if day == weekday]
    return Day(weekday, spans == [_ALL_DAY], [] if spans == [_ALL_DAY] else spans)


def _typed_day(weekday: int) -> Day:
    spans = [
        (typed(f"opens-{weekday}-{place}"), typed(f"closes-{weekday}-{place}"))
        for place in range(MOST_SPANS)
        if typed(f"opens-{weekday}-{place}") or typed(f"closes-{weekday}-{place}")
    ]
    return Day(weekday, f"all-day-{weekday}" in request.form, spans)


def _with_room(day: Day) -> Day:
    """The day with an empty line for one more span."""
    wanted = min(MOST_SPANS, max(LEAST_SPANS, len(day.spans) + 1))
    return day._replace(spans=[*day.spans, *[("", "")] * (wanted - len(day.spans))])


def _spans(day: Day) -> list[Span]:
    if day.is_all_day:
        return [Span(day.weekday, 0, *_ALL_DAY)]
    return [Span(day.weekday, place, opens[:5], closes[:5]) for place, (opens, closes) in enumerate(day.spans)]


def _errors(days: Sequence[Day]) -> Errors:
    """Of one time that is missing or none, else of spans that overlap, also over midnight and into Monday."""
    errors: Errors = {}
    for day in days:
        for span in [] if day.is_all_day else _spans(day):
            errors |= _span_errors(span)
    return errors or dict(_overlaps([span for day in days for span in _spans(day)]))


def _span_errors(span: Span) -> Errors:
    field = f"{span.weekday}-{span.place}"
    for name in ("opens", "closes"):
        if not _TIME.fullmatch(getattr(span, name)):
            return wrong(f"{name}-{field}", N_("Enter a time from 00:00 to 23:59."))
    return (
        wrong(f"closes-{field}", N_("Opening and closing time are the same. For the whole day choose 24 hours."))
        if span.opens == span.closes
        else {}
    )


def _overlaps(spans: Sequence[Span]) -> Iterator[tuple[str, str]]:
    ordered = sorted(spans, key=lambda span: span.minutes)
    # The week is a circle: Sunday's night is before Monday's morning, a week later.
    following = [(span, span.minutes[0]) for span in ordered[1:]]
    following += [(span, span.minutes[0] + 7 * _MINUTES_A_DAY) for span in ordered[:1]] if len(ordered) > 1 else []
    for before, (after, starts) in zip(ordered, following, strict=False):
        if before.minutes[1] > starts:
            yield from wrong(
                f"opens-{after.weekday}-{after.place}", N_("Starts before the previous period ends.")
            ).items()


def _period(first: str, last: str) -> tuple[date | None, date | None, Errors]:
    """The days from the first to the last, which is the same if it is left empty."""
    begins, ends = _date(first), _date(last or first)
    if begins is None:
        return None, None, wrong("first", N_("Enter a date, such as 2026-12-25."))
    if ends is None:
        return None, None, wrong("last", N_("Enter a date, such as 2026-12-25."))
    if not begins <= ends < begins + timedelta(days=MOST_DAYS):
        return (
            None,
            None,
            wrong("last", N_("Must be on or after the first day, and at most {most} days."), most=MOST_DAYS),
        )
    return begins, ends, {}


def _date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year < 2100 else None


def _minutes(time: str) -> int:
    hours, _, minutes = time.partition(":")
    return int(hours) * 60 + int(minutes)
