"""What is done to the stand-in shop has the side effects that it has in the real one."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from demo.woocommerce import Clock, Draft, Line, Parts, Shop, ShopSettings, WooCommerceStandIn, made_up_shop
from tests.support.shop_client import RECORDED, Caller

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
ORDERS = "/wc/v3/orders"
SAMPLES = RECORDED.parent / "woocommerce_samples"


@pytest.fixture
def shop() -> Shop:
    shop = Shop(settings=ShopSettings(timezone="Asia/Jakarta"), clock=Clock(NOON))
    shop.create_customer("ani@mail.example")
    shop.create_order(order(customer_id=1))
    shop.clock.pass_time(60)
    return shop


@pytest.fixture
def caller(shop: Shop) -> Iterator[Caller]:
    with WooCommerceStandIn(shop) as stand_in:
        yield Caller(stand_in)


def order(**fields: Any) -> Draft:
    lines = [Line(7, "Kopi", 2, Decimal(50))]
    return Draft(**{"lines": lines, "tax_rate": Decimal("0.1"), "shipping": Decimal(10), "paid_at": NOON, **fields})


def modified(shop: Shop, number: int = 1) -> str:
    return str(shop.orders[number]["date_modified_gmt"])


# Side effects


def test_an_edit_bumps_an_order_unless_it_is_silent(shop: Shop) -> None:
    before = modified(shop)
    shop.edit_items(1)
    assert (modified(shop), shop.orders[1]["total"]) == (before, "231.000000")
    shop.edit_order(1, bumps=False, customer_note="quietly")
    assert modified(shop) == before
    shop.edit_order(1, customer_note="aloud")
    assert modified(shop) == "2026-03-10T12:01:00"
    assert shop.orders[1]["date_modified"] == "2026-03-10T19:01:00"


def test_a_refund_bumps_its_order_and_its_deletion_does_not(shop: Shop) -> None:
    part = shop.create_refund(1, Decimal(21))
    assert modified(shop) == "2026-03-10T12:01:00"
    assert shop.orders[1]["refunds"] == [{"id": part, "reason": "", "total": "-21.000000"}]
    assert shop.refunds[part]["meta_data"][0]["value"] == "partial"
    assert shop.orders[1]["status"] == "processing"
    rest = shop.create_refund(1)
    assert (shop.refunds[rest]["amount"], shop.refunds[rest]["meta_data"][0]["value"]) == ("100.000000", "full")
    assert shop.orders[1]["status"] == "refunded"
    with pytest.raises(ValueError):
        shop.create_refund(1, Decimal(1))
    shop.clock.pass_time(60)
    shop.delete_refund(rest)
    assert modified(shop) == "2026-03-10T12:01:00"
    assert [each["id"] for each in shop.orders[1]["refunds"]] == [part]


def test_a_deleted_customers_orders_become_a_guests_without_a_bump(shop: Shop) -> None:
    before = modified(shop)
    shop.delete_customer(1)
    assert (shop.orders[1]["customer_id"], modified(shop)) == (0, before)


def test_the_trash_gives_back_what_it_took_but_deletion_does_not(shop: Shop, caller: Caller) -> None:
    shop.trash(1)
    assert caller.get(ORDERS).json() == []
    shop.restore(1)
    assert caller.get(f"{ORDERS}/1").json()["status"] == "processing"
    refund = shop.create_refund(1, Decimal(5))
    shop.delete_order(1)
    assert caller.get(f"{ORDERS}/1").status_code == 404
    assert caller.get("/wc/v3/refunds").json() == []
    assert refund not in shop.refunds


def test_goods_come_and_go(shop: Shop, caller: Caller) -> None:
    product = shop.create_product("Kemeja", 100)
    size = shop.create_variation(product, "Kemeja - M", 110)
    shop.clock.pass_time(60)
    shop.edit_variation(size, price="120")
    path = f"/wc/v3/products/{product}/variations"
    assert [each["price"] for each in caller.get(path).json()] == ["120"]
    since = {"modified_after": "2026-03-10T12:01:30", "dates_are_gmt": "true"}
    assert caller.ids("/wc/v3/products", **since) == []
    assert caller.ids(path, **since) == [size]
    shop.delete_product(product, for_good=False)
    assert caller.ids("/wc/v3/products") == []
    assert caller.get(f"/wc/v3/products/{product}").json()["status"] == "trash"
    shop.delete_product(product)
    assert caller.get(path).json() == []


def test_the_clock_shows_whole_seconds_and_ids_are_shared(shop: Shop) -> None:
    shop.clock.set(NOON.replace(microsecond=999_999))
    assert shop.clock() == NOON
    ids = [shop.create_order(order()), shop.create_product("Teh", 5), shop.create_refund(1, Decimal(1))]
    assert ids == [2, 3, 4]


# Analytics


def counted(caller: Caller, **params: str) -> tuple[int, float]:
    asked = {"after": "2026-03-01T00:00:00", "before": "2026-03-31T23:59:59", "interval": "month", **params}
    totals = caller.get("/wc-analytics/reports/orders/stats", **asked).json()["totals"]
    return totals["orders_count"], round(totals["net_revenue"], 2)


def test_analytics_follow_the_shop(shop: Shop, caller: Caller) -> None:
    assert counted(caller) == (1, 100)
    refund = shop.create_refund(1, Decimal(21))
    assert counted(caller) == (1, 79)
    shop.delete_refund(refund)
    second = shop.create_order(order(billing={"email": "ANI@mail.example"}))
    assert counted(caller) == (2, 200)
    assert (counted(caller, customer_type="new"), counted(caller, customer_type="returning")) == ((1, 100), (1, 100))
    shop.trash(1)
    assert counted(caller, customer_type="new") == (1, 100)
    shop.delete_order(second)
    assert counted(caller) == (0, 0)


def test_a_full_refund_takes_the_orders_whole_net_even_after_a_part(shop: Shop, caller: Caller) -> None:
    shop.create_refund(1, Decimal(21))
    shop.create_refund(1)
    assert counted(caller) == (1, -21)


def test_refunds_of_parts_take_their_own_taxes_and_shipping(shop: Shop, caller: Caller) -> None:
    one = shop.refunds[shop.create_refund(1, parts=Parts(((0, 1),)))]
    assert (one["amount"], one["line_items"][0]["quantity"]) == ("55.000000", -1)
    assert (one["line_items"][0]["total"], one["tax_lines"][0]["tax_total"]) == ("-50.000000", "-5.000000")
    assert counted(caller) == (1, 50)
    way = shop.refunds[shop.create_refund(1, parts=Parts(shipping=True))]
    assert (way["amount"], way["shipping_lines"][0]["total"]) == ("11.000000", "-10.000000")
    assert counted(caller) == (1, 50)  # a refund of nothing but shipping leaves net sales alone
    taxes = shop.refunds[shop.create_refund(1, parts=Parts(((0, 1),), only_taxes=True))]
    assert (taxes["amount"], taxes["tax_lines"][0]["tax_total"]) == ("5.000000", "-5.000000")
    assert counted(caller) == (1, 50)


def test_the_tables_of_a_running_shop_drift_until_they_are_rebuilt(shop: Shop, caller: Caller) -> None:
    shop.analytics.drifts = True
    assert counted(caller) == (1, 100)
    second, third = shop.create_order(order()), shop.create_order(order())
    refund = shop.create_refund(second, Decimal(10))
    assert counted(caller) == (3, 290)
    assert counted(caller, customer_type="returning") == (0, -10)  # a running shop flags refunds
    shop.trash(1)
    shop.delete_refund(refund)
    shop.delete_order(third)
    assert counted(caller) == (2, 190)
    shop.analytics.rebuild()
    assert counted(caller) == (1, 100)


# Shops made up


def lines(name: str) -> list[dict[str, Any]]:
    with gzip.open(RECORDED / name, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def shape(value: Any) -> Any:
    """The names that an object has, a list by its first entry."""
    if isinstance(value, dict):
        return {name: shape(each) for name, each in value.items() if name not in ("_links", "meta_data")}
    return shape(value[0]) if isinstance(value, list) and value else None


def test_made_up_objects_have_the_names_that_recorded_ones_have() -> None:
    shop = made_up_shop(200)
    recorded = json.loads((SAMPLES / "orders_page.json").read_text())
    whole = next(each for each in recorded if each["line_items"] and each["shipping_lines"])
    made = next(each for each in shop.orders.values() if each["shipping_lines"])
    assert shape({**made, "refunds": [], "fee_lines": [], "coupon_lines": []}).keys() == shape(whole).keys()
    for name in ("line_items", "shipping_lines", "tax_lines", "billing"):
        assert shape(made[name]).keys() == shape(whole[name]).keys()
    for name, objects in (("customers", shop.customers), ("products", shop.products), ("refunds", shop.refunds)):
        page = json.loads((SAMPLES / f"{name}_page.json").read_text())
        simple = next(each for each in page if each.get("type", "simple") == "simple")
        assert next(iter(objects.values())).keys() == simple.keys()
    coupon = shop.coupons[shop.create_coupon("ten", 10)]
    assert coupon.keys() == lines("coupons.jsonl.gz")[0].keys()


def test_a_made_up_shop_is_the_same_for_the_same_seed_and_its_listing_agrees_with_its_objects() -> None:
    one, two = made_up_shop(300, seed=5), made_up_shop(300, seed=5)
    assert len(one.orders) == 300
    for number, made in one.orders.items():
        head = one.orders.heads[number]
        assert made == two.orders[number]
        assert (head.status, head.created, head.created_gmt) == (
            made["status"], made["date_created"], made["date_created_gmt"],
        )  # fmt: skip
        assert (head.modified_gmt, head.customer_id) == (made["date_modified_gmt"], made["customer_id"])
    assert made_up_shop(300, seed=6).orders[1001] != one.orders[1001]
    one.edit_order(1001, customer_note="hello")
    assert one.orders[1001]["customer_note"] == "hello"
