"""An object that the shop cannot return does not stop the others, and a weak host is asked for smaller pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from demo.woocommerce import Clock, Draft, Line, Shop, ShopSettings, WooCommerceStandIn
from demo.woocommerce.object_faults import WAYS
from sources import woocommerce
from sources.woocommerce import client
from sources.woocommerce.responses import ShopRefused
from tests.sources.woocommerce.test_shops import deliver
from tests.support.synced_shops import differences, held, one, rows
from warehouse.connection import transaction
from warehouse.settings import Settings

pytestmark = pytest.mark.usefixtures("short_waits")

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
REJECTED = "select source, reason, resolved_at is null from raw.rejected where id = %s"


@pytest.fixture
def stand_in() -> Iterator[WooCommerceStandIn]:
    shop = Shop(settings=ShopSettings(timezone="Asia/Jakarta", currency="IDR"), clock=Clock(NOW))
    for number in range(230):
        at = NOW - timedelta(days=40) + timedelta(minutes=number)
        shop.create_order(Draft([Line(0, "Kopi", 1, Decimal(10))], paid_at=at), at=at)
    for number in range(3):
        shop.create_customer(f"siti{number}@example.test", at=NOW - timedelta(days=50))
        shop.create_product(f"Kopi {number}", 10, at=NOW - timedelta(days=50))
        shop.create_coupon(f"kode{number}", 10, at=NOW - timedelta(days=50))
    with WooCommerceStandIn(shop) as stand_in:
        stand_in.faults.silent_seconds = 0.05
        yield stand_in


@pytest.fixture
def connected(settings: Settings, stand_in: WooCommerceStandIn) -> WooCommerceStandIn:
    woocommerce.add("toko", stand_in.url, stand_in.key, stand_in.secret, settings)
    return stand_in


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("scope", ["whole", "any"])
def test_an_object_that_fails_every_answer_is_set_aside_and_comes_back(
    settings: Settings, connected: WooCommerceStandIn, scope: str, way: str
) -> None:
    bad = sorted(connected.shop.orders)[117]
    connected.faults.objects.add("orders", bad, scope, way)

    synced = woocommerce.sync("toko", settings)

    assert synced["orders"].rejected >= 1
    assert held(settings, "toko", "orders").keys() == connected.shop.orders.keys() - {bad}
    # Its id cannot be read if every answer with it fails.
    name = str(bad) if scope == "whole" else f"after-{bad - 1}"
    assert rows(settings, REJECTED, f"toko:{name}")[0][0] == "woocommerce_orders"
    assert "no usable answer" in rows(settings, REJECTED, f"toko:{name}")[0][1] or way == "firewall"

    newer = connected.shop.create_order()
    connected.shop.clock.pass_time(600)
    woocommerce.sync("toko", settings)
    assert newer in held(settings, "toko", "orders"), "new orders land in later syncs too"

    connected.faults.objects.mend("orders", bad)
    connected.shop.clock.pass_time(600)
    woocommerce.sync("toko", settings)
    reconciled = woocommerce.reconcile("toko", settings)
    assert differences(settings, "toko", connected.shop) == []
    assert reconciled.verdict == "pass", [each for each in reconciled.findings if each.verdict != "pass"]
    assert one(settings, "select count(*) from raw.rejected where resolved_at is null") == 0


@pytest.mark.parametrize("resource", ["customers", "products", "coupons"])
def test_other_kinds_of_objects_are_set_aside_as_well(
    settings: Settings, connected: WooCommerceStandIn, resource: str
) -> None:
    bad = sorted(getattr(connected.shop, resource))[1]
    connected.faults.objects.add(resource, bad, "any", "error_500")

    woocommerce.sync("toko", settings)
    connected.shop.clock.pass_time(600)
    woocommerce.reconcile("toko", settings)

    assert held(settings, "toko", resource).keys() == getattr(connected.shop, resource).keys() - {bad}
    assert len(held(settings, "toko", "orders")) == 230


def test_an_id_that_a_webhook_named_and_that_cannot_be_read_is_set_aside(
    settings: Settings, connected: WooCommerceStandIn
) -> None:
    woocommerce.sync("toko", settings)
    connected.shop.clock.pass_time(600)
    bad = connected.shop.create_order()
    connected.faults.objects.add("orders", bad, "any", "error_500")
    others = [connected.shop.create_order() for _ in range(3)]
    deliver(settings, "order", bad)

    woocommerce.sync("toko", settings)

    assert rows(settings, REJECTED, f"toko:{bad}")[0][::2] == ("woocommerce_orders", True)
    assert set(others) <= held(settings, "toko", "orders").keys()


def test_an_object_whose_own_address_fails_is_taken_from_a_listing(
    settings: Settings, connected: WooCommerceStandIn
) -> None:
    woocommerce.sync("toko", settings)
    number = max(connected.shop.orders)
    connected.faults.objects.add("orders", number, "single", "error_500")
    connected.shop.edit_order(number, bumps=False, payment_method_title="Tunai")
    deliver(settings, "order", number)

    woocommerce.sync("toko", settings)

    assert held(settings, "toko", "orders")[number]["payment_method_title"] == "Tunai"


@pytest.mark.parametrize("largest", [50, 30, 1])
def test_a_weak_host_is_asked_for_fewer_and_that_is_remembered(
    settings: Settings, connected: WooCommerceStandIn, largest: int
) -> None:
    connected.faults.objects.largest_page = largest
    woocommerce.sync("toko", settings)
    assert differences(settings, "toko", connected.shop) == []
    size = one(settings, "select page_size from app.stores where store_id = 'toko'")
    assert size == {50: 50, 30: 25, 1: 1}[largest]
    failed = Counter(each.status for each in connected.requests)[500]

    connected.shop.clock.pass_time(600)
    woocommerce.sync("toko", settings)

    assert Counter(each.status for each in connected.requests)[500] - failed <= 1, "no page is tried that was too large"
    assert rows(settings, "select * from raw.rejected") == []


@pytest.mark.parametrize("largest", [25, 5])
def test_full_pages_are_tried_again_after_a_week(
    settings: Settings, connected: WooCommerceStandIn, largest: int
) -> None:
    connected.faults.objects.largest_page = largest
    woocommerce.sync("toko", settings)
    connected.faults.objects.largest_page = None
    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute("update app.stores set page_size_at = now() - interval '8 days'")

    before = len(connected.requests)
    woocommerce.sync("toko", settings, full=True)

    sizes = {
        int(each.params.get("per_page", 0)) for each in connected.requests[before:] if each.path.endswith("orders")
    }
    assert 100 in sizes
    assert sizes.isdisjoint({25, 5}), "no portions of the old size"


def test_a_host_that_is_still_weak_after_a_week_is_remembered_for_another(
    settings: Settings, connected: WooCommerceStandIn
) -> None:
    connected.faults.objects.largest_page = 25
    woocommerce.sync("toko", settings)
    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute("update app.stores set page_size_at = now() - interval '8 days'")

    woocommerce.sync("toko", settings, full=True)

    query = "select page_size = 25 and page_size_at > now() - interval '1 day' from app.stores where store_id = 'toko'"
    assert one(settings, query) is True


def test_an_answer_that_is_too_large_is_asked_for_in_parts(
    settings: Settings, connected: WooCommerceStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sources.woocommerce.transport.MAX_ANSWER_BYTES", 20_000)
    woocommerce.sync("toko", settings)
    assert differences(settings, "toko", connected.shop) == []


def test_nothing_is_set_aside_while_a_shop_is_unreachable(settings: Settings, connected: WooCommerceStandIn) -> None:
    woocommerce.sync("toko", settings)
    connected.shop.clock.pass_time(600)
    deliver(settings, "order", max(connected.shop.orders))
    connected.faults.kinds, connected.faults.probability = ("bad_gateway",), 1.0

    with pytest.raises(ShopRefused, match="no usable answer"):
        woocommerce.sync("toko", settings)

    assert rows(settings, "select * from raw.rejected") == []
    assert client.ATTEMPTS >= 7
