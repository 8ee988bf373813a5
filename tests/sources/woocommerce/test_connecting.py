"""What prevents connecting a shop is explained so that its owner can act on it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from demo.woocommerce import Clock, Shop, ShopSettings, WooCommerceStandIn
from demo.woocommerce.answers import Refused
from sources import woocommerce
from sources.woocommerce import shops
from sources.woocommerce.client import ShopClient
from sources.woocommerce.landing import land
from sources.woocommerce.objects import ORDERS, REFUNDS, Shape, Unreadable, read
from sources.woocommerce.responses import ShopRefused
from sources.woocommerce.zones import zone_of
from tests.support.synced_shops import one, rows
from warehouse.settings import Settings

pytestmark = pytest.mark.usefixtures("short_waits")

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.fixture
def stand_in() -> Iterator[WooCommerceStandIn]:
    shop = Shop(settings=ShopSettings(timezone="Asia/Jakarta", currency="IDR"), clock=Clock(NOW))
    shop.create_order()
    with WooCommerceStandIn(shop) as stand_in:
        yield stand_in


@pytest.fixture
def no_tls() -> Iterator[int]:
    """The port of a server that answers every greeting with something else than TLS."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                with server.accept()[0] as caller:
                    caller.recv(1000)
                    caller.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            except OSError:
                return

    threading.Thread(target=serve, daemon=True).start()
    yield server.getsockname()[1]
    server.close()


