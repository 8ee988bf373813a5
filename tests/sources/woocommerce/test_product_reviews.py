"""A shop's product reviews land with its sync: the approved ones, as they are now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from demo.woocommerce import Clock, Shop, ShopSettings, WooCommerceStandIn
from sources import woocommerce
from tests.support.synced_shops import one, rows
from warehouse.connection import transaction
from warehouse.settings import Settings

pytestmark = pytest.mark.usefixtures("short_waits")

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
CURRENT = "select review_id::int, version, rating, text from raw.current_reviews order by 1"


@pytest.fixture
def stand_in(settings: Settings) -> Iterator[WooCommerceStandIn]:
    shop = Shop(settings=ShopSettings(timezone="Asia/Jakarta", currency="IDR"), clock=Clock(NOW))
    product = shop.create_product("Kopi &amp; Teh", 25_000)
    for number in range(3):
        shop.create_review(product, 5 - number, f"Ulasan {number + 1}", NOW - timedelta(days=3 - number))
    shop.create_review(product, 1, "spam", status="spam")
    shop.create_review(product, 1, "menunggu", status="hold")
    with WooCommerceStandIn(shop) as stand_in:
        woocommerce.add("toko", stand_in.url, stand_in.key, stand_in.secret, settings)
        yield stand_in


def sync(settings: Settings, stand_in: WooCommerceStandIn, after: float = 900, full: bool = False) -> list[str]:
    """Sync once more; the paths of reviews that were asked for."""
    stand_in.shop.clock.pass_time(after)
    stand_in.requests.clear()
    woocommerce.sync("toko", settings, full)
    return [each.path for each in stand_in.requests if "/reviews" in each.path]


def read_all_long_ago(settings: Settings) -> None:
    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute("update app.sync_positions set position = position - interval '21 hours'"
                       " where source = 'woocommerce_reviews'")  # fmt: skip


def test_approved_reviews_land_as_reviews_of_their_product(settings: Settings, stand_in: WooCommerceStandIn) -> None:
    synced = woocommerce.sync("toko", settings)
    assert synced["reviews"].inserted == 3
    landed = "select store_id, source, rating, text, author, product, created_at from raw.reviews where review_id = '1'"
    expected = ("toko", "woocommerce", 5, "Ulasan 1", "Siti", "Kopi & Teh", NOW - timedelta(days=3))
    assert rows(settings, landed) == [expected]


def test_tags_and_entities_are_no_part_of_the_text_and_an_old_shop_gives_no_name(
    settings: Settings, stand_in: WooCommerceStandIn
) -> None:
    stand_in.shop.edit_review(1, review="Bagus &amp; <strong>cepat</strong>\nsekali", product_name="")
    woocommerce.sync("toko", settings)
    read = "select text, product from raw.reviews where review_id = '1'"
    assert rows(settings, read) == [("Bagus & cepat\nsekali", "Kopi & Teh")]


def test_a_sync_without_changes_reads_one_page(settings: Settings, stand_in: WooCommerceStandIn) -> None:
    woocommerce.sync("toko", settings)
    before = rows(settings, "select * from raw.reviews order by review_id")
    assert len(sync(settings, stand_in)) == 1
    assert rows(settings, "select * from raw.reviews order by review_id") == before


def test_new_and_edited_reviews_become_current_even_if_an_edit_is_undone(
    settings: Settings, stand_in: WooCommerceStandIn
) -> None:
    woocommerce.sync("toko", settings)
    shop = stand_in.shop
    shop.create_review(min(shop.products), 2, "Baru")
    for text in ("Ulasan 1 diubah", "Ulasan 1"):
        shop.edit_review(1, review=text)
        sync(settings, stand_in)
    assert rows(settings, CURRENT)[0] == (1, 3, 5, "Ulasan 1")
    assert [row[0] for row in rows(settings, CURRENT)] == [1, 2, 3, 6]


@pytest.mark.parametrize("how", ["trash", "hold", "spam", "deleted"])
def test_what_is_no_longer_approved_is_not_current_until_it_is_again(
    settings: Settings, stand_in: WooCommerceStandIn, how: str
) -> None:
    woocommerce.sync("toko", settings)
    kept = stand_in.shop.reviews[2]
    if how == "deleted":
        stand_in.shop.delete_review(2)
    else:
        stand_in.shop.edit_review(2, status=how)
    sync(settings, stand_in)
    assert [row[0] for row in rows(settings, CURRENT)] == [1, 3]
    assert (
        one(settings, "select text from raw.reviews where review_id = '2' and withdrawn_at is not null") == "Ulasan 2"
    )
    stand_in.shop.reviews[2] = kept
    stand_in.shop.touch()
    sync(settings, stand_in)
    assert rows(settings, CURRENT)[1] == (2, 1, 4, "Ulasan 2")


def test_one_that_comes_while_another_goes_is_found_within_a_day(
    settings: Settings, stand_in: WooCommerceStandIn
) -> None:
    woocommerce.sync("toko", settings)
    stand_in.shop.edit_review(1, status="trash")
    stand_in.shop.edit_review(5, status="approved")
    sync(settings, stand_in)
    read_all_long_ago(settings)
    sync(settings, stand_in)
    assert [row[0] for row in rows(settings, CURRENT)] == [2, 3, 5]


def test_many_reviews_are_read_page_by_page(settings: Settings, stand_in: WooCommerceStandIn) -> None:
    product = min(stand_in.shop.products)
    for number in range(250):
        stand_in.shop.create_review(product, 1 + number % 5, f"Banyak {number}")
    woocommerce.sync("toko", settings)
    assert one(settings, "select count(*) from raw.current_reviews") == 253
    stand_in.shop.edit_review(1, review="lama diubah")
    assert len(sync(settings, stand_in)) == 1
    read_all_long_ago(settings)
    sync(settings, stand_in)
    assert rows(settings, CURRENT)[0][1:] == (2, 5, "lama diubah")


def test_a_review_without_stars_is_set_aside_once_and_costs_no_requests(
    settings: Settings, stand_in: WooCommerceStandIn
) -> None:
    stand_in.shop.edit_review(3, rating=0)
    assert woocommerce.sync("toko", settings)["reviews"].rejected == 1
    waiting = "select id, reason from raw.rejected where resolved_at is null"
    assert rows(settings, waiting) == [("toko:3", "no rating")]
    assert len(sync(settings, stand_in)) == 1
    stand_in.shop.edit_review(3, rating=2)
    sync(settings, stand_in)
    assert rows(settings, waiting) == []
    assert len(rows(settings, CURRENT)) == 3


def test_a_shop_without_reviews_is_synced_and_checked(settings: Settings, stand_in: WooCommerceStandIn) -> None:
    stand_in.shop.settings.has_reviews = False
    stand_in.shop.create_order()
    synced = woocommerce.sync("toko", settings)
    assert (synced["orders"].inserted, synced["reviews"].read) == (1, 0)
    assert any("from 3.5 on" in sentence for sentence in woocommerce.check("toko", settings))
    stand_in.shop.settings.has_reviews = True
    assert any("3 product reviews" in sentence for sentence in woocommerce.check("toko", settings))
    assert len(sync(settings, stand_in)) > 0
    assert len(rows(settings, CURRENT)) == 3
