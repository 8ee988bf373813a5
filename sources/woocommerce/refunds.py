"""Lands refunds: from the listing of all refunds, or before WooCommerce 9.0 order by order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import structlog

from sources.woocommerce.by_id import fetch, fetch_each, refund_path
from sources.woocommerce.counts import compare_count
from sources.woocommerce.history import OVERLAP, land_all
from sources.woocommerce.landing import Fetched, Loaded, land, move, position, query, rejected_ids
from sources.woocommerce.listings import at_once, fetched_from, first_page, list_all
from sources.woocommerce.objects import ORDERS, REFUNDS
from sources.woocommerce.pages import PAGE_SIZE, number_of
from sources.woocommerce.responses import NotFound, ShopRefused
from sources.woocommerce.shops import Shop

OF_ORDER = "/wc/v3/orders/{order_id}/refunds"
SECOND = timedelta(seconds=1)

log = structlog.get_logger()


def is_without_listing(error: ShopRefused) -> bool:
    """Whether the shop has no listing of all refunds."""
    return error.code == "rest_no_route"


def sync_refunds(shop: Shop, full: bool, on_progress: Callable[[int, int], None], most_attempts: int) -> Loaded:
    """Bring the refunds up to date. The orders must have landed before. Raises ShopRefused."""
    began = shop.client.now()
    safe = position(shop, "refunds")
    is_first = safe is None or full
    try:
        params = REFUNDS.query()
        if safe is not None and not full:
            params = REFUNDS.query(dates_are_gmt=True, after=safe - OVERLAP - SECOND)
        loaded = land_all(shop, REFUNDS, params, on_progress, position_name="refunds")
    except ShopRefused as error:
        if not is_without_listing(error):
            raise
        loaded = load_by_order(shop, is_first)
        with shop.connection, shop.connection.cursor() as cursor:
            move(cursor, shop, {"refunds": began})
        return loaded
    if is_first:
        return loaded
    if ids := rejected_ids(shop, REFUNDS, most_attempts):
        answer = first_page(shop.client, REFUNDS.path, REFUNDS.query(include=ids[:PAGE_SIZE]))
        loaded.add(land(shop, REFUNDS, fetched_from(answer), is_exact=True))
    loaded.add(compare_count(shop, REFUNDS))
    return loaded


def load_by_order(shop: Shop, full: bool) -> Loaded:
    """Land the refunds of orders that name others than are stored, if `full` those of all orders that name some."""
    due = {number for (number,) in query(shop, "refunds_due", full=full)}
    log.info("woocommerce_refunds_by_order", store_id=shop.store_id, orders=len(due))
    loaded = Loaded()
    seen: set[int | None] = set()
    for fetched in at_once([partial(_refunds_of, shop, number) for number in sorted(due)]):
        loaded.add(land(shop, REFUNDS, fetched, is_exact=True))
        seen |= {number_of(each) for each, _ in fetched}
    stored = query(shop, "stored", resource=REFUNDS.name)
    hidden = {
        number: refund_path(parent or 0, number)
        for number, parent, _ in stored
        if number not in seen and (full or parent in due)
    }
    loaded.add(fetch_each(shop, REFUNDS, hidden))
    return loaded


def fetch_orders_of_refunds(shop: Shop, since: datetime | None) -> Loaded:
    """Fetch the orders of refunds that were added or deleted since a time and that the orders do not show."""
    return fetch(shop, ORDERS, [number for (number,) in query(shop, "orders_of_refunds", since=since)])


def _refunds_of(shop: Shop, order_id: int) -> list[Fetched]:
    """The refunds of an order, which do not name it; none if the order is gone."""
    try:
        fetched = list_all(shop.client, OF_ORDER.format(order_id=order_id), REFUNDS.query())
    except NotFound:
        return []
    return [({**each, "parent_id": order_id} if isinstance(each, dict) else each, at) for each, at in fetched]
