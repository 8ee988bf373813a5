"""What changed in a shop since the last time, into `raw`; the first time, everything.

Orders, products and coupons are asked for by when they were modified, in a range from the last safe point less an
overlap. The bounds that the API takes leave out the bound itself, so they are set a second wider. What is edited while
a range is read leaves it for a later one and is found then, since that one starts before this range's end; what the
edit moved over a page's edge is caught by how `woocommerce_listing` reads. The safe point moves in the transaction that
lands the last page. What no range can show (what is gone, customers who changed) is noticed by how many there are, and
looked into by id; what not even that shows is the reconciliation's.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from sources.woocommerce.by_id import fetch, fetch_each, refund_path, variation_path
from sources.woocommerce.client import Answer, NotThere
from sources.woocommerce.history import ENTERS_AT_ONCE, OVERLAP, land_all, load_history
from sources.woocommerce.landing import Loaded, land, move, position, query, rejected_ids
from sources.woocommerce.listings import PAGE_SIZE, at_once, everything, given_of
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
    whole,
)
from sources.woocommerce.shops import Shop

SECOND = timedelta(seconds=1)
# How long after it was dated a delivery may still be on its way into the table.
DELIVERIES_OVERLAP = timedelta(minutes=5)
MOST_ATTEMPTS = 20

Synced = dict[str, Loaded]
Report = Callable[[str, int, int], None]


def sync_all(
    shop: Shop, full: bool = False, report: Report | None = None, most_attempts: int = MOST_ATTEMPTS
) -> Synced:
    """Bring every resource up to date, `full` from its beginning. `report` is told a resource's name, how many objects
    of it were read and how many there are. Raises ShopRefused."""
    synced = {name: Loaded() for name in RESOURCES}
    began = shop.client.now()
    told: Report = report or (lambda *_: None)
    for name, resource in RESOURCES.items():
        if name not in ("refunds", "variations"):
            synced[name].add(fetch(shop, resource, rejected_ids(shop, resource, most_attempts)))
    _fetch_delivered(shop, synced)
    synced["orders"].add(_orders(shop, full, partial(told, "orders")))
    since = shop.client.now()
    synced["refunds"].add(_refunds(shop, full, partial(told, "refunds"), most_attempts))
    synced["orders"].add(fetch_orders_of_refunds(shop, since))
    synced["customers"].add(_newest(shop, CUSTOMERS, full, partial(told, "customers")))
    synced["products"].add(_modified(shop, PRODUCTS, full, partial(told, "products")))
    synced["variations"].add(_variations(shop, full, began, partial(told, "variations")))
    synced["categories"].add(_newest(shop, CATEGORIES, full, partial(told, "categories")))
    synced["coupons"].add(_modified(shop, COUPONS, full, partial(told, "coupons")))
    return synced


def _fetch_delivered(shop: Shop, synced: Synced) -> None:
    """Ask for what webhooks named since it was last asked for. A refund shows as its order's update."""
    since = position(shop, "deliveries")
    due = query(shop, "deliveries_due", since=since and since - DELIVERIES_OVERLAP)
    for name, resource in DELIVERED.items():
        ids = [number for kind, number, _ in due if kind == name]
        synced[resource.name].add(fetch(shop, resource, ids))
    if due:
        with shop.connection, shop.connection.cursor() as cursor:
            move(cursor, shop, {"deliveries": max(received_at for _, _, received_at in due)})


def _orders(shop: Shop, full: bool, told: Callable[[int, int], None]) -> Loaded:
    """The trash first: an order that leaves it meanwhile is then still met in the other listing, not in neither."""
    loaded = Loaded()
    safe = position(shop, "orders")
    if safe is None or full:
        loaded.add(land_all(shop, ORDERS, ORDERS.asked(status="trash"), told=lambda *_: None))
        loaded.add(load_history(shop, resume=not full, told=told))
        safe = position(shop, "orders")
    assert safe is not None
    for status in ("trash", "any"):
        moves = "orders" if status == "any" else None
        loaded.add(_range(shop, ORDERS, ORDERS.asked(status=status), safe, moves, told))
    return loaded


def _modified(shop: Shop, resource: Resource, full: bool, told: Callable[[int, int], None]) -> Loaded:
    safe = position(shop, resource.name)
    if safe is None or full:
        return land_all(shop, resource, resource.asked(), told, moves=resource.name)
    loaded = _range(shop, resource, resource.asked(), safe, resource.name, told)
    loaded.add(compare_count(shop, resource))
    return loaded


def _refunds(shop: Shop, full: bool, told: Callable[[int, int], None], most_attempts: int) -> Loaded:
    safe = position(shop, "refunds")
    if safe is None or full:
        return land_all(shop, REFUNDS, REFUNDS.asked(), told, moves="refunds")
    params = REFUNDS.asked(dates_are_gmt=True, after=safe - OVERLAP - SECOND)
    loaded = land_all(shop, REFUNDS, params, told, moves="refunds")
    if ids := rejected_ids(shop, REFUNDS, most_attempts):
        answer = shop.client.listing(REFUNDS.path, **REFUNDS.asked(include=ids[:PAGE_SIZE], per_page=PAGE_SIZE))
        loaded.add(land(shop, REFUNDS, given_of(answer), is_exact=True))
    loaded.add(compare_count(shop, REFUNDS))
    return loaded


def fetch_orders_of_refunds(shop: Shop, since: datetime | None) -> Loaded:
    """Fetch the orders that do not name the refunds that came or went since a time."""
    return fetch(shop, ORDERS, [number for (number,) in query(shop, "orders_of_refunds", since=since)])


