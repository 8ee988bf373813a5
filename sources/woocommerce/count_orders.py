"""Finds orders that were deleted permanently, which no webhook and no listing of changes reports.

If the numbers of listed and stored orders differ, ranges of their dates are halved until the range that differs is
small. Its ids are then compared.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sources.woocommerce.by_id import fetch
from sources.woocommerce.counts import is_known_difference, stored_count
from sources.woocommerce.landing import Loaded, query
from sources.woocommerce.listings import list_all
from sources.woocommerce.objects import ORDERS
from sources.woocommerce.pages import PAGE_SIZE, number_of
from sources.woocommerce.shops import Shop

SECOND = timedelta(seconds=1)
# Ids of ranges with at most so many orders are compared.
FEW = 3 * PAGE_SIZE


def count_orders(shop: Shop, load_trash: Callable[[], Loaded]) -> Loaded:
    """If the numbers of listed and stored orders differ, land those that went to the trash, and fetch by id what
    still differs. Raises ShopRefused."""
    loaded = Loaded()
    if _counts_match(shop):
        return loaded
    loaded.add(load_trash())
    if _counts_match(shop):
        return loaded
    for number, first, last in query(shop, "span_of_orders", unlisted=list(ORDERS.unlisted)):
        if number:
            _halve(shop, first, last + SECOND, loaded)
    listed, stored = _listed(shop), stored_count(shop, ORDERS)
    query(shop, "save_count", resource=ORDERS.name, listed=listed, stored=stored)
    return loaded


def _counts_match(shop: Shop) -> bool:
    listed, stored = _listed(shop), stored_count(shop, ORDERS)
    return listed == stored or is_known_difference(shop, ORDERS, listed, stored)


def _halve(shop: Shop, start: datetime, end: datetime, loaded: Loaded) -> None:
    """Compare the orders created from `start` to before `end`."""
    stored = {
        number for (number,) in query(shop, "orders_between", start=start, end=end, unlisted=list(ORDERS.unlisted))
    }
    params = {"status": "any", "dates_are_gmt": True, "after": start - SECOND, "before": end}
    if _listed(shop, **params) == len(stored):
        return
    if len(stored) > FEW and end - start > SECOND * 2:
        middle = (start + (end - start) / 2).replace(microsecond=0)
        _halve(shop, start, middle, loaded)
        _halve(shop, middle, end, loaded)
        return
    listed = {number_of(each) for each, _ in list_all(shop.client, ORDERS.path, {**params, "_fields": ["id"]})}
    loaded.add(fetch(shop, ORDERS, {number for number in listed if number} ^ stored))


def _listed(shop: Shop, **params: Any) -> int:
    answer = shop.client.listing(ORDERS.path, **{"status": "any", **params, "_fields": ["id"], "per_page": 1})
    return answer.total or 0
