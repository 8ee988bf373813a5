"""A reconciliation fails for differences in sales, unless they are explained row by row or dismissed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from demo.woocommerce import Clock, Draft, Line, Shop, ShopSettings, WooCommerceStandIn
from sources import woocommerce
from sources.woocommerce.findings import Finding
from sources.woocommerce.responses import ShopRefused
from tests.support.synced_shops import held, one, rows
from warehouse.settings import Settings

pytestmark = pytest.mark.usefixtures("short_waits")

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.fixture
def stand_in(settings: Settings) -> Iterator[WooCommerceStandIn]:
    shop = Shop(settings=ShopSettings(timezone="Asia/Jakarta", currency="IDR"), clock=Clock(NOW))
    shop.create_coupon("kode", 10, at=NOW - timedelta(days=99))
    for number in range(30):
        at = NOW - timedelta(days=2 * number + 2)
        order = shop.create_order(Draft([Line(0, "Kopi", 2, Decimal(10))], paid_at=at), at=at)
        if number % 10 == 5:
            shop.create_refund(order, Decimal(5))
    with WooCommerceStandIn(shop) as stand_in:
        woocommerce.add("toko", stand_in.url, stand_in.key, stand_in.secret, settings)
        woocommerce.sync("toko", settings)
        shop.clock.pass_time(600)
        yield stand_in


def findings(settings: Settings) -> dict[tuple[str, str], Finding]:
    """The findings of a reconciliation that are not plain matches."""
    found = woocommerce.reconcile("toko", settings).findings
    return {(each.subject, each.period): each for each in found if not each.reason.startswith("no difference after")}


def verdicts(settings: Settings) -> dict[tuple[str, str], str]:
    return {key: each.verdict for key, each in findings(settings).items() if each.verdict != "pass"}


def test_a_refund_of_no_order_warns_until_it_is_dismissed(settings: Settings, stand_in: WooCommerceStandIn) -> None:
    refund = stand_in.shop.refunds[min(stand_in.shop.refunds)]
    lost = {**refund, "id": stand_in.shop.next_id(), "parent_id": 0}
    stand_in.shop.refunds[lost["id"]] = lost
    stand_in.shop.touch()

    name = f"refunds {lost['id']}"
    assert verdicts(settings) == {("set aside", "all"): "warn", (name, "all"): "warn"}
    assert woocommerce.rejected("toko", settings) == [f"{name}: no order"]

    with pytest.raises(ShopRefused, match="reason"):
        woocommerce.dismiss("toko", "refunds", [str(lost["id"])], " ", settings)
    with pytest.raises(ShopRefused, match="no open finding"):
        woocommerce.dismiss("toko", "refunds", ["999"], "Tes.", settings)
    with pytest.raises(ShopRefused, match=r"refunds 998 999, so nothing was dismissed"):
        woocommerce.dismiss("toko", "refunds", ["998", str(lost["id"]), "999"], "Tes.", settings)
    with pytest.raises(ShopRefused, match="either ids of objects or periods"):
        woocommerce.dismiss("toko", "refunds", [str(lost["id"]), "all"], "Tes.", settings)
    assert woocommerce.rejected("toko", settings) == [f"{name}: no order"]
    assert woocommerce.dismiss("toko", "refunds", [str(lost["id"])] * 2, "Left by a plugin.", settings) == 1
    assert verdicts(settings) == {}
    assert woocommerce.rejected("toko", settings) == [f"{name}: no order (dismissed: Left by a plugin.)"]
    assert findings(settings)[name, "all"].reason.endswith("dismissed: Left by a plugin.")


def test_a_dismissed_object_that_fails_otherwise_is_open_again(
    settings: Settings, stand_in: WooCommerceStandIn
) -> None:
    number = min(stand_in.shop.orders)
    order = stand_in.shop.orders[number]
    stand_in.shop.put_order({**order, "total": "many"})
    assert verdicts(settings)[f"orders {number}", "all"] == "fail", "an order changes figures"
    woocommerce.dismiss("toko", "orders", [str(number)], "A test order.", settings)
    assert ("set aside", "all") not in verdicts(settings)

    stand_in.shop.put_order({**order, "status": ""})
    assert verdicts(settings)[f"orders {number}", "all"] == "fail"


def test_a_total_that_counts_what_no_listing_shows_warns_and_is_checked_once(
    settings: Settings, stand_in: WooCommerceStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    routes = stand_in._routes
    listed = routes._listed

    def one_more(page: Any, show: Any) -> Any:
        answer = listed(page, show)
        if page.total and show == stand_in.shop.coupons.__getitem__:
            answer.headers["X-WP-Total"] = str(page.total + 1)
        return answer

    monkeypatch.setattr(routes, "_listed", one_more)

    assert verdicts(settings) == {("coupons", "all"): "warn"}
    woocommerce.sync("toko", settings)
    before = len(stand_in.requests)
    woocommerce.sync("toko", settings)
    asked = [each for each in stand_in.requests[before:] if each.path.endswith("/coupons")]
    assert len(asked) == 1, "the ids are not read again"
    woocommerce.dismiss("toko", "coupons", ["all"], "A hidden coupon of a plugin.", settings)
    assert one(settings, "select verdict from quality.current_reconciliations") == "pass", "at once"
    assert verdicts(settings) == {}
    stand_in.shop.create_coupon("baru", 5)
    stand_in.shop.clock.pass_time(600)
    assert verdicts(settings) == {("coupons", "all"): "warn"}, "the figures are others"


def test_rows_that_analytics_keeps_of_the_trash_are_explained(settings: Settings, stand_in: WooCommerceStandIn) -> None:
    shop = stand_in.shop
    shop.analytics.rows()
    shop.analytics.drifts = True
    shop.trash(sorted(shop.orders)[3])
    shop.delete_refund(min(shop.refunds))
    shop.clock.pass_time(60)

    found = findings(settings)

    assert {each.verdict for each in found.values()} == {"pass"}, [x for x in found.values() if x.verdict != "pass"]
    explained = " ".join(each.reason for each in found.values() if "explained by rows of Analytics" in each.reason)
    assert "1 in the trash that Analytics still counts" in explained
    assert "1 that were deleted and that Analytics still counts" in explained


def test_what_analytics_has_not_imported_yet_is_explained(settings: Settings, stand_in: WooCommerceStandIn) -> None:
    shop = stand_in.shop
    shop.analytics.imports_every = timedelta(hours=12)
    shop.analytics.rows()
    for _ in range(3):
        shop.create_order()
    shop.set_status(max(shop.orders) - 10, "cancelled")
    unpaid = shop.create_order(Draft([Line(0, "Teh", 1, Decimal(7))], status="on-hold", paid_at=None))
    shop.clock.pass_time(600)

    found = findings(settings)

    assert {each.verdict for each in found.values()} == {"pass"}, [x for x in found.values() if x.verdict != "pass"]
    assert unpaid in held(settings, "toko", "orders")
    shop.clock.pass_time(13 * 3600)
    shop.create_order()
    shop.analytics.rows()
    shop.clock.pass_time(60)
    assert not any("explained by rows" in each.reason for each in findings(settings).values())


def test_a_difference_that_nothing_explains_still_warns(settings: Settings, stand_in: WooCommerceStandIn) -> None:
    shop = stand_in.shop
    tables = shop.analytics.rows()
    number = sorted(shop.orders)[3]
    tables[number] = type(tables[number])(**{**vars(tables[number]), "net": tables[number].net + 3})
    found = verdicts(settings)
    assert set(found.values()) == {"warn"}
    assert all(subject.startswith("analytics") for subject, _ in found)


def test_the_next_sync_notices_an_order_that_was_deleted_permanently(
    settings: Settings, stand_in: WooCommerceStandIn
) -> None:
    number = sorted(stand_in.shop.orders)[7]
    stand_in.shop.delete_order(number)
    assert "order.deleted" not in {topic for topic, _ in stand_in.shop.happenings}, "as in WooCommerce 10.5"

    woocommerce.sync("toko", settings)

    assert number not in held(settings, "toko", "orders")
    before = len(stand_in.requests)
    woocommerce.sync("toko", settings)
    assert len(stand_in.requests) - before <= 14


def test_orders_that_no_listing_shows_do_not_hide_a_deleted_one(
    settings: Settings, stand_in: WooCommerceStandIn
) -> None:
    shop = stand_in.shop
    shop.register_status("packing")
    hidden, gone = sorted(shop.orders)[4:6]
    shop.set_status(hidden, "packing")
    woocommerce.sync("toko", settings)
    shop.unregister_status("packing")
    shop.clock.pass_time(600)
    woocommerce.sync("toko", settings)
    shop.delete_order(gone)
    woocommerce.sync("toko", settings)
    orders = held(settings, "toko", "orders")
    assert hidden in orders
    assert gone not in orders


def test_a_coupons_new_amount_comes_with_the_next_sync(settings: Settings, stand_in: WooCommerceStandIn) -> None:
    number = min(stand_in.shop.coupons)
    dated = stand_in.shop.coupons[number]["date_modified_gmt"]
    stand_in.shop.edit_coupon(number, amount="25.00")
    assert stand_in.shop.coupons[number]["date_modified_gmt"] == dated, "as in WooCommerce"
    woocommerce.sync("toko", settings)
    assert held(settings, "toko", "coupons")[number]["amount"] == "25.00"


def test_the_nightly_run_activates_webhooks_that_the_shop_disabled(
    settings: Settings, stand_in: WooCommerceStandIn
) -> None:
    public = settings.model_copy(update={"public_url": "https://kabar.example"})
    woocommerce.subscribe("toko", public)
    hooks = stand_in.shop.webhooks
    disabled, paused = sorted(hooks)[:2]
    hooks[disabled] = {**hooks[disabled], "status": "disabled"}
    hooks[paused] = {**hooks[paused], "status": "paused"}
    hooks[999] = {**hooks[disabled], "id": 999, "delivery_url": "https://elsewhere.example"}

    found = woocommerce.reconcile("toko", public)

    assert [each.reason for each in found.findings if each.subject == "webhooks"] == [
        "1 that the shop had disabled after failed deliveries are active again"
    ]
    assert [hooks[number]["status"] for number in (disabled, paused, 999)] == ["active", "paused", "disabled"]


def test_ids_that_no_order_has_are_asked_for_once(settings: Settings, stand_in: WooCommerceStandIn) -> None:
    shop = stand_in.shop

    def create_hidden() -> int:
        """An unpaid order in a status that no listing shows, among ids that no order has."""
        for _ in range(40):
            shop.next_id()
        number = shop.create_order(Draft([Line(0, "Teh", 1, Decimal(7))], status="on-hold", paid_at=None))
        shop.set_status(number, "packing")
        for _ in range(40):
            shop.next_id()
        shop.create_order()
        shop.clock.pass_time(600)
        return number

    def missed() -> int:
        """How many requests of a reconciliation find nothing."""
        before = len(stand_in.requests)
        woocommerce.reconcile("toko", settings)
        return [each.status for each in stand_in.requests[before:]].count(404)

    first = create_hidden()
    assert missed() >= 40
    second = create_hidden()
    assert missed() < 200, "80 new ids, and those beyond the newest"
    assert {first, second} <= held(settings, "toko", "orders").keys()
    free = {number for (number,) in rows(settings, "select id from app.woocommerce_free_ids")}
    assert len(free) >= 80
    before = len(stand_in.requests)
    create_hidden()
    woocommerce.reconcile("toko", settings)
    asked = {int(each.path.rpartition("/")[2]) for each in stand_in.requests[before:] if each.status == 404}
    assert not asked & free
