"""Reviews that customers write in the shop are on the dashboard after the next sync."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from demo.woocommerce import Clock, Shop, ShopSettings, WooCommerceStandIn
from pipeline import transform
from sources import woocommerce
from tests.support import dashboard_visitors, empty_marts, landed
from tests.support.database import Step
from warehouse.connection import transaction
from warehouse.settings import Settings

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def database_steps() -> Sequence[Step]:
    return (empty_marts.build,)


def test_the_stars_of_synced_reviews_are_counted_on_the_page(settings: Settings) -> None:
    with transaction("owner", settings) as connection:
        landed.message(connection)  # a shop has dashboards from its first message on
    shop = Shop(settings=ShopSettings(timezone="Asia/Jakarta", currency="IDR"), clock=Clock(NOW))
    product = shop.create_product("Kopi", 25_000)
    for days, stars in enumerate((5, 4, 2)):
        shop.create_review(product, stars, f"Ulasan {stars}", NOW - timedelta(days=days))
    shop.create_review(product, 1, "spam", NOW, status="spam")
    with WooCommerceStandIn(shop) as stand_in:
        woocommerce.add("default", stand_in.url, stand_in.key, stand_in.secret, settings)
        woocommerce.sync("default", settings)
    transform.build(settings=settings)
    transform.build_part("reviews", settings)

    client = dashboard_visitors.signed_in(dashboard_visitors.web(settings))
    page = client.get("/dashboards/satisfaction?from=2026-11-01&to=2026-11-30&lang=en")
    assert [dashboard_visitors.figure(page, card) for card in ("reviews", "average_stars")] == ["3", "3.67"]
