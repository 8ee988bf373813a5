"""What is deleted in the shop is marked as deleted here, and ends no sync."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from demo.woocommerce import Clock, Shop, ShopSettings, WooCommerceStandIn
from demo.woocommerce.answers import Refused
from sources import woocommerce
from sources.woocommerce.by_id import refund_path
from sources.woocommerce.client import ShopClient
from sources.woocommerce.objects import RESOURCES
from sources.woocommerce.responses import NotFound, ShopRefused, error_for
from tests.sources.woocommerce.test_shops import deliver
from tests.support.synced_shops import differences, held, rows
from warehouse.settings import Settings

pytestmark = pytest.mark.usefixtures("short_waits")

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.fixture
def stand_in(settings: Settings) -> Iterator[WooCommerceStandIn]:
    """A shop with two objects of each kind, synced."""
    shop = Shop(settings=ShopSettings(timezone="Asia/Jakarta", currency="IDR"), clock=Clock(NOW))
    for number in range(2):
        shop.create_customer(f"siti{number}@example.test")
        product = shop.create_product(f"Kemeja {number}", 100_000)
        shop.create_variation(product, "M", 100_000)
        shop.create_refund(shop.create_order(at=NOW - timedelta(days=number + 1)))
        shop.create_coupon(f"promo{number}", 10)
        shop.categories[number + 1] = {"id": number + 1, "name": f"Batik {number}", "slug": f"batik-{number}"}
    with WooCommerceStandIn(shop) as stand_in:
        woocommerce.add("toko", stand_in.url, stand_in.key, stand_in.secret, settings)
        woocommerce.sync("toko", settings)
        stand_in.shop.clock.pass_time(600)
        yield stand_in


def delete(shop: Shop, kind: str) -> int:
    """Delete an object of a kind for good, a product with its variations and an order with its refunds; its id."""
    number = min(getattr(shop, kind))
    if kind == "variations":
        product = shop.variations.pop(number)["parent_id"]
        shop.edit_product(product, variations=[])
    elif kind == "categories":
        del shop.categories[number]
    else:
        getattr(shop, f"delete_{kind.removesuffix('s')}")(number)
    return number


@pytest.mark.parametrize("kind", RESOURCES)
@pytest.mark.parametrize("step", ["sync", "reconcile"])
def test_what_was_deleted_is_marked_and_the_sync_goes_on(
    settings: Settings, stand_in: WooCommerceStandIn, kind: str, step: str
) -> None:
    number = delete(stand_in.shop, kind)
    order = stand_in.shop.create_order()

    getattr(woocommerce, step)("toko", settings)
    stand_in.shop.clock.pass_time(60)
    woocommerce.sync("toko", settings)

    assert order in held(settings, "toko", "orders"), "the sync came to its end"
    reconciled = woocommerce.reconcile("toko", settings)
    assert number not in held(settings, "toko", kind)
    assert differences(settings, "toko", stand_in.shop) == []
    assert reconciled.verdict == "pass", [each for each in reconciled.findings if each.verdict != "pass"]
    assert woocommerce.check("toko", settings)[-1].startswith("The shop's currency"), "nothing stands in the way"


@pytest.mark.parametrize(("topic", "kind"), [("customer", "customers"), ("product", "products"), ("order", "orders"),
                                             ("coupon", "coupons")])  # fmt: skip
def test_what_a_delivery_names_and_is_gone_is_marked(
    settings: Settings, stand_in: WooCommerceStandIn, topic: str, kind: str
) -> None:
    number = delete(stand_in.shop, kind)
    deliver(settings, topic, number)
    deliver(settings, topic, 999_999)

    woocommerce.sync("toko", settings)

    asked = f"select deleted_at is not null from raw.woocommerce_{kind} where id = %s"
    assert rows(settings, asked, number) == [(True,)]
    assert [each.status for each in stand_in.requests if each.path.endswith(f"/{kind}/{number}")] == [404]


def test_a_refund_under_another_order_is_not_there(stand_in: WooCommerceStandIn) -> None:
    """The shop answers 500, and says in the body that it means 404."""
    first, second = sorted(stand_in.shop.refunds)
    order = stand_in.shop.refunds[second]["parent_id"]
    before = len(stand_in.requests)

    with ShopClient(stand_in.url, stand_in.key, stand_in.secret) as client:
        for parent in (order, 999_999):
            with pytest.raises(NotFound):
                client.object(refund_path(parent, first))

    assert [each.status for each in stand_in.requests[before:]] == [500, 500], "asked once each"


def error(code: str, data: Any) -> bytes:
    return json.dumps({"code": code, "message": "Nothing.", "data": data}).encode()


@pytest.mark.parametrize("code", ["wc_user_invalid_id", "woocommerce_rest_term_invalid", "a_plugin_has_no_such_order"])
def test_any_code_with_the_status_of_what_is_gone_means_gone(code: str) -> None:
    for status in (404, 410):
        assert isinstance(error_for(status, error(code, {"status": status})), NotFound)


@pytest.mark.parametrize(
    ("status", "content"),
    [
        (404, error("rest_no_route", {"status": 404})),
        (404, b"<html><body>Not found</body></html>"),
        (404, b'{"code": "not_found", "message": "no such host"}'),
        (404, b'{"error": "not found"}'),
        (404, b'{"data": {"status": 404}}'),
        (500, error("rest_no_route", 404)),
        (500, error("internal_server_error", {"status": 500})),
        (404, b""),
        (400, error("woocommerce_rest_shop_order_invalid_id", {"status": 400})),
        (401, error("woocommerce_rest_cannot_view", {"status": 401})),
    ],
)
def test_what_only_looks_like_it_does_not_mean_gone(status: int, content: bytes) -> None:
    assert not isinstance(error_for(status, content), NotFound)


def test_a_route_that_is_missing_marks_nothing_as_deleted(
    settings: Settings, stand_in: WooCommerceStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when WooCommerce is being updated: objects answer rest_no_route while listings still came through."""

    def no_route(_: str) -> Refused:
        return Refused(404, "rest_no_route", "No route was found matching the URL and request method.")

    delete(stand_in.shop, "customers")
    monkeypatch.setattr("demo.woocommerce.routes.missing", no_route)

    with pytest.raises(ShopRefused, match="no such WooCommerce address"):
        woocommerce.sync("toko", settings)

    assert rows(settings, "select id from raw.woocommerce_objects where deleted_at is not null") == []