def test_an_unreachable_shop_is_reported(settings: Settings, stand_in: WooCommerceStandIn, no_tls: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        closed = taken.getsockname()[1]
    for url, words in (
        (f"http://127.0.0.1:{closed}", "cannot be reached"),
        (f"https://127.0.0.1:{no_tls}", "no secure connection"),
        (f"{stand_in.url}/no/shop", "whole address"),
    ):
        with pytest.raises(ShopRefused, match=words) as refused:
            woocommerce.add("toko", url, "ck_1", "cs_2", settings)
        assert "ck_1" not in str(refused.value)
    assert rows(settings, "select store_id from app.stores") == []


@pytest.mark.parametrize(
    ("key", "secret"), [("ck_…", "cs_2"), ("ck_1", "cs_"), ("cs_2", "ck_1"), ("", ""), ("ck_1 ck_2", "cs_2")]
)
def test_what_can_be_no_key_is_refused_without_repeating_it(settings: Settings, key: str, secret: str) -> None:
    with pytest.raises(ShopRefused, match="copy them whole"):
        woocommerce.add("toko", "https://shop.example", key, secret, settings)


def test_a_key_may_come_with_blanks_around_it(settings: Settings, stand_in: WooCommerceStandIn) -> None:
    woocommerce.add("toko", f" {stand_in.url}/ ", f"{stand_in.key}\n", f" {stand_in.secret}", settings)
    assert woocommerce.sync("toko", settings)["orders"].inserted == 1


def test_no_shop_has_the_name_that_registrations_go_to(settings: Settings) -> None:
    with pytest.raises(ShopRefused, match="no store may be called register"):
        woocommerce.add("register", "https://shop.example", "ck_1", "cs_2", settings, checked=False)
    with pytest.raises(ShopRefused, match="no store may be called register"):
        woocommerce.invite("register", settings)


def test_the_key_stays_away_from_wordpress_own_index(monkeypatch: pytest.MonkeyPatch) -> None:
    """WordPress would look for a user of that name and refuse its index, where anyone uses application passwords."""
    for url in ("https://shop.example/toko", "http://shop.example"):
        asked: list[tuple[str, Any]] = []
        with ShopClient(url, "ck_1", "cs_2") as client:

            def note(_method: str, url: str, auth: Any, asked: Any = asked, **_: Any) -> None:
                asked.append((url, auth))
                raise requests.exceptions.InvalidURL

            monkeypatch.setattr(client._transport._session, "request", note)
            for path in ("/", "/wc/v3/orders"):
                with pytest.raises(ShopRefused):
                    client.object(path, _fields=["id"])
        (index, index_auth), (orders, orders_auth) = asked
        assert index == f"{url}/wp-json/?_fields=id"
        assert not isinstance(index_auth, tuple)
        assert orders_auth == ("ck_1", "cs_2") or "oauth_signature=" in orders


def test_a_shop_with_a_closed_index_is_synced(
    settings: Settings, stand_in: WooCommerceStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(_: Shop) -> None:
        raise Refused(401, "rest_not_logged_in", "You are not logged in.")

    monkeypatch.setattr("demo.woocommerce.routes.index", closed)
    woocommerce.add("toko", stand_in.url, stand_in.key, stand_in.secret, settings)
    assert woocommerce.sync("toko", settings)["orders"].inserted == 1
    assert rows(settings, "select timezone, currency from app.stores") == [(None, "IDR")]
    said = "\n".join(woocommerce.check("toko", settings))
    for words in ("can read 1 orders", "access to WordPress's index", "IDR"):
        assert words in said


def test_a_zone_that_postgres_does_not_know_is_left_out(
    settings: Settings, stand_in: WooCommerceStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    woocommerce.add("toko", stand_in.url, stand_in.key, stand_in.secret, settings)
    monkeypatch.setattr("sources.woocommerce.shops.zone_of", lambda _: "Mars/Base")
    assert woocommerce.sync("toko", settings)["orders"].inserted == 1
    assert one(settings, "select timezone from app.stores") is None
    monkeypatch.setattr("sources.woocommerce.shops.zone_of", lambda _: "Asia/Jakarta")
    woocommerce.reconcile("toko", settings)
    monkeypatch.setattr("sources.woocommerce.shops.zone_of", lambda _: "Mars/Base")
    woocommerce.reconcile("toko", settings)
    assert one(settings, "select timezone from app.stores") == "Asia/Jakarta", "the one that is known stays"


def test_a_shop_that_says_nothing_of_its_zone_is_not_taken_to_be_in_utc() -> None:
    assert zone_of({}) is None
    assert zone_of({"timezone_string": "", "gmt_offset": ""}) == "UTC"


@pytest.mark.parametrize(
    "odd",
    [
        {"tax_lines": 5}, {"shipping_lines": ["x"]}, {"shipping_lines": [{"total": {}}]}, {"line_items": 7},
        {"line_items": [None]}, {"tax_lines": [{"shipping_tax_total": True}]},
    ],
)  # fmt: skip
def test_a_refund_whose_lines_cannot_be_added_up_is_unreadable(settings: Settings, odd: dict[str, Any]) -> None:
    refund = {"id": 2, "parent_id": 1, "amount": "5.00", "date_created_gmt": "2026-11-22T03:00:00", "tax_lines": None}
    shape = Shape.of(settings, "Asia/Jakarta")
    assert read(REFUNDS, refund, shape)[0]["order_id"] == 1
    with pytest.raises(Unreadable):
        read(REFUNDS, {**refund, **odd}, shape)


def test_such_a_refund_is_set_aside_and_stops_nothing(settings: Settings, stand_in: WooCommerceStandIn) -> None:
    shop = stand_in.shop
    whole = shop.create_refund(min(shop.orders))
    shop.refunds[whole]["tax_lines"] = [{"tax_total": "many"}]
    woocommerce.add("toko", stand_in.url, stand_in.key, stand_in.secret, settings)
    assert woocommerce.sync("toko", settings)["refunds"].rejected == 1
    assert woocommerce.reconcile("toko", settings).verdict == "fail"
    assert rows(settings, "select source, id from raw.rejected") == [("woocommerce_refunds", f"toko:{whole}")]


def test_half_a_character_in_a_status_stops_nothing(settings: Settings, stand_in: WooCommerceStandIn) -> None:
    shop = stand_in.shop
    number = shop.create_order()
    shop.put_order({**shop.orders[number], "status": "a\ud83d"})
    woocommerce.add("toko", stand_in.url, stand_in.key, stand_in.secret, settings)
    woocommerce.sync("toko", settings)
    woocommerce.reconcile("toko", settings)
    assert one(settings, "select count(*) from raw.woocommerce_orders") >= 1


@pytest.mark.parametrize(
    ("total", "is_landed"),
    [
        ("12.5", True), (12.5, True), (7, True), ("-3", True), (1e-07, True), (1e25, True), ("0012.10", True),
        ("1e3", False), ("+5", False), ("٥", False), (" 5", False), (1e300, False), ("", False), (True, False),
    ],
)  # fmt: skip
def test_a_total_lands_only_if_everyone_can_read_it(
    settings: Settings, stand_in: WooCommerceStandIn, total: Any, is_landed: bool
) -> None:
    """What lands must pass the expectations: else one order would stop the KPIs of every shop."""
    woocommerce.add("toko", stand_in.url, stand_in.key, stand_in.secret, settings)
    with shops.opened("toko", settings) as shop:
        order = {"id": 5, "status": "completed", "total": total, "date_created_gmt": "2026-11-22T03:00:00"}
        assert land(shop, ORDERS, [(order, NOW)]).inserted == is_landed
    regex = "^-?[0-9]{1,30}(\\.[0-9]{1,30})?$"
    assert one(settings, "select bool_and(body ->> 'total' ~ %s) from raw.woocommerce_orders", regex) is not False
