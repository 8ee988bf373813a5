"""Syncs a shop: everything the first time, afterwards what changed.

Orders, products and coupons are listed by modification date, from the last position less an overlap. The API excludes
its bounds, so they are set a second wider. An object that is edited while a range is read falls into a later range,
which starts before this one ends; `listings.py` handles what the edit moved to another page. The position moves in the
transaction that lands the last page. Deletions and changed customers are in no range: if the number of objects differs,
ids are compared. Coupons are read whole. The reconciliation finds what even that misses.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from sources.woocommerce.by_id import fetch, fetch_each, variation_path
from sources.woocommerce.count_orders import count_orders
from sources.woocommerce.counts import compare_count, compare_total
from sources.woocommerce.history import ENTERS_AT_ONCE, OVERLAP, land_all, load_history
from sources.woocommerce.landing import Loaded, land, move, position, query, rejected_ids
from sources.woocommerce.listings import at_once, fetched_from, first_page, list_all
from sources.woocommerce.objects import (
    CATEGORIES,
    COUPONS,
    CUSTOMERS,
    DELIVERED,
    ORDERS,
    PRODUCTS,
    RESOURCES,
    VARIATIONS,
    Resource,
)
from sources.woocommerce.old_shops import recent_orders
from sources.woocommerce.pages import PAGE_SIZE
from sources.woocommerce.product_reviews import sync_reviews
from sources.woocommerce.refunds import fetch_orders_of_refunds, sync_refunds
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
        if not resource.is_nested:
            synced[name].add(fetch(shop, resource, rejected_ids(shop, resource, most_attempts)))
    _fetch_delivered(shop, synced)
    synced["orders"].add(_orders(shop, full, partial(on_progress, "orders")))
    since = shop.client.now()
    synced["refunds"].add(sync_refunds(shop, full, partial(on_progress, "refunds"), most_attempts))
    synced["orders"].add(fetch_orders_of_refunds(shop, since))
    synced["customers"].add(_newest(shop, CUSTOMERS, full, partial(on_progress, "customers")))
    synced["products"].add(_modified(shop, PRODUCTS, full, partial(on_progress, "products")))
    synced["variations"].add(_variations(shop, full, began, partial(on_progress, "variations")))
    synced["categories"].add(_newest(shop, CATEGORIES, full, partial(on_progress, "categories")))
    synced["coupons"].add(_coupons(shop, full, partial(on_progress, "coupons")))
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
    """In a first sync the trash is read first: an order that leaves it meanwhile is then found in the other listing.
    Later it is read when orders are missing."""
    loaded = Loaded()
    safe = position(shop, "orders")
    if safe is None or full:
        loaded.add(land_all(shop, ORDERS, ORDERS.query(status="trash"), on_progress=lambda *_: None))
        loaded.add(load_history(shop, resume=not full, on_progress=on_progress))
        safe = position(shop, "orders")
    assert safe is not None
    if not shop.store.lists_by_modification:
        loaded.add(recent_orders(shop, safe))
        return loaded
    loaded.add(_range(shop, ORDERS, ORDERS.query(status="any"), safe, "orders", on_progress))
    loaded.add(count_orders(shop, partial(_trash, shop, safe)))
    return loaded


def _trash(shop: Shop, safe: datetime) -> Loaded:
    """Land what went to the trash since the position."""
    return _range(shop, ORDERS, ORDERS.query(status="trash"), safe, None, on_progress=lambda *_: None)


def _modified(shop: Shop, resource: Resource, full: bool, on_progress: Callable[[int, int], None]) -> Loaded:
    safe = position(shop, resource.name)
    if safe is None or full:
        return land_all(shop, resource, resource.query(), on_progress, position_name=resource.name)
    if not shop.store.lists_by_modification:
        return _newest(shop, resource, full, on_progress)
    loaded = _range(shop, resource, resource.query(), safe, resource.name, on_progress)
    loaded.add(compare_count(shop, resource))
    return loaded


def _coupons(shop: Shop, full: bool, on_progress: Callable[[int, int], None]) -> Loaded:
    """Read all coupons where they fit on one page: a changed amount does not move their date of modification."""
    if full or position(shop, "coupons") is None:
        return _modified(shop, COUPONS, full, on_progress)
    first = first_page(shop.client, COUPONS.path, COUPONS.query())
    if (first.total or 0) > PAGE_SIZE:
        return _modified(shop, COUPONS, full, on_progress)
    positions = {"coupons": first.shop_time - ENTERS_AT_ONCE}
    loaded = land(shop, COUPONS, fetched_from(first), positions=positions)
    loaded.add(compare_total(shop, COUPONS, first.total))
    return loaded


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
    answer = first_page(shop.client, resource.path, resource.query(order="desc"))
    loaded = land(shop, resource, fetched_from(answer))
    loaded.add(compare_total(shop, resource, answer.total))
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
    first = first_page(shop.client, resource.path, params)
    until = first.shop_time - ENTERS_AT_ONCE
    positions = {position_name: until} if position_name else {}
    if (first.total or 0) <= PAGE_SIZE:
        return land(shop, resource, fetched_from(first), positions=positions)
    closed = {**params, "modified_before": until + SECOND}
    loaded = land_all(shop, resource, closed, on_progress, positions=positions)
    loaded.add(land_all(shop, resource, {**params, "modified_after": until}, on_progress))
    return loaded


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
