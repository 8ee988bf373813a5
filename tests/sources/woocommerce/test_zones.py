"""Time zones that Postgres knows by another name, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from demo.woocommerce import Clock, Shop, ShopSettings, WooCommerceStandIn
from sources import woocommerce
from tests.support.synced_shops import one
from warehouse.connection import transaction
from warehouse.settings import Settings

# Names that Debian's Postgres lacks, in front of the catalogue that has them.
HIDE = """
create schema hidden;
create view hidden.pg_timezone_names as
select * from pg_catalog.pg_timezone_names
where name not in ('Europe/Kiev', 'Asia/Calcutta', 'Asia/Kolkata', 'Pacific/Samoa', 'US/Samoa');
grant usage on schema hidden to loader;
grant select on hidden.pg_timezone_names to loader;
"""
SEE = "alter role loader in database {} set search_path = hidden, pg_catalog"


@pytest.fixture
def few_names(settings: Settings) -> Settings:
    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute(HIDE)
        cursor.execute("select quote_ident(current_database())")
        cursor.execute(SEE.format((cursor.fetchone() or ("",))[0]))
    return settings


@pytest.fixture
def stand_in() -> Iterator[WooCommerceStandIn]:
    shop = Shop(settings=ShopSettings(currency="IDR"), clock=Clock(datetime(2026, 11, 22, 3, 0, tzinfo=UTC)))
    shop.create_order()
    with WooCommerceStandIn(shop) as stand_in:
        yield stand_in


def verdict(settings: Settings) -> tuple[str, str] | None:
    found = woocommerce.reconcile("toko", settings).findings
    return next(((each.verdict, each.reason) for each in found if each.subject == "time zone"), None)


@pytest.mark.parametrize(
    ("zone", "used"),
    [("Europe/Kiev", "Europe/Kyiv"), ("Europe/Kyiv", "Europe/Kyiv"), ("US/Samoa", "Pacific/Pago_Pago")],
)
def test_an_old_name_is_resolved(few_names: Settings, stand_in: WooCommerceStandIn, zone: str, used: str) -> None:
    stand_in.shop.settings.timezone = zone
    woocommerce.add("toko", stand_in.url, stand_in.key, stand_in.secret, few_names)

    woocommerce.sync("toko", few_names)

    assert one(few_names, "select timezone from app.stores") == used
    assert verdict(few_names) is None
    said = " ".join(woocommerce.check("toko", few_names))
    assert f"time zone is {zone}" in said
    assert (f"which the database knows as {used}" in said) == (zone != used)


def test_a_zone_without_any_name_there_is_reported(few_names: Settings, stand_in: WooCommerceStandIn) -> None:
    stand_in.shop.settings.timezone = "Asia/Calcutta"
    woocommerce.add("toko", stand_in.url, stand_in.key, stand_in.secret, few_names)

    woocommerce.sync("toko", few_names)

    assert one(few_names, "select timezone from app.stores") is None
    assert verdict(few_names) == (
        "warn",
        "the database does not know the shop's time zone Asia/Calcutta: days are counted in Asia/Jakarta",
    )
    assert "days are counted in Asia/Jakarta" in " ".join(woocommerce.check("toko", few_names))


def test_an_offset_without_a_name_is_used(
    settings: Settings, stand_in: WooCommerceStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = {"name": "Toko", "timezone_string": "", "gmt_offset": "-3.5", "namespaces": ["wc/v3"]}
    monkeypatch.setattr("demo.woocommerce.routes.index", lambda _: index)
    woocommerce.add("toko", stand_in.url, stand_in.key, stand_in.secret, settings)
    woocommerce.sync("toko", settings)
    assert verdict(settings) is None
    assert "The shop's time zone is UTC-3.5." in woocommerce.check("toko", settings)
    local = "(created_at at time zone timezone)::text from raw.woocommerce_orders join app.stores using (store_id)"
    assert one(settings, f"select {local}") == "2026-11-21 23:30:00"
    index["gmt_offset"] = "5.5"
    assert verdict(settings) is None, "Asia/Kolkata has it all year"
    assert one(settings, "select timezone from app.stores") == "Asia/Kolkata"
