"""Fetches objects by their ids.

Listings leave objects out, so only WooCommerce's own 404 for an id proves that an object is gone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from sources.woocommerce.client import Answer
from sources.woocommerce.landing import Fetched, Loaded, land, mark_deleted
from sources.woocommerce.listings import at_once, fetched_from, first_page
from sources.woocommerce.objects import ORDERS, PRODUCTS, VARIATIONS, Resource, parse_id
from sources.woocommerce.pages import PAGE_SIZE, Unread, is_about_objects, number_of, require_alive
from sources.woocommerce.responses import NotFound, ShopRefused
from sources.woocommerce.shops import Shop

# This many are fetched one by one instead of by a listing.
FEW = 3
ORDER_STATUSES = ("any", "trash")

# A single object is tried this often while others can be read.
TRIES = 3

Found = tuple[int, Answer | Unread | None, datetime]


def fetch(shop: Shop, resource: Resource, ids: Iterable[int]) -> Loaded:
    """Fetch and land orders, customers, products, categories or coupons by id, and mark those that are gone. No other
    request may be running. Raises ShopRefused."""
    wanted = sorted(set(ids))
    loaded = Loaded()
    for start in range(0, len(wanted), PAGE_SIZE):
        chunk = set(wanted[start : start + PAGE_SIZE])
        if len(chunk) > FEW:
            for fetched in _included(shop, resource, chunk):
                loaded.add(land(shop, resource, fetched, is_exact=True))
                chunk -= {number_of(each) for each, _ in fetched}
        loaded.add(fetch_each(shop, resource, {number: f"{resource.path}/{number}" for number in chunk}))
    return loaded


def fetch_each(shop: Shop, resource: Resource, paths: dict[int, str]) -> Loaded:
    """Fetch and land objects of any kind one by one, each id at its path, and mark those that are gone."""
    fetched: list[Fetched] = []
    gone: dict[int, datetime] = {}
    requests = [partial(_one, shop, resource, number, path) for number, path in sorted(paths.items())]
    loaded = Loaded()
    variations: dict[int, str] = {}
    for number, answer, asked_at in at_once(requests):
        if isinstance(answer, Unread):
            fetched.append((answer, asked_at))
        elif answer is not None and resource is PRODUCTS and answer.value.get("type") == "variation":
            # Webhooks report variations as products, and a product's address answers for both.
            variations[number] = variation_path(parse_id(answer.value.get("parent_id")) or 0, number)
        elif answer is None:
            gone[number] = asked_at
        else:
            fetched.append((answer.value, answer.asked_at))
        if len(fetched) >= PAGE_SIZE:
            loaded.add(land(shop, resource, fetched, is_exact=True))
            fetched = []
    if fetched:
        loaded.add(land(shop, resource, fetched, is_exact=True))
    loaded.add(mark_deleted(shop, resource, gone))
    if variations:
        loaded.add(fetch_each(shop, VARIATIONS, variations))
    return loaded


def refund_path(order_id: int, refund_id: int) -> str:
    return f"/wc/v3/orders/{order_id}/refunds/{refund_id}"


def variation_path(product_id: int, variation_id: int) -> str:
    return f"/wc/v3/products/{product_id}/variations/{variation_id}"


def _one(shop: Shop, resource: Resource, number: int, path: str) -> Found:
    asked_at = shop.client.now()
    try:
        answer = shop.client.object(path, attempts=TRIES, **resource.query_by_id())
    except NotFound:
        return number, None, asked_at
    except ShopRefused as error:
        if not is_about_objects(error):
            raise
        return number, _from_listing(shop, resource, number, error), asked_at
    value = answer.value
    if resource.is_nested and not value.get("parent_id"):
        value = {**value, "parent_id": int(path.split("/")[4])}
    # A cache in between may answer with another object, which must not be landed under that one's id.
    if parse_id(value.get("id")) not in (number, None):
        return number, Unread(number, str(number), "the shop answers with another object"), answer.asked_at
    return number, Answer(value, None, answer.asked_at, answer.shop_time), answer.asked_at


def _from_listing(shop: Shop, resource: Resource, number: int, error: ShopRefused) -> Answer | Unread:
    """An object whose own address fails, from a listing if one shows it. Raises the error if the shop is down."""
    path, parameters = (ORDERS.path, ORDERS.params) if resource.is_nested else (resource.path, resource.params)
    require_alive(shop.client, path, parameters, error)
    if not resource.is_nested:
        for chosen in _statuses(resource):
            try:
                params = resource.query(include=[number], per_page=1, **chosen)
                answer = shop.client.listing(resource.path, attempts=1, **params)
            except ShopRefused:
                continue
            if answer.value and number_of(answer.value[0]) == number:
                return Answer(answer.value[0], None, answer.asked_at, answer.shop_time)
    return Unread(number, str(number), str(error))


def _statuses(resource: Resource) -> list[dict[str, str]]:
    return [{"status": status} for status in ORDER_STATUSES] if resource.name == "orders" else [{}]


def _included(shop: Shop, resource: Resource, ids: set[int]) -> Iterable[list[Fetched]]:
    missing = set(ids)
    for chosen in _statuses(resource):
        if not missing:
            return
        answer = first_page(shop.client, resource.path, resource.query(include=sorted(missing), **chosen))
        fetched = fetched_from(answer)
        missing -= {number_of(each) for each, _ in fetched}
        yield fetched
