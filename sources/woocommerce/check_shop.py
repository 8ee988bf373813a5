"""Checks whether a shop can be synced, for the person who connects it."""

from __future__ import annotations

from typing import Any

from psycopg2.extensions import connection as Connection  # noqa: N812

from sources.woocommerce import product_reviews
from sources.woocommerce.client import ShopClient
from sources.woocommerce.responses import ShopRefused
from sources.woocommerce.shops import Store, known_zone, lists_by_modification, read_index, read_store
from sources.woocommerce.zones import given_zone, names_of, zone_of
from warehouse.connection import connect
from warehouse.settings import Settings


def check_shop(store_id: str, settings: Settings) -> list[str]:
    """Sentences on address, keys, permission, version, order storage, time zone and currency, up to the first obstacle
    to a sync. Raises ShopRefused if no shop of that name is connected."""
    with connect("loader", settings) as connection:
        store = read_store(connection, store_id, settings)
        return _checked(store, connection, settings)


def _checked(store: Store, connection: Connection, settings: Settings) -> list[str]:
    sentences: list[str] = []
    with ShopClient(store.url, store.key, store.secret) as client:
        try:
            index = read_index(client, "namespaces", "timezone_string", "gmt_offset")
            sentences.append(f"The address {store.url} answers.")
            if store.url.startswith("http://"):
                sentences.append("The address uses http: requests are signed, but responses are not encrypted.")
            if index is not None and "wc/v3" not in (index.get("namespaces") or []):
                return [*sentences, "WooCommerce is not active there, or is older than 3.5: nothing can be synced."]
            orders = client.listing("/wc/v3/orders", per_page=1, _fields=["id"])
            sentences.append(f"The key works: it can read {orders.total} orders.")
        except ShopRefused as error:
            return [*sentences, f"The connection does not work: {error}."]
        sentences.append(_permission(client))
        sentences.append(_reviews(client))
        sentences += _refunds(client)
        zone = known_zone(connection, names_of(zone_of(index or {})))
        used = store.timezone or settings.default_timezone
        sentences += _described(client, _zone_sentence(index, zone, used))
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
            return ("The shop lists no product reviews, which WooCommerce does from 3.5 on: everything else is synced "
                    "without them.")  # fmt: skip
        return "The key may not read product reviews: everything else is synced without them."
    return f"The shop shows {reviews.total} product reviews."


def _refunds(client: ShopClient) -> list[str]:
    """Whether refunds are in a listing of their own."""
    try:
        client.listing("/wc/v3/refunds", per_page=1, _fields=["id"])
    except ShopRefused as error:
        if error.code != "rest_no_route":
            return [f"Refunds cannot be read: {error}."]
        return ["The shop lists no refunds, which WooCommerce does from 9.0 on: they are read order by order."]
    return []


def _described(client: ShopClient, zone_sentence: str) -> list[str]:
    try:
        status = client.object("/wc/v3/system_status", _fields=["environment", "settings"]).value
    except ShopRefused as error:
        return [f"The shop's status cannot be read: {error}. The key must be an administrator's."]
    environment, shop_settings = ((status.get(name) or {}) for name in ("environment", "settings"))
    hpos = shop_settings.get("HPOS_enabled")
    storage = "in their own tables (HPOS)" if hpos else "as posts (legacy storage)"
    return [
        f"WooCommerce {environment.get('version') or 'of an unknown version'} keeps orders {storage}.",
        *_changes(str(environment.get("version") or "")),
        zone_sentence,
        f"The shop's currency is {shop_settings.get('currency') or 'unknown'}.",
    ]  # fmt: skip


def _changes(version: str) -> list[str]:
    if lists_by_modification(version):
        return []
    return [
        f"WooCommerce {version} cannot list what was changed, which it does from 5.8 on: changes of orders that are no "
        "longer open are fetched when a webhook reports them (subscribe), or at night."
    ]


def _zone_sentence(index: dict[str, Any] | None, zone: str | None, used: str) -> str:
    """Which zone the shop's days are counted in: `zone` if the database knows it, else the one `used` so far."""
    if index is None:
        return (f"The shop's time zone is unknown, since a plugin blocks public access to WordPress's index: days are "
                f"counted in {used}.")  # fmt: skip
    given = given_zone(index)
    if zone and zone.startswith("<"):
        return f"The shop's time zone is {given}."
    if zone and zone in (given, zone_of(index)):
        return f"The shop's time zone is {zone}."
    if zone:
        return f"The shop's time zone is {given}, which the database knows as {zone}."
    return (f"The shop's time zone is {given or 'not given'}, for which the database has no name: days are counted in "
            f"{used}. Set a city in WordPress, Settings, General.")  # fmt: skip
