"""Syncs a shop: everything the first time, afterwards what changed.

Orders, products and coupons are listed by modification date, from the last position less an overlap. The API excludes
its bounds, so they are set a second wider. An object that is edited while a range is read falls into a later range,
which starts before this one ends; `listings.py` handles what the edit moved to another page. The position moves in the
transaction that lands the last page. Deletions and changed customers are in no range: if the number of objects differs,
ids are compared. The reconciliation finds what even that misses.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from sources.woocommerce.by_id import fetch, fetch_each, refund_path, variation_path
from sources.woocommerce.history import ENTERS_AT_ONCE, OVERLAP, land_all, load_history
from sources.woocommerce.landing import Loaded, land, move, position, query, rejected_ids
from sources.woocommerce.listings import PAGE_SIZE, at_once, fetched_from, list_all
from sources.woocommerce.objects import (
    CATEGORIES,
    COUPONS,
    CUSTOMERS,
    DELIVERED,
    ORDERS,
    PRODUCTS,
    REFUNDS,
    RESOURCES,
    VARIATIONS,
    Resource,
    parse_id,
)
from sources.woocommerce.product_reviews import sync_reviews
from sources.woocommerce.responses import NotFound
from sources.woocommerce.shops import Shop

SECOND = timedelta(seconds=1)
# A delivery may be committed this much later than its date.
DELIVERIES_OVERLAP = timedelta(minutes=5)
MAX_ATTEMPTS = 20

Synced = dict[str, Loaded]
OnProgress = Callable[[str, int, int], None]


def sync_all(
    shop: Shop, full: bool = False, on_progress: OnProgress | None = None, most_attempts: int = MAX_ATTEMPTS
) -> Synced:
    """Bring every resource up to date, from the beginning if `full`. `on_progress` is called with a resource's name,
    the number of objects read and their total. Raises ShopRefused."""
    synced = {name: Loaded() for name in RESOURCES}
    began = shop.client.now()
    on_progress = on_progress or (lambda *_: None)
    for name, resource in RESOURCES.items():
        if name not in ("refunds", "variations"):
            synced[name].add(fetch(shop, resource, rejected_ids(shop, resource, most_attempts)))
    _fetch_delivered(shop, synced)
    synced["orders"].add(_orders(shop, full, partial(on_progress, "orders")))
    since = shop.client.now()
    synced["refunds"].add(_refunds(shop, full, partial(on_progress, "refunds"), most_attempts))
    synced["orders"].add(fetch_orders_of_refunds(shop, since))
    synced["customers"].add(_newest(shop, CUSTOMERS, full, partial(on_progress, "customers")))
    synced["products"].add(_modified(shop, PRODUCTS, full, partial(on_progress, "products")))
    synced["variations"].add(_variations(shop, full, began, partial(on_progress, "variations")))
    synced["categories"].add(_newest(shop, CATEGORIES, full, partial(on_progress, "categories")))
    synced["coupons"].add(_modified(shop, COUPONS, full, partial(on_progress, "coupons")))
    synced["reviews"] = sync_reviews(shop, full, partial(on_progress, "reviews"))
    return synced


def _fetch_delivered(shop: Shop, synced: Synced) -> None:
    """Fetch what webhooks have named since the last time. A refund is reported as its order's update."""
    since = position(shop, "deliveries")
    due = query(shop, "deliveries_due", since=since and since - DELIVERIES_OVERLAP)
    for name, resource in DELIVERED.items():
        ids = [number for kind, number, _ in due if kind == name]
        synced[resource.name].add(fetch(shop, resource, ids))
    if due:
        with shop.connection, shop.connection.cursor() as cursor:
            move(cursor, shop, {"deliveries": max(received_at for _, _, received_at in due)})


