"""All orders of a shop, the first time: month by month of their creation, so that a kill costs a month at most.

By creation and not by modification, since an edit moves no order to another month: the listing stands still while the
shop is written to. What is edited meanwhile was modified after the start, and is found by asking from the start on.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sources.woocommerce.landing import Loaded, land, move, position
from sources.woocommerce.listings import listed
from sources.woocommerce.objects import ORDERS, Resource, Shape, moment
from sources.woocommerce.shops import Shop

SECOND = timedelta(seconds=1)
# How far before its answer's date a shop's listing surely shows what was written; the overlap covers what takes longer.
ENTERS_AT_ONCE = timedelta(seconds=5)
OVERLAP = timedelta(minutes=5)
BEGINNING = datetime(1970, 1, 2, tzinfo=UTC)


def load_history(shop: Shop, resume: bool, told: Callable[[int, int], None]) -> Loaded:
    """Land every order that a listing shows, from where an earlier run was killed if `resume`. The safe point of orders
    is then the start of the first of these runs. Raises ShopRefused."""
    count = shop.client.listing(ORDERS.path, status="any", per_page=1, _fields=["id"])
    started = (position(shop, "orders_started") if resume else None) or count.shop_time - ENTERS_AT_ONCE
    if resume:
        with shop.connection, shop.connection.cursor() as cursor:
            move(cursor, shop, {"orders_started": started})
    loaded = Loaded()
    start = (position(shop, "orders_history") if resume else None) or BEGINNING
    while start < started and (oldest := _oldest(shop, start)) is not None and oldest < started:
        end = min(_next_month(max(oldest, start)), started)
        loaded.add(_load_window(shop, oldest, end, resume, partial(_tell, told, loaded.read, count.total or 0)))
        start = end
    # Orders may be dated ahead.
    loaded.add(_load_window(shop, started, None, resume, lambda read: None))
    with shop.connection, shop.connection.cursor() as cursor:
        move(cursor, shop, {"orders": started})
    return loaded


def land_all(
    shop: Shop,
    resource: Resource,
    params: dict[str, Any],
    told: Callable[[int, int], None],
    moves: str | None = None,
    positions: dict[str, datetime] | None = None,
) -> Loaded:
    """Land a whole listing; with its last page the positions move, or that of `moves` to when the listing was begun."""
    query = {"orderby": "id", "order": "asc", "per_page": 100, **params}
    first = shop.client.listing(resource.path, **query, page=1)
    if moves:
        positions = {moves: first.shop_time - ENTERS_AT_ONCE}
    loaded = Loaded()
    for batch in listed(shop.client, resource.path, params, first=first):
        loaded.add(land(shop, resource, batch.given, positions=positions if batch.is_last else None))
        told(loaded.read, max(batch.total, loaded.read))
    return loaded


def _load_window(
    shop: Shop, start: datetime, end: datetime | None, resume: bool, told: Callable[[int], None]
) -> Loaded:
    params = ORDERS.asked(status="any", dates_are_gmt=True, after=start - SECOND)
    if end is not None:
        params["before"] = end + SECOND
    positions = {"orders_history": end} if resume and end is not None else None
    loaded = Loaded()
    for batch in listed(shop.client, ORDERS.path, params):
        loaded.add(land(shop, ORDERS, batch.given, positions=positions if batch.is_last else None))
        told(loaded.read)
    return loaded


def _tell(told: Callable[[int, int], None], before: int, total: int, read: int) -> None:
    told(before + read, max(total, before + read))


def _oldest(shop: Shop, since: datetime) -> datetime | None:
    """When the oldest order not before a time was created; that time itself if its date cannot be read."""
    answer = shop.client.listing(
        ORDERS.path, status="any", per_page=1, orderby="date", order="asc", dates_are_gmt=True,
        after=since - SECOND, _fields=["id", "date_created", "date_created_gmt"],
    )  # fmt: skip
    if not answer.value:
        return None
    shape = Shape.of(shop.settings, shop.store.timezone)
    found = moment(answer.value[0], "date_created", shape) if isinstance(answer.value[0], dict) else None
    return max(found, since) if found else since


def _next_month(at: datetime) -> datetime:
    return (at.replace(day=1, hour=0, minute=0, second=0, microsecond=0) + timedelta(days=32)).replace(day=1)
