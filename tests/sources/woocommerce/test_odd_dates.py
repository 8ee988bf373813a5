"""Orders whose dates are missing or invalid: each is one finding, and everything else is compared."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from demo.woocommerce import Clock, Shop, ShopSettings, WooCommerceStandIn
from sources import woocommerce
from tests.support.synced_shops import held, rows
from warehouse.settings import Settings

pytestmark = pytest.mark.usefixtures("short_waits")

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.fixture
def stand_in(settings: Settings) -> Iterator[WooCommerceStandIn]:
    shop = Shop(settings=ShopSettings(timezone="Asia/Jakarta", currency="IDR"), clock=Clock(NOW))
    for number in range(12):
        shop.create_order(at=NOW - timedelta(days=10 * number))
    with WooCommerceStandIn(shop) as stand_in:
        woocommerce.add("toko", stand_in.url, stand_in.key, stand_in.secret, settings)
        yield stand_in


@pytest.mark.parametrize("created", [None, "", "0000-00-00T00:00:00", "-0001-11-30T00:00:00", "0001-01-01T00:00:00",
                                     "2026-13-01T00:00:00"])  # fmt: skip
def test_an_order_without_a_date_is_one_finding_and_all_else_is_compared(
    settings: Settings, stand_in: WooCommerceStandIn, created: Any
) -> None:
    number = sorted(stand_in.shop.orders)[3]
    order = stand_in.shop.orders[number]
    stand_in.shop.put_order({**order, "date_created": created, "date_created_gmt": created})

    woocommerce.sync("toko", settings)
    stand_in.shop.clock.pass_time(600)
    found = woocommerce.reconcile("toko", settings).findings

    assert held(settings, "toko", "orders").keys() == stand_in.shop.orders.keys() - {number}
    wrong = {each.subject: each.verdict for each in found if each.verdict == "fail"}
    assert wrong == {"set aside": "fail", f"orders {number}": "fail"}
    months = {each.period for each in found if each.subject == "orders" and each.verdict == "pass"}
    assert {"2026-08", "2026-09", "2026-10", "2026-11"} <= months
    reason = "select reason from raw.rejected where id = %s"
    assert rows(settings, reason, f"toko:{number}") == [("no date of creation",)]


def test_an_order_with_only_one_of_the_two_dates_matches(settings: Settings, stand_in: WooCommerceStandIn) -> None:
    local, utc = sorted(stand_in.shop.orders)[:2]
    stand_in.shop.put_order({**stand_in.shop.orders[local], "date_created_gmt": None})
    stand_in.shop.put_order({**stand_in.shop.orders[utc], "date_created": None})

    woocommerce.sync("toko", settings)
    found = woocommerce.reconcile("toko", settings).findings

    assert held(settings, "toko", "orders").keys() == stand_in.shop.orders.keys()
    assert [each for each in found if each.subject == "orders" and each.verdict != "pass"] == []


@pytest.mark.parametrize("modified", [None, "", "0000-00-00T00:00:00"])
def test_orders_without_a_date_of_modification_match(
    settings: Settings, stand_in: WooCommerceStandIn, modified: Any
) -> None:
    for number in sorted(stand_in.shop.orders)[:2]:
        order = stand_in.shop.orders[number]
        stand_in.shop.put_order({**order, "date_modified": modified, "date_modified_gmt": modified})

    woocommerce.sync("toko", settings)

    assert woocommerce.reconcile("toko", settings).verdict == "pass"


def test_a_date_of_modification_that_is_lost_later_hides_no_change(
    settings: Settings, stand_in: WooCommerceStandIn
) -> None:
    woocommerce.sync("toko", settings)
    number = sorted(stand_in.shop.orders)[4]
    order = stand_in.shop.orders[number]
    lost = {"date_modified": None, "date_modified_gmt": None}
    stand_in.shop.put_order({**order, **lost, "status": "cancelled"})

    assert woocommerce.reconcile("toko", settings).verdict == "pass"
    status = "select status from raw.woocommerce_orders where id = %s"
    assert rows(settings, status, number) == [("cancelled",)]