def _variations(shop: Shop, full: bool, began: datetime, told: Callable[[int, int], None]) -> Loaded:
    """Those of products that changed or were sold since the sync `began`; with a new list of fields all that were not
    asked for since its first sync."""
    started = None
    if position(shop, "variations") is None:
        started = position(shop, "variations_started") or shop.client.now()
        with shop.connection, shop.connection.cursor() as cursor:
            move(cursor, shop, {"variations_started": started})
    loaded, _ = load_variations(shop, full, started, began, told)
    if started:
        with shop.connection, shop.connection.cursor() as cursor:
            move(cursor, shop, {"variations": started})
    return loaded


def _newest(shop: Shop, resource: Resource, full: bool, told: Callable[[int, int], None]) -> Loaded:
    """What cannot be asked for by its modification: the newest page, and all if the number then is not ours."""
    if full or position(shop, resource.name) is None:
        return land_all(shop, resource, resource.asked(), told, moves=resource.name)
    answer = shop.client.listing(
        resource.path, **resource.asked(per_page=PAGE_SIZE, page=1, orderby="id", order="desc")
    )
    loaded = land(shop, resource, given_of(answer))
    if answer.total != held_count(shop, resource):
        loaded.add(compare_ids(shop, resource))
    return loaded


def _range(
    shop: Shop,
    resource: Resource,
    params: dict[str, object],
    safe: datetime,
    moves: str | None,
    told: Callable[[int, int], None],
) -> Loaded:
    """What was modified since the safe point. One page is one look at the shop and needs no upper bound; more are read
    within a closed range, which nothing enters, and then what came after it."""
    params = {**params, "dates_are_gmt": True, "modified_after": safe - OVERLAP - SECOND}
    first = shop.client.listing(resource.path, **params, orderby="id", order="asc", per_page=PAGE_SIZE, page=1)
    until = first.shop_time - ENTERS_AT_ONCE
    positions = {moves: until} if moves else {}
    if _pages(first) <= 1:
        return land(shop, resource, given_of(first), positions=positions)
    closed = {**params, "modified_before": until + SECOND}
    loaded = land_all(shop, resource, closed, told, positions=positions)
    loaded.add(land_all(shop, resource, {**params, "modified_after": until}, told))
    return loaded


def compare_count(shop: Shop, resource: Resource) -> Loaded:
    """Look into ids if the shop lists another number of objects than we hold."""
    answer = shop.client.listing(resource.path, **{**resource.params, "_fields": ["id"], "per_page": 1})
    return Loaded() if answer.total == held_count(shop, resource) else compare_ids(shop, resource)


def compare_ids(shop: Shop, resource: Resource) -> Loaded:
    """Fetch what the shop lists and we do not hold, and ask for each that we hold and it does not list."""
    params = {**resource.params, "_fields": ["id", "parent_id"]}
    listed = {
        whole(each.get("id")) for each, _ in everything(shop.client, resource.path, params) if isinstance(each, dict)
    }
    held = {number: parent for number, parent, _ in query(shop, "held", resource=resource.name)}
    shown = {number for number in listed if number}
    loaded = Loaded()
    if missing := sorted(shown - held.keys()):
        for start in range(0, len(missing), PAGE_SIZE):
            included = resource.asked(include=missing[start : start + PAGE_SIZE], per_page=PAGE_SIZE)
            answer = shop.client.listing(resource.path, **included)
            loaded.add(land(shop, resource, given_of(answer), is_exact=True))
    hidden = {number: parent for number, parent in held.items() if number not in shown}
    loaded.add(ask_for_hidden(shop, resource, hidden))
    return loaded


def ask_for_hidden(shop: Shop, resource: Resource, hidden: dict[int, int | None]) -> Loaded:
    """Ask by id for what we hold and no listing shows, each with the id of its parent if it has one."""
    if resource is REFUNDS:
        return fetch_each(shop, resource, {each: refund_path(parent or 0, each) for each, parent in hidden.items()})
    return fetch_each(shop, resource, {each: f"{resource.path}/{each}" for each in hidden})


def held_count(shop: Shop, resource: Resource) -> int:
    """How many objects of a listing we hold or have set aside."""
    source, prefix = f"woocommerce_{resource.name}", f"{shop.store_id}:"
    values = {"resource": resource.name, "unlisted": list(resource.unlisted), "source": source, "prefix": prefix}
    return int(query(shop, "held_count", **values)[0][0])


def load_variations(
    shop: Shop,
    full: bool,
    since: datetime | None = None,
    sold_since: datetime | None = None,
    told: Callable[[int, int], None] = lambda *_: None,
) -> tuple[Loaded, int]:
    """Land the variations of products that changed, were not asked for `since` a time or were sold since another; they
    are listed only under their product. Returns what was done, and how many those products list. `told` is given
    numbers of products."""
    due = [number for (number,) in query(shop, "variations_due", full=full, since=since, sold_since=sold_since)]
    loaded = Loaded()
    requests = [partial(variations_of, shop, number) for number in due]
    for done, given in enumerate(at_once(shop.client, requests), start=1):
        loaded.add(land(shop, VARIATIONS, given, is_exact=True))
        told(done, len(due))
    count = loaded.read
    orphans = query(shop, "variations_unlisted")
    loaded.add(fetch_each(shop, VARIATIONS, {number: variation_path(parent, number) for number, parent in orphans}))
    return loaded, count


def variations_of(shop: Shop, product_id: int) -> list[tuple[object, datetime]]:
    """All variations of a product as the shop lists them now; none if the product itself is gone meanwhile."""
    try:
        given = everything(shop.client, VARIATIONS.path.format(product_id=product_id), VARIATIONS.asked())
    except NotThere:
        return []
    return [({"parent_id": product_id, **each} if isinstance(each, dict) else each, at) for each, at in given]


def _pages(answer: Answer) -> int:
    return -(-(answer.total or 0) // PAGE_SIZE)
