"""Loads all orders on the first sync, month by month, so that a killed run repeats at most a month.

Months are those of creation, since an edit does not move an order to another month. Orders edited meanwhile are found
by the sync that follows, which lists modifications from the start of this run.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sources.woocommerce.landing import Loaded, land, move, position
from sources.woocommerce.listings import first_page, listed
from sources.woocommerce.objects import ORDERS, Resource, Shape, moment
from sources.woocommerce.shops import Shop

SECOND = timedelta(seconds=1)
# A listing surely includes what was written this long before the answer's date; the overlap covers slower writes.
ENTERS_AT_ONCE = timedelta(seconds=5)
OVERLAP = timedelta(minutes=5)
# A shop's own time can be this far from UTC.
ANY_ZONE = timedelta(hours=14)
BEGINNING = datetime(1970, 1, 2, tzinfo=UTC)


def load_history(shop: Shop, resume: bool, on_progress: Callable[[int, int], None]) -> Loaded:
    """Land every listed order, with `resume` from where an earlier run was killed. The position of orders is then the
    start of the first of these runs. Raises ShopRefused."""
    count = shop.client.listing(ORDERS.path, status="any", per_page=1, _fields=["id"])
    started = (position(shop, "orders_started") if resume else None) or count.shop_time - ENTERS_AT_ONCE
    if resume:
        with shop.connection, shop.connection.cursor() as cursor:
            move(cursor, shop, {"orders_started": started})
    loaded = Loaded()
    start = (position(shop, "orders_history") if resume else None) or BEGINNING
    while start < started and (oldest := _oldest(shop, start)) is not None and oldest < started:
        end = min(_next_month(max(oldest, start)), started)
        loaded.add(_load_window(shop, oldest, end, resume, partial(_tell, on_progress, loaded.read, count.total or 0)))
        start = end
    # Orders may be dated in the future.
    loaded.add(_load_window(shop, started, None, resume, lambda read: None))
    with shop.connection, shop.connection.cursor() as cursor:
        move(cursor, shop, {"orders": started})
    return loaded


def land_all(
    shop: Shop,
    resource: Resource,
    params: dict[str, Any],
    on_progress: Callable[[int, int], None],
    position_name: str | None = None,
    positions: dict[str, datetime] | None = None,
) -> Loaded:
    """Land a whole listing. The last page moves `positions`, or `position_name` to when the listing was started."""
    first = first_page(shop.client, resource.path, params)
    if position_name:
        positions = {position_name: first.shop_time - ENTERS_AT_ONCE}
    loaded = Loaded()
    for batch in listed(shop.client, resource.path, params, first=first):
        loaded.add(land(shop, resource, batch.objects, positions=positions if batch.is_last else None))
        on_progress(loaded.read, max(batch.total, loaded.read))
    return loaded


def _load_window(
    shop: Shop, start: datetime, end: datetime | None, resume: bool, on_progress: Callable[[int], None]
) -> Loaded:
    # Shops that do not know UTC take the bounds for their own time.
    margin = timedelta(0) if shop.store.lists_by_modification else ANY_ZONE
    params = ORDERS.query(status="any", dates_are_gmt=True, after=start - margin - SECOND)
    if end is not None:
        params["before"] = end + margin + SECOND
    positions = {"orders_history": end} if resume and end is not None else None
    loaded = Loaded()
    for batch in listed(shop.client, ORDERS.path, params):
        loaded.add(land(shop, ORDERS, batch.objects, positions=positions if batch.is_last else None))
        on_progress(loaded.read)
    return loaded


def _tell(on_progress: Callable[[int, int], None], before: int, total: int, read: int) -> None:
    on_progress(before + read, max(total, before + read))


def _oldest(shop: Shop, since: datetime) -> datetime | None:
    """When the oldest order since a time was created; that time itself if its date is unreadable."""
    margin = timedelta(0) if shop.store.lists_by_modification else ANY_ZONE
    answer = shop.client.listing(
        ORDERS.path, status="any", per_page=1, orderby="date", order="asc", dates_are_gmt=True,
        after=since - margin - SECOND, _fields=["id", "date_created", "date_created_gmt"],
    )  # fmt: skip
    if not answer.value:
        return None
    shape = Shape.of(shop.settings, shop.store.timezone)
    found = moment(answer.value[0], "date_created", shape) if isinstance(answer.value[0], dict) else None
    return max(found, since) if found else since


def _next_month(at: datetime) -> datetime:
    return (at.replace(day=1, hour=0, minute=0, second=0, microsecond=0) + timedelta(days=32)).replace(day=1)
