"""Periods of whole days: what a period is compared with, and the periods that the pages offer."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

Period = tuple[date, date]  # both days included

_WEEKS_OF_A_YEAR = timedelta(weeks=52)


def previous(first: date, last: date) -> Period:
    """As many days, ending the day before."""
    days = last - first + timedelta(1)
    return first - days, last - days


def month_before(first: date, last: date) -> Period:
    """The same days of the month before; the whole month before for a whole month."""
    is_whole = first.day == 1 and last == _month_end(last)
    return _month_earlier(first), _month_end(_month_earlier(last)) if is_whole else _month_earlier(last)


def year_before(first: date, last: date) -> Period:
    """The same weeks of last year: 52 weeks earlier, so that weekdays stay the same."""
    return first - _WEEKS_OF_A_YEAR, last - _WEEKS_OF_A_YEAR


def this_month(today: date) -> Period:
    return today.replace(day=1), today


def last_month(today: date) -> Period:
    first = _month_earlier(today.replace(day=1))
    return first, _month_end(first)


def _month_earlier(day: date) -> date:
    end = day.replace(day=1) - timedelta(1)
    return end.replace(day=min(day.day, end.day))


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
