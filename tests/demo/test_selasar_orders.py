"""What Toko Selasar sells: as much as a small shop, partly to those who chat with it, and the same every time."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from demo.buyers import chatters, visitors
from demo.orders import products, selasar
from demo.shop import LENGTH, Happening, story
from demo.woocommerce import Shop, WooCommerceStandIn
from sources.woocommerce.parcels import parcels_of
from tests.support.shop_client import Caller
from warehouse.identity import normalise_phone

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def happenings() -> list[Happening]:
    return story(NOW - LENGTH, NOW)


@pytest.fixture(scope="module")
def shop(happenings: list[Happening]) -> Shop:
    return selasar(happenings, NOW)


@pytest.mark.parametrize("now", [NOW, datetime(2027, 2, 3, 17, tzinfo=UTC), datetime(2026, 7, 1, 9, tzinfo=UTC)])
def test_two_months_have_about_900_orders_whenever_they_end(now: datetime) -> None:
    shop = selasar(story(now - LENGTH, now), now)
    assert 800 <= len(shop.orders) <= 1100
    assert 20 <= len(shop.refunds) <= 70
    assert len(shop.customers) > 150
    times = [each["date_modified_gmt"] for each in shop.orders.values()]
    assert f"{now - LENGTH:%Y-%m-%dT%H:%M:%S}" <= min(times)
    assert max(times) <= f"{now:%Y-%m-%dT%H:%M:%S}"


def test_it_is_the_same_every_time_and_a_later_one_continues_it(happenings: list[Happening], shop: Shop) -> None:
    again = selasar(happenings, NOW)
    assert dict(again.orders) == dict(shop.orders)
    assert again.customers == shop.customers
    now = NOW + timedelta(days=3)
    later = selasar(story(NOW - LENGTH, now), now)
    assert len(later.orders) > len(shop.orders)
    assert all(later.refunds[number] == refund for number, refund in shop.refunds.items())
    for number, order in shop.orders.items():
        kept = ("date_created_gmt", "billing", "customer_id", "line_items", "total")
        assert [later.orders[number][name] for name in kept] == [order[name] for name in kept]


def test_orders_are_of_every_kind(shop: Shop) -> None:
    orders = list(shop.orders.values())
    statuses = Counter(each["status"] for each in orders)
    assert statuses["completed"] > 600
    assert all(statuses[name] > 5 for name in ("processing", "cancelled", "failed", "refunded"))
    guests = sum(each["customer_id"] == 0 for each in orders)
    assert 0.3 < guests / len(orders) < 0.7
    assert sum(bool(each["coupon_lines"]) for each in orders) > 50
    assert {each["created_via"] for each in orders} == {"checkout", "admin"}
    assert {meta["value"] for each in shop.refunds.values() for meta in each["meta_data"]} == {"full", "partial"}
    buyers = Counter(each["billing"]["email"].lower() for each in orders if each["billing"]["email"])
    assert sum(count > 1 for count in buyers.values()) > 100
    assert all(Decimal(each["total"]) > 0 for each in orders)


def test_what_was_sent_has_a_tracking_number_of_its_own(shop: Shop) -> None:
    numbers = []
    for order in shop.orders.values():
        parcels = parcels_of(order)
        assert bool(parcels) == (order["date_completed"] is not None)
        numbers += [parcel["number"] for parcel in parcels]
        assert all(parcel["carrier"] == "JNE" for parcel in parcels)
        assert all(parcel["shipped_on"] == order["date_completed_gmt"][:10] for parcel in parcels)
    assert len(numbers) == len(set(numbers)) > 600


def test_some_who_chat_order_within_hours_or_days_under_the_same_number(
    happenings: list[Happening], shop: Shop
) -> None:
    first_words: dict[str, list[datetime]] = {}
    for each in happenings:
        if each.key.endswith("/1") and each.customer.phone:
            first_words.setdefault(each.customer.phone, []).append(each.at)
    waits = []
    for order in shop.orders.values():
        number = normalise_phone(order["billing"]["phone"])
        at = datetime.fromisoformat(f"{order['date_created_gmt']}+00:00")
        if number in first_words:
            waits += [min((at - word for word in first_words[number] if word < at), default=timedelta(999))]
    assert len(waits) > 150
    assert sum(wait < timedelta(days=1) for wait in waits) > 90
    assert sum(wait < timedelta(days=7) for wait in waits) > 0.9 * len(waits)


def test_numbers_are_written_in_many_ways_and_nobodys(shop: Shop) -> None:
    for customer, buyer in chatters().items():
        assert not buyer.phone or normalise_phone(buyer.phone) == customer.phone
    own = {normalise_phone(each.phone) for each in visitors() if each.phone}
    assert all(number and number.startswith("+62849") for number in own)
    assert not own & {customer.phone for customer in chatters()}
    written = {each["billing"]["phone"][:3] for each in shop.orders.values()}
    assert {"084", "+62", ""} <= written


def test_the_shop_answers_as_any_other(shop: Shop) -> None:
    with WooCommerceStandIn(shop) as stand_in:
        caller = Caller(stand_in)
        answer = caller.get("/wc/v3/orders", per_page=1)
        assert answer.headers["X-WP-Total"] == str(len(shop.orders))
        assert "." not in answer.json()[0]["total"]  # rupiah have no cents
        goods = caller.all("/wc/v3/products")
        shown = [each for each in goods if each["catalog_visibility"] == "visible"]
        assert {(each["name"], int(each["price"])) for each in shown} == {each[:2] for each in products()}
        assert len(goods) == len(shown) + 1, "one product is hidden"
        assert sum(each["stock_status"] == "outofstock" for each in shown) == 2
        reduced = [each for each in shown if each["on_sale"]]
        assert all(int(each["price"]) < int(each["regular_price"]) for each in reduced)
        assert len(reduced) == 2
        assert {each["name"] for each in caller.get("/wc/v3/products/categories").json()} >= {"Kopi", "Batik"}
