"""Stored zones, and offsets without a name among them: Postgres and Python read the same days from them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import psycopg2
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st
from psycopg2.extensions import cursor as Cursor  # noqa: N812

from sources.woocommerce.zones import given_zone, is_same_zone, zone_of
from warehouse import formats
from warehouse.connection import transaction, url
from warehouse.settings import Settings
from warehouse.zones import fixed_zone, shown, zone

# WordPress offers these beside cities: half hours, and four odd ones.
OFFSETS = [minutes / 60 for minutes in range(-12 * 60, 14 * 60 + 1, 30)] + [5.75, 8.75, 12.75, 13.75]
# Of this century.
TIMES = st.integers(946_684_800, 4_102_444_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@pytest.fixture(scope="module")
def cursor(module_settings: Settings) -> Iterator[Cursor]:
    opened = psycopg2.connect(url("owner", module_settings))
    with opened.cursor() as cursor:
        yield cursor
    opened.close()


def stored(offset: float) -> str:
    found = zone_of({"timezone_string": "", "gmt_offset": offset})
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("minutes", "name"),
    [(-210, "<-0330>+03:30"), (525, "<+0845>-08:45"), (-30, "<-0030>+00:30"), (825, "<+1345>-13:45")],
)
def test_an_offset_without_a_name_is_stored_in_posix_form_which_counts_westwards(minutes: int, name: str) -> None:
    assert fixed_zone(minutes) == name


@how(max_examples=60, suppress_health_check=list(HealthCheck))
@given(at=TIMES)
def test_local_times_of_every_offset_are_those_of_python(cursor: Cursor, at: datetime) -> None:
    names = [stored(offset) for offset in OFFSETS]
    cursor.execute(
        "select %s at time zone name from unnest(%s::text[]) with ordinality as given (name, place) order by place",
        (at, names),
    )
    right = [at.astimezone(timezone(timedelta(hours=offset))).replace(tzinfo=None) for offset in OFFSETS]
    assert [local for (local,) in cursor.fetchall()] == right
    assert [at.astimezone(zone(name)).replace(tzinfo=None) for name in names] == right


@how(max_examples=60, suppress_health_check=list(HealthCheck))
@given(at=TIMES, minutes=st.integers(-14 * 60, 14 * 60))
def test_times_of_any_offset_are_found_from_local_ones(cursor: Cursor, at: datetime, minutes: int) -> None:
    name, local = fixed_zone(minutes), at.replace(tzinfo=None)
    right = local.replace(tzinfo=timezone(timedelta(minutes=minutes))).astimezone(UTC)
    cursor.execute("select %s::timestamp at time zone %s", (local, name))
    assert cursor.fetchone() == (right,)
    assert local.replace(tzinfo=zone(name)).astimezone(UTC) == right
    assert str(zone(name)) == name, "as which it goes to Postgres again"


@pytest.mark.parametrize("offset", OFFSETS)
def test_every_offset_can_be_a_shops_zone_and_is_the_one_that_the_shop_shows(
    module_settings: Settings, offset: float
) -> None:
    statement = "insert into app.stores (store_id, timezone) values (%s, %s)"
    with transaction("loader", module_settings) as connection, connection.cursor() as cursor:
        cursor.execute(statement, (f"shop{offset}", stored(offset)))
    assert is_same_zone(given_zone({"timezone_string": "", "gmt_offset": offset}), stored(offset))


def test_times_are_shown_with_the_offset() -> None:
    at = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
    assert formats.moment(at, "<-0330>+03:30", "en") == "21 Nov 2026, 23:30 UTC-0330"


@pytest.mark.parametrize("offset", [14.5, -12.5, 99, float("nan"), float("inf"), "soon"])
def test_what_is_no_offset_is_no_zone(offset: object) -> None:
    assert zone_of({"timezone_string": "", "gmt_offset": offset}) is None


def test_readers_see_an_offset_as_hours_ahead_of_utc() -> None:
    assert [shown(zone(name)) for name in ("Asia/Jakarta", fixed_zone(-210), fixed_zone(525))] == [
        "Asia/Jakarta", "UTC-03:30", "UTC+08:45",
    ]  # fmt: skip