def _orders(shop: Shop, full: bool, on_progress: Callable[[int, int], None]) -> Loaded:
    """The trash is read first: an order that leaves it meanwhile is then found in the other listing."""
    loaded = Loaded()
    safe = position(shop, "orders")
    if safe is None or full:
        loaded.add(land_all(shop, ORDERS, ORDERS.query(status="trash"), on_progress=lambda *_: None))
        loaded.add(load_history(shop, resume=not full, on_progress=on_progress))
        safe = position(shop, "orders")
    assert safe is not None
    for status in ("trash", "any"):
        position_name = "orders" if status == "any" else None
        loaded.add(_range(shop, ORDERS, ORDERS.query(status=status), safe, position_name, on_progress))
    return loaded


def _modified(shop: Shop, resource: Resource, full: bool, on_progress: Callable[[int, int], None]) -> Loaded:
    safe = position(shop, resource.name)
    if safe is None or full:
        return land_all(shop, resource, resource.query(), on_progress, position_name=resource.name)
    loaded = _range(shop, resource, resource.query(), safe, resource.name, on_progress)
    loaded.add(compare_count(shop, resource))
    return loaded


def _refunds(shop: Shop, full: bool, on_progress: Callable[[int, int], None], most_attempts: int) -> Loaded:
    safe = position(shop, "refunds")
    if safe is None or full:
        return land_all(shop, REFUNDS, REFUNDS.query(), on_progress, position_name="refunds")
    params = REFUNDS.query(dates_are_gmt=True, after=safe - OVERLAP - SECOND)
    loaded = land_all(shop, REFUNDS, params, on_progress, position_name="refunds")
    if ids := rejected_ids(shop, REFUNDS, most_attempts):
        answer = shop.client.listing(REFUNDS.path, **REFUNDS.query(include=ids[:PAGE_SIZE], per_page=PAGE_SIZE))
        loaded.add(land(shop, REFUNDS, fetched_from(answer), is_exact=True))
    loaded.add(compare_count(shop, REFUNDS))
    return loaded


def fetch_orders_of_refunds(shop: Shop, since: datetime | None) -> Loaded:
    """Fetch the orders of refunds that were added or deleted since a time and that the orders do not show."""
    return fetch(shop, ORDERS, [number for (number,) in query(shop, "orders_of_refunds", since=since)])


def _variations(shop: Shop, full: bool, began: datetime, on_progress: Callable[[int, int], None]) -> Loaded:
    """Land variations of products that changed, or were sold since the sync `began`; with a new list of fields, of all
    products not fetched since its first sync."""
    started = None
    if position(shop, "variations") is None:
        started = position(shop, "variations_started") or shop.client.now()
        with shop.connection, shop.connection.cursor() as cursor:
            move(cursor, shop, {"variations_started": started})
    loaded, _ = load_variations(shop, full, started, began, on_progress)
    if started:
        with shop.connection, shop.connection.cursor() as cursor:
            move(cursor, shop, {"variations": started})
    return loaded


def _newest(shop: Shop, resource: Resource, full: bool, on_progress: Callable[[int, int], None]) -> Loaded:
    """Land the newest page of what cannot be listed by modification, and compare ids if the number then differs."""
    if full or position(shop, resource.name) is None:
        return land_all(shop, resource, resource.query(), on_progress, position_name=resource.name)
    answer = shop.client.listing(
        resource.path, **resource.query(per_page=PAGE_SIZE, page=1, orderby="id", order="desc")
    )
    loaded = land(shop, resource, fetched_from(answer))
    if answer.total != stored_count(shop, resource):
        loaded.add(compare_ids(shop, resource))
    return loaded


def _range(
    shop: Shop,
    resource: Resource,
    params: dict[str, object],
    safe: datetime,
    position_name: str | None,
    on_progress: Callable[[int, int], None],
) -> Loaded:
    """Land what was modified since the position. One page needs no upper bound. More pages are read in a closed range,
    which no object can enter, followed by what came after it."""
    params = {**params, "dates_are_gmt": True, "modified_after": safe - OVERLAP - SECOND}
    first = shop.client.listing(resource.path, **params, orderby="id", order="asc", per_page=PAGE_SIZE, page=1)
    until = first.shop_time - ENTERS_AT_ONCE
    positions = {position_name: until} if position_name else {}
    if (first.total or 0) <= PAGE_SIZE:
        return land(shop, resource, fetched_from(first), positions=positions)
    closed = {**params, "modified_before": until + SECOND}
    loaded = land_all(shop, resource, closed, on_progress, positions=positions)
    loaded.add(land_all(shop, resource, {**params, "modified_after": until}, on_progress))
    return loaded


