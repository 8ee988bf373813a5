"""Shops on versions of WooCommerce whose API has less: what is missing is read in another way, or explained."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from demo.woocommerce import Clock, Draft, Line, Shop, ShopSettings, WooCommerceStandIn
from sources import woocommerce
from tests.support.synced_shops import differences, held
from warehouse.settings import Settings

pytestmark = pytest.mark.usefixtures("short_waits")

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
VERSIONS = ("8.9.3", "5.7.1", "3.5.10")


@pytest.fixture(params=VERSIONS)
def stand_in(settings: Settings, request: pytest.FixtureRequest) -> Iterator[WooCommerceStandIn]:
    # Half a day behind UTC: orders whose local and UTC days differ.
    options = {"timezone": "Pacific/Pago_Pago", "currency": "IDR", "version": request.param}
    shop = Shop(settings=ShopSettings(**options), clock=Clock(NOW))
    shop.create_product("Kopi", 10, at=NOW - timedelta(days=99))
    shop.create_coupon("kode", 10, at=NOW - timedelta(days=99))
    shop.create_customer("siti@example.test", at=NOW - timedelta(days=99))
    for number in range(40):
        at = NOW - timedelta(hours=40 * number)
        order = shop.create_order(Draft([Line(0, "Kopi", 2, Decimal(10))], paid_at=at), at=at)
        if number % 10 == 0:
            shop.create_refund(order, Decimal(5))
    with WooCommerceStandIn(shop) as stand_in:
        woocommerce.add("toko", stand_in.url, stand_in.key, stand_in.secret, settings)
        yield stand_in


def test_everything_lands_and_later_changes_follow(settings: Settings, stand_in: WooCommerceStandIn) -> None:
    shop = stand_in.shop
    woocommerce.sync("toko", settings)
    assert len(held(settings, "toko", "refunds")) == 4
    assert differences(settings, "toko", shop) == []

    shop.clock.pass_time(600)
    open_order = max(shop.orders)
    new = shop.create_order()
    shop.set_status(open_order, "completed")
    refund = shop.create_refund(open_order, Decimal(1))
    shop.create_product("Teh", 5)
    shop.clock.pass_time(600)
    woocommerce.sync("toko", settings)
    assert new in held(settings, "toko", "orders")
    # Before 5.8 a change of an order that is no longer open is seen at night.
    assert refund in held(settings, "toko", "refunds") or not shop.settings.is_from(5, 8)

    shop.edit_order(min(shop.orders), payment_method_title="Tunai")
    shop.delete_refund(refund)
    shop.delete_refund(min(shop.refunds))
    shop.clock.pass_time(600)
    found = woocommerce.reconcile("toko", settings).findings
    assert differences(settings, "toko", shop) == []
    assert [each for each in found if each.verdict != "pass" and each.subject != "analytics"] == []


def test_the_check_says_what_the_version_lacks(settings: Settings, stand_in: WooCommerceStandIn) -> None:
    said = " ".join(woocommerce.check("toko", settings))
    assert "refunds, which WooCommerce does from 9.0 on: they are read order by order" in said
    assert ("from 5.8 on" in said) == (not stand_in.shop.settings.version.startswith("8"))
