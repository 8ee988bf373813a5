"""What an older version did not ask for is fetched once, by the next sync, whatever stops it on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from demo.woocommerce import Clock, Shop, ShopSettings, WooCommerceStandIn
from sources import woocommerce
from tests.support.synced_shops import differences, one
from warehouse.connection import transaction
from warehouse.settings import Settings

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
MONTHS = 4
PARCELS = "select count(*) from raw.woocommerce_orders where body -> 'parcels' -> 0 ->> 'number' = 'JP123'"


@pytest.fixture
def stand_in(settings: Settings) -> Iterator[WooCommerceStandIn]:
    """A shop that an older version has synced: no parcels, no stock, and positions without a list of fields."""
    shop = Shop(settings=ShopSettings(timezone="Asia/Jakarta", currency="IDR"), clock=Clock(NOW))
    parcel = [{"id": 1, "key": "_tracking_number", "value": "JP123"}]
    for number in range(MONTHS):
        order = shop.create_order(at=NOW - timedelta(days=31 * number + 1))
        shop.edit_order(order, bumps=False, meta_data=parcel)
    shop.trash(shop.create_order(at=NOW - timedelta(days=2)))
    shop.create_variation(shop.create_product("Ketel", 90), "Ketel - 1 liter", 90)
    with WooCommerceStandIn(shop) as stand_in:
        woocommerce.add("toko", stand_in.url, stand_in.key, stand_in.secret, settings)
        woocommerce.sync("toko", settings)
        with transaction("owner", settings) as connection, connection.cursor() as cursor:
            cursor.execute("update app.sync_positions set fields = null")
            for kind, fields in (("orders", "{parcels}"), ("products", "{stock_status}"), ("variations", "{price}")):
                cursor.execute(f"update raw.woocommerce_{kind} set body = body - %s::text[]", (fields,))
        shop.clock.pass_time(3600)
        stand_in.requests.clear()
        yield stand_in


def fetched(stand_in: WooCommerceStandIn) -> Counter[str]:
    """Requests by path, since the last time."""
    asked = Counter(request.path for request in stand_in.requests)
    stand_in.requests.clear()
    return asked


def test_the_next_sync_fetches_the_new_fields_once_and_tells_how_far_it_is(
    settings: Settings, stand_in: WooCommerceStandIn
) -> None:
    assert differences(settings, "toko", stand_in.shop) != []
    told: list[tuple[str, int, int]] = []

    woocommerce.sync("toko", settings, on_progress=lambda *progress: told.append(progress))

    assert differences(settings, "toko", stand_in.shop) == []
    assert one(settings, PARCELS) == MONTHS
    orders = [(read, total) for name, read, total in told if name == "orders"]
    assert orders[-1] == (MONTHS, MONTHS), "the progress of all orders"
    assert [read for read, _ in orders] == sorted(read for read, _ in orders)
    assert {"products", "variations"} <= {name for name, _, _ in told}
    fetched(stand_in)

    synced = woocommerce.sync("toko", settings)

    assert max(fetched(stand_in).values()) <= 2
    assert sum(loaded.inserted + loaded.updated for loaded in synced.values()) == 0


def test_what_changed_meanwhile_is_not_lost(settings: Settings, stand_in: WooCommerceStandIn) -> None:
    shop = stand_in.shop
    edited, *_ = sorted(shop.orders)

    def edit(name: str, read: int, total: int) -> None:
        if name == "orders" and read == MONTHS:
            shop.edit_order(edited, payment_method_title="Transfer")

    woocommerce.sync("toko", settings, on_progress=edit)
    shop.clock.pass_time(60)
    woocommerce.sync("toko", settings)
    assert differences(settings, "toko", shop) == []


def test_a_sync_that_is_stopped_goes_on_where_it_was(settings: Settings, stand_in: WooCommerceStandIn) -> None:
    class Stopped(Exception):
        pass

    def stop(name: str, read: int, total: int) -> None:
        if name == "orders" and read == MONTHS - 1:
            raise Stopped

    with pytest.raises(Stopped):
        woocommerce.sync("toko", settings, on_progress=stop)
    done = one(settings, PARCELS)
    assert 0 < done < MONTHS
    read: list[Any] = []

    woocommerce.sync("toko", settings, on_progress=lambda *progress: read.append(progress))

    assert differences(settings, "toko", stand_in.shop) == []
    assert max(count for name, count, _ in read if name == "orders") <= MONTHS - done + 1


def test_a_list_that_changes_again_is_fetched_again(settings: Settings, stand_in: WooCommerceStandIn) -> None:
    woocommerce.sync("toko", settings)
    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute("update app.sync_positions set fields = 'older' where source like 'woocommerce_products'")
        cursor.execute("update raw.woocommerce_products set body = body - 'stock_status'")
    stand_in.shop.clock.pass_time(3600)
    fetched(stand_in)
    woocommerce.sync("toko", settings)
    assert differences(settings, "toko", stand_in.shop) == []
    assert fetched(stand_in)["/wc/v3/orders"] <= 2, "only the kind whose list changed"
