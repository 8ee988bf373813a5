"""The filters of an address, and the period before."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from dashboards import filters
from dashboards.filters import Filters, InvalidFilter
from dashboards.reader import Extent


def extent(store: str, last: date) -> Extent:
    zone = ZoneInfo("Asia/Jakarta")
    return Extent(store, store, date(2026, 9, 1), last, datetime(2026, 11, 22, tzinfo=UTC), "pass", ["web"], zone)


EXTENTS = {"b": extent("b", date(2026, 11, 22)), "a": extent("a", date(2026, 11, 20))}


def test_without_any_filter_the_last_thirty_days_with_data_of_the_default_store() -> None:
    assert filters.parse({}, EXTENTS, "b") == Filters(date(2026, 10, 24), date(2026, 11, 22), "b", "all")


def test_without_the_default_store_the_first_one() -> None:
    assert filters.parse({"from": "", "channel": ""}, EXTENTS, "elsewhere").store == "a"


def test_one_end_of_the_period_suffices() -> None:
    assert filters.parse({"to": "2026-10-30"}, EXTENTS, "b").period == (date(2026, 10, 1), date(2026, 10, 30))
    assert filters.parse({"from": "2026-11-20"}, EXTENTS, "b").period == (date(2026, 11, 20), date(2026, 11, 22))
    assert filters.parse({"from": "2027-01-05"}, EXTENTS, "b").period == (date(2027, 1, 5), date(2027, 1, 5))


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"from": "yesterday"}, "from"),
        ({"from": "20261101"}, "from"),
        ({"to": "2026-02-30"}, "to"),
        ({"to": "0001-01-01"}, "to"),
        ({"from": "2026-11-02", "to": "2026-11-01"}, "from"),
        ({"from": "2020-01-01", "to": "2026-11-01"}, "from"),
        ({"store": "c"}, "store"),
        ({"channel": "'; drop table x; --"}, "channel"),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_its_filter(given: dict[str, str], name: str) -> None:
    with pytest.raises(InvalidFilter) as refused:
        filters.parse(given, EXTENTS, "b")
    assert refused.value.name == name


def test_the_period_before_is_as_long_and_ends_the_day_before() -> None:
    chosen = Filters(date(2026, 11, 1), date(2026, 11, 7), "b")
    assert chosen.before.period == (date(2026, 10, 25), date(2026, 10, 31))


def test_a_month_is_compared_with_the_month_before_by_days() -> None:
    def before(first: date, last: date) -> tuple[date, date]:
        return Filters(first, last, "b", compare="last_month").before.period

    assert before(date(2026, 11, 1), date(2026, 11, 30)) == (date(2026, 10, 1), date(2026, 10, 31))
    assert before(date(2027, 3, 1), date(2027, 3, 30)) == (date(2027, 2, 1), date(2027, 2, 28))
    assert before(date(2027, 4, 30), date(2027, 4, 30)) == (date(2027, 3, 30), date(2027, 3, 30))
    assert before(date(2027, 2, 22), date(2027, 2, 28)) == (date(2027, 1, 22), date(2027, 1, 28))
    assert before(date(2027, 1, 1), date(2027, 1, 9)) == (date(2026, 12, 1), date(2026, 12, 9))


def test_weekdays_stay_the_same_in_a_comparison_with_last_year() -> None:
    chosen = filters.parse({"from": "2026-11-02", "to": "2026-11-08", "compare": "last_year"}, EXTENTS, "b")
    assert chosen.before.period == (date(2025, 11, 3), date(2025, 11, 9))
    with pytest.raises(InvalidFilter):
        filters.parse({"compare": "2019"}, EXTENTS, "b")


def test_days_that_are_not_over_are_not_compared() -> None:
    today = date(2026, 11, 22)
    chosen = Filters(date(2026, 11, 20), today, "b")
    assert (whole := chosen.complete(today))
    assert (whole.period, whole.before.period) == (
        (date(2026, 11, 20), date(2026, 11, 21)), (date(2026, 11, 18), date(2026, 11, 19)),
    )  # fmt: skip
    assert Filters(today, today, "b").complete(today) is None
    assert whole.complete(today) == whole
