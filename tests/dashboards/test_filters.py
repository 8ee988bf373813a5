"""The filters of an address, the period before, and figures as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from dashboards import filters, formats
from dashboards.definition import Format, Language
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


@pytest.mark.parametrize(
    ("value", "format_", "language", "text"),
    [
        (Decimal(12345), "count", "en", "12,345"),
        (12345, "count", "id", "12.345"),
        (Decimal("85.25"), "percent", "en", "85.2%"),
        (85.26, "percent", "id", "85,3%"),
        (0.4, "duration", "en", "0 s"),
        (59.6, "duration", "en", "1 min"),
        (200, "duration", "id", "3 mnt 20 dtk"),
        (7260, "duration", "en", "2 h 1 min"),
        (190_800, "duration", "id", "2 hari 5 jam"),
        (date(2026, 10, 1), "month", "id", "Oktober 2026"),
        (None, "percent", "en", "–"),
    ],
)
def test_figures_read_as_people_write_them(
    value: formats.Value, format_: Format, language: Language, text: str
) -> None:
    assert formats.formatted(value, format_, language) == text


def test_percentages_move_by_points_and_other_figures_relatively() -> None:
    assert formats.change(80, 77.5, "percent", "en") == "2.5 pts"
    assert formats.change(90, 120, "duration", "id") == "25%"
    assert formats.change(80.01, 80, "percent", "en") is None
    assert formats.change(5, 0, "count", "en") is None


def test_a_moment_names_its_clock() -> None:
    wib = timezone(timedelta(hours=7), "WIB")
    assert formats.moment(datetime(2026, 11, 22, 1, 3, tzinfo=UTC).astimezone(wib), "id") == "22 Nov 2026, 08:03 WIB"
