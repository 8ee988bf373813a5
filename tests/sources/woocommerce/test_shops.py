"""Connecting shops, and what becomes of their objects from sync to sync."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from psycopg2.extras import Json

from demo.woocommerce import Clock, Draft, Line, Shop, ShopSettings, WooCommerceStandIn
from sources import woocommerce
from sources.woocommerce.responses import ShopRefused
from sources.woocommerce.zones import zone_of
from tests.support.synced_shops import differences, held, one, rows
from warehouse.connection import transaction
from warehouse.encryption import decrypt
from warehouse.identity import email_key, hash_key, phone_key
from warehouse.settings import Settings

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def new_shop(**changes: Any) -> Shop:
    shop = Shop(settings=ShopSettings(**{"timezone": "Asia/Jakarta", "currency": "IDR", **changes}), clock=Clock(NOW))
    for number in range(4):
        shop.create_order(at=NOW - timedelta(days=10 * number))
    return shop


@pytest.fixture
def stand_in(settings: Settings) -> Iterator[WooCommerceStandIn]:
    with WooCommerceStandIn(new_shop()) as stand_in:
        woocommerce.add("toko", stand_in.url, stand_in.key, stand_in.secret, settings)
        yield stand_in


def order_row(settings: Settings, number: int) -> dict[str, Any]:
    found = rows(settings, "select to_jsonb(o) from raw.woocommerce_orders as o where id = %s", number)
    return dict(found[0][0])


def deliver(settings: Settings, resource: str, number: int) -> None:
    with transaction("webhook", settings) as connection, connection.cursor() as cursor:
        cursor.execute(
            "insert into raw.woocommerce_deliveries"
            " (store_id, delivery_id, topic, resource, resource_id, payload_hash, payload)"
            " values ('toko', gen_random_uuid()::text, %s, %s, %s, '', '{}')",
            (f"{resource}.updated", resource, number),
        )


def test_zone_currency_and_analytics_settings_are_the_shops_own(settings: Settings) -> None:
    shop = new_shop(timezone="Europe/Madrid", currency="EUR", date_type="date_created", excluded_statuses=("pending",))
    with WooCommerceStandIn(shop) as stand_in:
        woocommerce.add("toko", stand_in.url, stand_in.key, stand_in.secret, settings)
        woocommerce.sync("toko", settings)
        asked = "select timezone, currency, date_type, excluded_statuses, prices_decimals, woocommerce_version"
        assert rows(settings, f"{asked} from app.stores") == [
            ("Europe/Madrid", "EUR", "date_created", ["pending"], 2, "10.5.2")
        ]
        shop.settings.date_type = ""
        woocommerce.reconcile("toko", settings)
        assert one(settings, "select date_type from app.stores") == "date_paid"


@pytest.mark.parametrize(
    ("index", "zone"),
    [
        ({"timezone_string": "Asia/Jakarta", "gmt_offset": 7}, "Asia/Jakarta"),
        ({"timezone_string": "", "gmt_offset": 7}, "Etc/GMT-7"),
        ({"timezone_string": "", "gmt_offset": "-5"}, "Etc/GMT+5"),
        ({"timezone_string": "", "gmt_offset": 0}, "UTC"),
        ({"timezone_string": "", "gmt_offset": 5.5}, "Asia/Kolkata"),
        ({"timezone_string": "", "gmt_offset": -3.5}, "<-0330>+03:30"),
        ({"timezone_string": "Mars/Base", "gmt_offset": 2.25}, None),
    ],
)
def test_a_zone_is_known_from_its_name_or_its_offset(index: dict[str, Any], zone: str | None) -> None:
    assert zone_of(index) == zone


def test_keys_are_encrypted_and_the_webhook_secret_stays(settings: Settings, stand_in: WooCommerceStandIn) -> None:
    asked = "select consumer_key, consumer_secret, webhook_secret, connected_at from app.stores"
    key, secret, webhook_secret, connected_at = rows(settings, asked)[0]
    assert stand_in.secret not in f"{key}{secret}{webhook_secret}"
    assert [decrypt(key, settings), decrypt(secret, settings)] == [stand_in.key, stand_in.secret]
    woocommerce.add("toko", stand_in.url, stand_in.read_only_key, stand_in.secret, settings)
    again = rows(settings, asked)[0]
    assert decrypt(again[0], settings) == stand_in.read_only_key
    assert decrypt(again[2], settings) == decrypt(webhook_secret, settings)
    assert again[3] == connected_at


@pytest.mark.parametrize("url", ["shop.example", "ftp://shop.example", "https://", "https://user:pw@shop.example",
                                 "https://[shop", "https://shop.example:x", "https://my shop.example"])  # fmt: skip
def test_what_can_be_no_address_is_refused(settings: Settings, url: str) -> None:
    with pytest.raises(ShopRefused, match="address"):
        woocommerce.add("toko", url, "ck_1", "cs_2", settings, checked=False)


def test_the_address_of_the_api_is_taken_for_the_shops(settings: Settings) -> None:
    woocommerce.add("toko", "https://Shop.Example/toko/wp-json/wc/v3/", "ck_1", "cs_2", settings, checked=False)
    assert one(settings, "select url from app.stores") == "https://shop.example/toko"


def test_an_unknown_store_is_refused_in_plain_words(settings: Settings) -> None:
    with pytest.raises(ShopRefused, match="no shop is connected under the name toko"):
        woocommerce.sync("toko", settings)


def test_check_says_what_stands_in_the_way(settings: Settings, stand_in: WooCommerceStandIn) -> None:
    said = "\n".join(woocommerce.check("toko", settings))
    for words in ("answers", "can read 4 orders", "read and write", "10.5.2", "HPOS", "Asia/Jakarta", "IDR"):
        assert words in said
    woocommerce.add("toko", stand_in.url, stand_in.read_only_key, stand_in.secret, settings)
    assert "not write" in "\n".join(woocommerce.check("toko", settings))
    woocommerce.add("toko", stand_in.url, "ck_wrong", stand_in.secret, settings, checked=False)
    assert "does not accept the key" in woocommerce.check("toko", settings)[-1]


def test_two_shops_lie_side_by_side(settings: Settings, stand_in: WooCommerceStandIn) -> None:
    other = new_shop(timezone="Europe/Madrid", currency="EUR")
    other.edit_order(min(other.orders), payment_method_title="Tarjeta")
    with WooCommerceStandIn(other) as second:
        woocommerce.add("tienda", second.url, second.key, second.secret, settings)
        for store_id in woocommerce.stores(settings):
            woocommerce.sync(store_id, settings)
        assert woocommerce.stores(settings) == ["tienda", "toko"]
        assert differences(settings, "toko", stand_in.shop) == []
        assert differences(settings, "tienda", other) == []


def test_orders_are_keyed_by_billing_and_customers_by_their_account(
    settings: Settings, stand_in: WooCommerceStandIn
) -> None:
    number = min(stand_in.shop.orders)
    billing = {**stand_in.shop.orders[number]["billing"], "email": "Siti@Example.test", "phone": "0812-3456-789",
               "country": "ID"}  # fmt: skip
    stand_in.shop.edit_order(number, billing=billing)
    customer = stand_in.shop.create_customer("budi@example.test", billing={"email": "other@example.test"})
    woocommerce.sync("toko", settings)
    key = hash_key(settings)
    row = order_row(settings, number)
    assert [row["email_key"], row["phone_key"]] == [
        email_key("siti@example.test", key),
        phone_key("+628123456789", key),
    ]
    asked = "select email_key from raw.woocommerce_customers where id = %s"
    assert one(settings, asked, customer) == email_key("budi@example.test", key)


def test_trash_restoration_and_deletion_are_followed(settings: Settings, stand_in: WooCommerceStandIn) -> None:
    woocommerce.sync("toko", settings)
    trashed, deleted, *_ = sorted(stand_in.shop.orders)
    kept = dict(stand_in.shop.orders[deleted])
    stand_in.shop.clock.pass_time(60)
    stand_in.shop.trash(trashed)
    stand_in.shop.delete_order(deleted)
    woocommerce.sync("toko", settings)
    assert order_row(settings, trashed)["status"] == "trash"
    assert order_row(settings, deleted)["deleted_at"] is not None, "its id was asked for, as there is one order less"

    woocommerce.reconcile("toko", settings)
    assert order_row(settings, trashed)["deleted_at"] is None

    stand_in.shop.clock.pass_time(60)
    stand_in.shop.restore(trashed)
    stand_in.shop.put_order(kept)
    woocommerce.reconcile("toko", settings)
    assert order_row(settings, deleted)["deleted_at"] is None
    assert differences(settings, "toko", stand_in.shop) == []


def test_refunds_come_and_go_with_the_next_sync(settings: Settings, stand_in: WooCommerceStandIn) -> None:
    number = min(stand_in.shop.orders)
    woocommerce.sync("toko", settings)
    stand_in.shop.clock.pass_time(60)
    refund = stand_in.shop.create_refund(number, Decimal(10))
    woocommerce.sync("toko", settings)
    assert list(held(settings, "toko", "refunds")) == [refund]
    stand_in.shop.delete_refund(refund)
    woocommerce.sync("toko", settings)
    assert held(settings, "toko", "refunds") == {}
    assert one(settings, "select deleted_at is not null from raw.woocommerce_refunds where id = %s", refund)
    assert differences(settings, "toko", stand_in.shop) == [], "its order names it no longer"


def test_what_a_delivery_names_is_fetched_when_no_date_tells(settings: Settings, stand_in: WooCommerceStandIn) -> None:
    shop = stand_in.shop
    customer = shop.create_customer("siti@example.test")
    edited, deleted, *_ = sorted(shop.orders)
    woocommerce.sync("toko", settings)
    shop.clock.pass_time(3600)
    shop.edit_order(edited, bumps=False, payment_method_title="Transfer")
    shop.edit_customer(customer, email="siti.baru@example.test")
    shop.delete_order(deleted)
    for resource, number in (("order", edited), ("order", deleted), ("customer", customer)):
        deliver(settings, resource, number)
    woocommerce.sync("toko", settings)
    assert order_row(settings, edited)["body"]["payment_method_title"] == "Transfer"
    assert order_row(settings, deleted)["deleted_at"] is not None
    assert differences(settings, "toko", shop) == []
    before = len(stand_in.requests)
    woocommerce.sync("toko", settings)
    asked = [each.path for each in stand_in.requests[before:]]
    assert not any(path.rpartition("/")[2].isdecimal() for path in asked), "once is enough"


def test_analytics_that_drifted_is_a_warning_with_the_difference(
    settings: Settings, stand_in: WooCommerceStandIn
) -> None:
    shop = stand_in.shop
    number = max(shop.orders)
    shop.set_status(number, "processing")
    shop.analytics.rows()
    shop.analytics.drifts = True
    shop.trash(number)
    # A row that nothing explains.
    other = shop.analytics.rows()[number - 1]
    shop.analytics.rows()[number - 1] = replace(other, net=other.net + 3, total=other.total + 3)
    reconciled = woocommerce.reconcile("toko", settings)
    told = {each.subject: each for each in reconciled.findings if each.verdict != "pass"}
    assert reconciled.verdict == "warn"
    assert set(told) == {"analytics date_created", "analytics date_paid"}
    assert "+0 orders and +3.00 of net sales" in told["analytics date_paid"].reason
    assert {each.period for each in told.values()} == {"2026-11"}, "the month of the trashed order is explained"
    assert one(settings, "select verdict from quality.current_reconciliations") == "warn"
    assert differences(settings, "toko", shop) == []


def test_an_older_answer_never_undoes_a_newer_one(settings: Settings, stand_in: WooCommerceStandIn) -> None:
    from sources.woocommerce.landing import land, mark_deleted
    from sources.woocommerce.objects import ORDERS
    from sources.woocommerce.shops import opened

    number = min(stand_in.shop.orders)
    old = dict(stand_in.shop.orders[number])
    stand_in.shop.clock.pass_time(1)
    stand_in.shop.set_status(number, "completed")
    new = dict(stand_in.shop.orders[number])
    with opened("toko", settings) as shop:
        at = shop.client.now()
        later = at + timedelta(seconds=1)
        land(shop, ORDERS, [(new, at)])
        land(shop, ORDERS, [(old, later)])
        assert order_row(settings, number)["status"] == "completed", "modified later counts, whenever it was asked for"
        land(shop, ORDERS, [({**new, "status": "on-hold"}, at - timedelta(seconds=1))])
        assert order_row(settings, number)["status"] == "completed", "of the same second, what was asked for later"
        mark_deleted(shop, ORDERS, {number: later})
        land(shop, ORDERS, [({**new, "date_modified_gmt": "2030-01-01T00:00:00"}, at)])
        assert order_row(settings, number)["deleted_at"] is not None, "asked for before the shop said that it is gone"


def test_a_full_sync_reads_all_again(settings: Settings, stand_in: WooCommerceStandIn) -> None:
    woocommerce.sync("toko", settings)
    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute("update raw.woocommerce_orders set body = body || %s", (Json({"total": "1.00"}),))
    woocommerce.sync("toko", settings, full=True)
    assert differences(settings, "toko", stand_in.shop) == []


def test_what_an_order_takes_from_a_variations_stock_comes_with_the_order(
    settings: Settings, stand_in: WooCommerceStandIn
) -> None:
    shop = stand_in.shop
    kettle = shop.create_product("Ketel", 90)
    last = shop.create_variation(kettle, "Ketel - 1 liter", 90)
    woocommerce.sync("toko", settings)
    shop.clock.pass_time(3600)
    shop.create_order(Draft([Line(kettle, "Ketel - 1 liter", 1, Decimal(90), last)]))
    shop.edit_variation(last, stock_status="outofstock")
    woocommerce.sync("toko", settings)
    assert held(settings, "toko", "variations")[last]["stock_status"] == "outofstock"


def test_a_tracking_number_that_moves_no_date_comes_with_the_next_reconciliation(
    settings: Settings, stand_in: WooCommerceStandIn
) -> None:
    newest = max(stand_in.shop.orders, key=lambda number: str(stand_in.shop.orders[number]["date_created_gmt"]))
    woocommerce.sync("toko", settings)
    stand_in.shop.clock.pass_time(3600)
    stand_in.shop.edit_order(newest, bumps=False, meta_data=[{"id": 1, "key": "_resi", "value": "JP123"}])
    woocommerce.reconcile("toko", settings)
    assert order_row(settings, newest)["body"]["parcels"] == [{"number": "JP123"}]