def compare_count(shop: Shop, resource: Resource) -> Loaded:
    """Compare ids if the shop lists another number of objects than are stored."""
    answer = shop.client.listing(resource.path, **{**resource.params, "_fields": ["id"], "per_page": 1})
    return Loaded() if answer.total == stored_count(shop, resource) else compare_ids(shop, resource)


def compare_ids(shop: Shop, resource: Resource) -> Loaded:
    """Fetch objects that are listed but not stored, and those that are stored but not listed."""
    params = {**resource.params, "_fields": ["id", "parent_id"]}
    listed = {
        parse_id(each.get("id")) for each, _ in list_all(shop.client, resource.path, params) if isinstance(each, dict)
    }
    stored = {number: parent for number, parent, _ in query(shop, "stored", resource=resource.name)}
    shown = {number for number in listed if number}
    loaded = Loaded()
    if missing := sorted(shown - stored.keys()):
        for start in range(0, len(missing), PAGE_SIZE):
            included = resource.query(include=missing[start : start + PAGE_SIZE], per_page=PAGE_SIZE)
            answer = shop.client.listing(resource.path, **included)
            loaded.add(land(shop, resource, fetched_from(answer), is_exact=True))
    unlisted = {number: parent for number, parent in stored.items() if number not in shown}
    loaded.add(fetch_unlisted(shop, resource, unlisted))
    return loaded


def fetch_unlisted(shop: Shop, resource: Resource, unlisted: dict[int, int | None]) -> Loaded:
    """Fetch stored objects that no listing shows, given with the id of their parent if any."""
    if resource is REFUNDS:
        return fetch_each(shop, resource, {each: refund_path(parent or 0, each) for each, parent in unlisted.items()})
    return fetch_each(shop, resource, {each: f"{resource.path}/{each}" for each in unlisted})


def stored_count(shop: Shop, resource: Resource) -> int:
    """The number of objects of a listing that are stored or rejected."""
    source, prefix = f"woocommerce_{resource.name}", f"{shop.store_id}:"
    values = {"resource": resource.name, "unlisted": list(resource.unlisted), "source": source, "prefix": prefix}
    return int(query(shop, "stored_count", **values)[0][0])


def load_variations(
    shop: Shop,
    full: bool,
    since: datetime | None = None,
    sold_since: datetime | None = None,
    on_progress: Callable[[int, int], None] = lambda *_: None,
) -> tuple[Loaded, int]:
    """Land the variations of products that changed, were not fetched `since` a time or were sold since another; each
    product has its own listing. Returns what was done and how many variations the products list. `on_progress` is
    called with numbers of products."""
    due = [number for (number,) in query(shop, "variations_due", full=full, since=since, sold_since=sold_since)]
    loaded = Loaded()
    requests = [partial(variations_of, shop, number) for number in due]
    for done, fetched in enumerate(at_once(requests), start=1):
        loaded.add(land(shop, VARIATIONS, fetched, is_exact=True))
        on_progress(done, len(due))
    count = loaded.read
    orphans = query(shop, "variations_unlisted")
    loaded.add(fetch_each(shop, VARIATIONS, {number: variation_path(parent, number) for number, parent in orphans}))
    return loaded, count


def variations_of(shop: Shop, product_id: int) -> list[tuple[object, datetime]]:
    """All variations that the shop lists for a product; none if the product is gone."""
    try:
        fetched = list_all(shop.client, VARIATIONS.path.format(product_id=product_id), VARIATIONS.query())
    except NotFound:
        return []
    return [({"parent_id": product_id, **each} if isinstance(each, dict) else each, at) for each, at in fetched]
