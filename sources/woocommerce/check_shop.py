"""Checks whether a shop can be synced, for the person who connects it."""

from __future__ import annotations

from typing import Any

from sources.woocommerce import product_reviews
from sources.woocommerce.client import ShopClient
from sources.woocommerce.responses import ShopRefused
from sources.woocommerce.shops import read_index, read_store, zone_of
from warehouse.connection import connect
from warehouse.settings import Settings


def check_shop(store_id: str, settings: Settings) -> list[str]:
    """Sentences on address, keys, permission, version, order storage, time zone and currency, up to the first obstacle
    to a sync. Raises ShopRefused if no shop of that name is connected."""
    with connect("loader", settings) as connection:
        store = read_store(connection, store_id, settings)
    sentences: list[str] = []
    with ShopClient(store.url, store.key, store.secret) as client:
        try:
            index = read_index(client, "namespaces", "timezone_string", "gmt_offset")
            sentences.append(f"The address {store.url} answers.")
            if store.url.startswith("http://"):
                sentences.append("It is http: requests are signed, but what the shop answers travels in the clear.")
            if index is not None and "wc/v3" not in (index.get("namespaces") or []):
                return [*sentences, "WooCommerce is not active there, or is older than 3.5: nothing can be synced."]
            orders = client.listing("/wc/v3/orders", per_page=1, _fields=["id"])
            sentences.append(f"The key is right: it sees {orders.total} orders.")
        except ShopRefused as error:
            return [*sentences, f"It does not work: {error}."]
        sentences.append(_permission(client))
        sentences.append(_reviews(client))
        sentences += _described(client, index)
    return sentences


def _permission(client: ShopClient) -> str:
    """Whether the key may write, which only webhooks need; tried on an order that cannot exist."""
    try:
        client.send("PUT", "/wc/v3/orders/0", {})
    except ShopRefused as error:
        if error.status in (401, 403):
            return "The key may read but not write: syncing works, webhooks (subscribe) need a key with Read/Write."
    return "The key may read and write."


def _reviews(client: ShopClient) -> str:
    """Whether product reviews can be read; everything else is synced without them."""
    try:
        reviews = client.listing(product_reviews.PATH, per_page=1, _fields=["id"])
    except ShopRefused as error:
        if not product_reviews.is_without_reviews(error):
            raise
        if error.code == "rest_no_route":
            return ("The shop gives no product reviews, which WooCommerce does from 3.5 on: everything else is synced "
                    "without them.")  # fmt: skip
        return "The key may not read product reviews: everything else is synced without them."
    return f"The shop shows {reviews.total} product reviews."


def _described(client: ShopClient, index: dict[str, Any] | None) -> list[str]:
    try:
        status = client.object("/wc/v3/system_status", _fields=["environment", "settings"]).value
    except ShopRefused as error:
        return [f"The shop's status cannot be read: {error}. The key must be an administrator's."]
    environment, shop_settings = ((status.get(name) or {}) for name in ("environment", "settings"))
    hpos = shop_settings.get("HPOS_enabled")
    storage = "in tables of their own (HPOS)" if hpos else "as posts (the old way)"
    return [
        f"WooCommerce {environment.get('version') or 'of an unknown version'} keeps orders {storage}.",
        _zone_sentence(index),
        f"The shop's currency is {shop_settings.get('currency') or 'unknown'}.",
    ]  # fmt: skip


def _zone_sentence(index: dict[str, Any] | None) -> str:
    if index is None:
        return "The shop's time zone cannot be seen: a plugin closes WordPress's index (/wp-json/) to strangers."
    if zone := zone_of(index):
        return f"The shop's time zone is {zone}."
    return "The shop's time zone is an offset that no zone has all year: set a city in WordPress, Settings, General."
