"""From a shop's change to `raw` and back: webhooks that `subscribe` made, the web app, and the sync that decides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import requests

from demo.woocommerce import Clock, Shop, ShopSettings, WooCommerceStandIn
from sources import woocommerce
from sources.woocommerce.responses import ShopRefused
from tests.support import webhook_shops as shops
from tests.support.synced_shops import differences
from tests.support.web import serving
from warehouse.settings import Settings
from webhook.app import create_app
from webhook.senders.woocommerce import secrets


@pytest.fixture
def kabar(settings: Settings) -> Iterator[Settings]:
    """The settings of a deployment whose web app runs at its public address."""
    with serving(create_app(settings)) as served:
        yield settings.model_copy(update={"public_url": served})


@pytest.fixture
def stand_in(kabar: Settings) -> Iterator[WooCommerceStandIn]:
    shop = Shop(
        settings=ShopSettings(timezone="Asia/Jakarta", currency="IDR"),
        clock=Clock(datetime(2026, 11, 22, 3, 0, tzinfo=UTC)),
    )
    for _ in range(4):
        shop.create_order()
    shop.create_product("Kemeja", 150_000)
    with WooCommerceStandIn(shop) as stand_in:
        woocommerce.add("batik", stand_in.url, stand_in.key, stand_in.secret, kabar)
        woocommerce.sync("batik", kabar)
        woocommerce.subscribe("batik", kabar)
        yield stand_in


def told(stand_in: WooCommerceStandIn) -> list[int | None]:
    """What Kabar answered to what the shop had to tell."""
    return [delivery.status for delivery in stand_in.webhooks.send()]


def test_what_no_date_tells_is_fetched_by_the_next_sync(kabar, stand_in, query):
    shop = stand_in.shop
    edited, trashed, deleted, refunded = sorted(shop.orders)
    told(stand_in)
    shop.edit_order(edited, payment_method_title="Transfer")
    shop.trash(trashed)
    shop.delete_order(deleted)
    shop.create_refund(refunded)
    shop.create_customer("siti@example.test")
    shop.edit_product(min(shop.products), price="160000")
    statuses = told(stand_in)
    assert statuses
    assert set(statuses) == {200}
    landed = query("select topic from raw.woocommerce_deliveries")
    assert {"order.updated", "order.deleted", "customer.created", "product.updated"} <= {topic for (topic,) in landed}
    shop.clock.pass_time(30)
    woocommerce.sync("batik", kabar)
    assert differences(kabar, "batik", shop) == []


def test_the_plugin_connects_again_and_the_webhooks_go_on(kabar, stand_in, query):
    code = woocommerce.invite("batik", kabar)
    registration = {"code": code, "url": stand_in.url, "consumer_key": stand_in.key, "consumer_secret": stand_in.secret}
    answer = requests.post(f"{kabar.public_url}/webhooks/woocommerce/register", json=registration, timeout=10)
    assert answer.json()["store"] == "batik"
    stand_in.shop.create_order()
    assert set(told(stand_in)) == {200}
    click = shops.click(secret=answer.json()["webhook_secret"])
    path = f"{kabar.public_url}/webhooks/woocommerce/batik/clicks"
    assert requests.post(path, **click, timeout=10).status_code == 200


def test_a_shop_that_disconnected_is_asked_for_nothing_until_it_is_connected_again(kabar, stand_in, query, monkeypatch):
    monkeypatch.setattr(secrets, "SHORTEST", 0.0)  # as if a second had gone by each time
    query("select app.disconnect_store('batik')")
    assert woocommerce.stores(kabar) == []
    with pytest.raises(ShopRefused, match="no shop is connected"):
        woocommerce.sync("batik", kabar)
    stand_in.shop.create_order()
    assert set(told(stand_in)) == {403}
    woocommerce.add("batik", stand_in.url, stand_in.key, stand_in.secret, kabar)
    assert woocommerce.subscribe("batik", kabar)["made"] == 0
    assert query("select disconnected_at, connected_at is not null from app.stores") == [(None, True)]
    stand_in.shop.create_order()
    assert set(told(stand_in)) == {200}
    woocommerce.sync("batik", kabar)
    assert differences(kabar, "batik", stand_in.shop) == []


def test_webhooks_that_were_given_up_are_mended(kabar, stand_in, query, monkeypatch):
    monkeypatch.setattr(secrets, "SHORTEST", 0.0)  # as if a second had gone by each time
    query("update app.stores set webhook_secret = null")  # nothing of the shop is believed now
    for _ in range(7):
        stand_in.shop.create_order()
    assert set(told(stand_in)) == {403}
    given_up = {each["topic"] for each in stand_in.shop.webhooks.values() if each["status"] == "disabled"}
    assert "order.created" in given_up
    woocommerce.add("batik", stand_in.url, stand_in.key, stand_in.secret, kabar)
    assert woocommerce.subscribe("batik", kabar)["mended"] == len(given_up)
    stand_in.shop.create_order()
    assert set(told(stand_in)) == {200}
