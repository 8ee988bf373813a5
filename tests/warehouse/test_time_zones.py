"""A shop's time zone is refused where it is set if Postgres could not reckon days in it."""

from __future__ import annotations

import psycopg2.errors
import pytest

from warehouse.connection import Role, transaction
from warehouse.settings import Settings

UPSERT = """
insert into app.stores (store_id, timezone) values ('shop', %s)
on conflict (store_id) do update set timezone = excluded.timezone
"""


def set_zone(settings: Settings, zone: str | None, role: Role = "loader") -> None:
    with transaction(role, settings) as connection, connection.cursor() as cursor:
        cursor.execute(UPSERT, (zone,))


def zones(settings: Settings) -> list[tuple[str | None]]:
    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute("select timezone from app.stores")
        return cursor.fetchall()


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "America/Argentina/Buenos_Aires", "UTC", None])
def test_a_known_zone_or_none_is_taken(settings: Settings, zone: str | None) -> None:
    set_zone(settings, zone)
    set_zone(settings, zone)
    assert zones(settings) == [(zone,)]


@pytest.mark.parametrize("zone", ["Mars/Olympus", "Asia/Jakartaa", "WIB", "+07:00", "<+9930>-99:30", "<a>3", ""])
@pytest.mark.parametrize("role", ["loader", "owner"])
def test_an_unknown_zone_is_refused_in_words_and_the_old_one_stays(settings: Settings, zone: str, role: Role) -> None:
    set_zone(settings, "Asia/Makassar")
    with pytest.raises(psycopg2.errors.InvalidParameterValue) as refused:
        set_zone(settings, zone, role)
    assert refused.value.diag.message_primary == f'store shop: "{zone}" is no time zone that PostgreSQL knows'
    assert "Asia/Jakarta" in str(refused.value.diag.message_hint)
    assert zones(settings) == [("Asia/Makassar",)]
