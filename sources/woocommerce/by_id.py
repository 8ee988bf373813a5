"""Objects asked for by their ids: the only answers that can say that one is gone.

A listing leaves much out, so what it does not show is asked for by its id, and only WooCommerce's own 404 counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial

from sources.woocommerce.client import Answer, NotThere
from sources.woocommerce.landing import Given, Loaded, land, mark_deleted
from sources.woocommerce.listings import PAGE_SIZE, at_once, given_of
from sources.woocommerce.objects import PRODUCTS, VARIATIONS, Object, Resource, whole
from sources.woocommerce.shops import Shop

# So few are not worth a listing of their own.
FEW = 3
ORDER_STATUSES = ("any", "trash")

Found = tuple[int, Answer | None, datetime]


def fetch(shop: Shop, resource: Resource, ids: Iterable[int]) -> Loaded:
    """Ask for orders, customers, products, categories or coupons by id and land what the shop says, deletions
    included. Nothing else may be under way. Raises ShopRefused."""
    wanted = sorted(set(ids))
    loaded = Loaded()
    for start in range(0, len(wanted), PAGE_SIZE):
        chunk = set(wanted[start : start + PAGE_SIZE])
        if len(chunk) > FEW:
            for given in _included(shop, resource, chunk):
                loaded.add(land(shop, resource, given, is_exact=True))
                chunk -= {whole(each.get("id")) for each, _ in given if isinstance(each, dict)}
        loaded.add(fetch_each(shop, resource, {number: f"{resource.path}/{number}" for number in chunk}))
    return loaded


def fetch_each(shop: Shop, resource: Resource, paths: dict[int, str]) -> Loaded:
    """Ask for objects of any kind one by one, each id at its path, and land what the shop says."""
    given: list[Given] = []
    gone: dict[int, datetime] = {}
    requests = [partial(_one, shop, resource, number, path) for number, path in sorted(paths.items())]
    loaded = Loaded()
    variations: dict[int, str] = {}
    for number, answer, asked_at in at_once(shop.client, requests):
        if answer is not None and resource is PRODUCTS and answer.value.get("type") == "variation":
            # A product's address answers for a variation too, and webhooks name it as a product.
            variations[number] = variation_path(whole(answer.value.get("parent_id")) or 0, number)
        elif answer is None:
            gone[number] = asked_at
        else:
            given.append((answer.value, answer.asked_at))
        if len(given) >= PAGE_SIZE:
            loaded.add(land(shop, resource, given, is_exact=True))
            given = []
    if given:
        loaded.add(land(shop, resource, given, is_exact=True))
    loaded.add(mark_deleted(shop, resource, gone))
    if variations:
        loaded.add(fetch_each(shop, VARIATIONS, variations))
    return loaded


def refund_path(order_id: int, refund_id: int) -> str:
    """Where a refund is asked for by id."""
    return f"/wc/v3/orders/{order_id}/refunds/{refund_id}"


def variation_path(product_id: int, variation_id: int) -> str:
    """Where a variation is asked for by id."""
    return f"/wc/v3/products/{product_id}/variations/{variation_id}"


def with_parent(resource: Resource, number: int, path: str) -> Callable[[Object], Object]:
    """Asked for under its parent, an object does not always name it; this writes in what the address says."""
    parent = int(path.split("/")[4]) if resource.name in ("refunds", "variations") else None
    return lambda given: given if parent is None or given.get("parent_id") else {**given, "parent_id": parent}


def _one(shop: Shop, resource: Resource, number: int, path: str) -> Found:
    asked_at = shop.client.now()
    try:
        answer = shop.client.object(path, **resource.asked_by_id())
    except NotThere:
        return number, None, asked_at
    value = with_parent(resource, number, path)(answer.value)
    # An answer for another object, as a cache in between may give, would be landed under that one's id.
    if whole(value.get("id")) not in (number, None):
        value = {"id": number}
    return number, Answer(value, None, answer.asked_at, answer.shop_time), answer.asked_at


def _included(shop: Shop, resource: Resource, ids: set[int]) -> Iterable[list[Given]]:
    missing = set(ids)
    statuses: Iterable[dict[str, str]] = [{}]
    if resource.name == "orders":
        statuses = [{"status": status} for status in ORDER_STATUSES]
    for chosen in statuses:
        if not missing:
            return
        answer = shop.client.listing(
            resource.path, **resource.asked(include=sorted(missing), per_page=PAGE_SIZE, orderby="id", **chosen)
        )
        given = given_of(answer)
        missing -= {whole(each.get("id")) for each, _ in given if isinstance(each, dict)}
        yield given
