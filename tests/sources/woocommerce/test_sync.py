"""A shop lands whole, hidden orders too, and a second sync costs next to nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.woocommerce import WooCommerceStandIn, recorded_shop
from sources import woocommerce
from tests.support.synced_shops import differences, one, rows
from warehouse.settings import ROOT, Settings

RECORDED = ROOT / "tests" / "data" / "woocommerce_shop"


@pytest.fixture(scope="module")
def stand_in() -> Iterator[WooCommerceStandIn]:
    with WooCommerceStandIn(recorded_shop(Path(RECORDED))) as stand_in:
        yield stand_in


@pytest.fixture
def connected(settings: Settings, stand_in: WooCommerceStandIn) -> WooCommerceStandIn:
    woocommerce.add("toko", stand_in.url, stand_in.key, stand_in.secret, settings)
    return stand_in


def test_the_recorded_shop_lands_whole_after_one_reconciliation(
    settings: Settings, connected: WooCommerceStandIn
) -> None:
    synced = woocommerce.sync("toko", settings)
    assert synced["orders"].inserted == 1956, "what the listings show"

    reconciled = woocommerce.reconcile("toko", settings)

    assert differences(settings, "toko", connected.shop) == []
    assert one(settings, "select count(*) from raw.woocommerce_orders where store_id = 'toko'") == 1956 + 41
    assert reconciled.verdict == "pass", [each for each in reconciled.findings if each.verdict != "pass"]
    assert one(settings, "select verdict from quality.current_reconciliations where store_id = 'toko'") == "pass"
    assert rows(settings, "select * from raw.rejected") == []


def test_a_second_sync_with_nothing_new_asks_at_most_twice_a_resource(
    settings: Settings, connected: WooCommerceStandIn
) -> None:
    woocommerce.sync("toko", settings)
    before = len(connected.requests)

    synced = woocommerce.sync("toko", settings)

    asked = Counter(request.path for request in connected.requests[before:])
    print(f"requests of a sync with nothing new: {dict(asked)}")
    assert max(asked.values()) <= 2
    assert sum(loaded.inserted + loaded.updated + loaded.deleted for loaded in synced.values()) == 0
