"""What we hold of a shop against what it lists, object by object, by as few fields as can tell; what differs is fetched
by its id, and compared again."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from sources.woocommerce.by_id import fetch, fetch_each
from sources.woocommerce.history import land_all
from sources.woocommerce.landing import query
from sources.woocommerce.listings import listed
from sources.woocommerce.objects import ORDERS, Object, Shape, moment, whole
from sources.woocommerce.shops import Shop

ROUNDS = 3
# So many orders that no listing shows are asked for by id in one run, those first that have waited longest.
MOST_HIDDEN = 2000
_MONEY = ("total", "total_tax", "shipping_total", "discount_total")
_LIGHT = ["id", "status", "customer_id", "date_created", "date_created_gmt", "date_modified_gmt", *_MONEY]
# WooCommerce lets the items of these be edited, in some versions without a new date of modification.
_EDITABLE = ("pending", "on-hold")
# So long after an order plugins may write its tracking number, some of them without a new date of modification.
_PARCELS_COME = timedelta(days=14)


class Digest(NamedTuple):
    """As much of an order as tells two states of it apart; `created` in the shop's own time. An answer can lack one of
    the dates though the shop has it, so both are compared."""

    status: str
    customer_id: int
    created: str
    created_gmt: str
    modified: datetime | None
    money: tuple[Decimal, ...]

    @property
    def month(self) -> str:
        return self.created[:7]


@dataclass
class Month:
    """Orders created in a month of the shop's own time, and the sum of their totals."""

    orders: int = 0
    total: Decimal = Decimal(0)

    def add(self, total: Decimal) -> None:
        self.orders += 1
        self.total += total

    def plus(self, other: Month) -> Month:
        return Month(self.orders + other.orders, self.total + other.total)

    def as_json(self) -> dict[str, object]:
        return {"orders": self.orders, "total": str(self.total.normalize() + 0)}


@dataclass
class Compared:
    """A look at the shop's orders: `listed` by month, the ids `seen`, `differing` those that are not as we hold them,
    `unlisted` those that we hold and no listing shows (both with their month), and the months in which an order was
    `moving`, changed while we looked: that is the next sync's."""

    listed: dict[str, Month] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    differing: dict[int, str] = field(default_factory=dict)
    unlisted: dict[int, str] = field(default_factory=dict)
    moving: set[str] = field(default_factory=set)


@dataclass
class OrdersResult:
    """The last look; `fetched`, how many orders differed at first, by month; and how many of those that no listing
    shows were left `waiting` for the next run."""

    last: Compared
    fetched: dict[str, int]
    waiting: int


def compare_orders(shop: Shop) -> OrdersResult:
    """Compare all orders with the shop's listings, mend what differs, and compare its months again."""
    started = shop.client.listing(ORDERS.path, status="any", per_page=1, _fields=["id"]).shop_time
    recent = {"status": "any", "dates_are_gmt": True, "after": started - _PARCELS_COME}
    for params in ({"status": list(_EDITABLE)}, recent):
        land_all(shop, ORDERS, ORDERS.asked(**params), told=lambda *_: None)
    whole_look = compared = _look(shop, _held(shop), None, None)
    waiting = max(0, len(compared.unlisted) - MOST_HIDDEN)
    fetched = Counter(compared.differing.values())
    # Their own answers settle them: there is nothing in a listing to compare them with.
    hidden = list(compared.unlisted)[:MOST_HIDDEN]
    fetch_each(shop, ORDERS, {number: f"{ORDERS.path}/{number}" for number in hidden})
    for _ in range(ROUNDS):
        if not compared.differing:
            break
        fetch(shop, ORDERS, compared.differing)
        months = set(compared.differing.values())
        compared, held = Compared(), _held(shop)
        for month in months:
            _join(compared, _look(shop, held, month, started))
        for month in months:
            whole_look.listed[month] = compared.listed.get(month, Month())
        whole_look.seen |= compared.seen
        whole_look.moving |= compared.moving
    whole_look.differing = compared.differing
    return OrdersResult(whole_look, dict(fetched), waiting)


def held_months(shop: Shop, but: set[int] | None = None) -> dict[str, Month]:
    """The months of our orders, of all or of those that are not among `but`."""
    months: dict[str, Month] = {}
    for number, digest in _held(shop).items():
        if but is None or number not in but:
            months.setdefault(digest.month, Month()).add(digest.money[0])
    return months


def _join(compared: Compared, other: Compared) -> None:
    compared.listed.update(other.listed)
    compared.seen |= other.seen
    compared.differing.update(other.differing)
    compared.unlisted.update(other.unlisted)
    compared.moving |= other.moving


def _look(shop: Shop, all_held: dict[int, Digest], month: str | None, started: datetime | None) -> Compared:
    """Read the listings of all orders, or of a month's; what was modified from `started` on is moving."""
    compared = Compared()
    held = {number: digest for number, digest in all_held.items() if month in (None, digest.month)}
    shape = Shape.of(shop.settings, shop.store.timezone)
    for status in ("any", "trash"):
        params = {**ORDERS.params, "_fields": _LIGHT, "status": status, **_bounds(month)}
        for each, _ in (one for batch in listed(shop.client, ORDERS.path, params) for one in batch.given):
            number = whole(each.get("id")) if isinstance(each, dict) else None
            if number is None or number in compared.seen:
                continue
            compared.seen.add(number)
            digest = _digest(each, moment(each, "date_modified", shape))
            compared.listed.setdefault(digest.month, Month()).add(digest.money[0])
            if started is not None and digest.modified is not None and digest.modified >= started:
                compared.moving.add(digest.month)
            elif digest != held.get(number):
                compared.differing[number] = digest.month
    compared.unlisted = {number: digest.month for number, digest in held.items() if number not in compared.seen}
    return compared


def _bounds(month: str | None) -> dict[str, str]:
    """A month of the shop's own time; the bounds themselves are out, so the first is a second before it."""
    if month is None:
        return {}
    start = datetime.fromisoformat(f"{month}-01")
    end = (start + timedelta(days=32)).replace(day=1)
    return {"after": (start - timedelta(seconds=1)).isoformat(), "before": end.isoformat()}


def _held(shop: Shop) -> dict[int, Digest]:
    """Our orders that the shop was not seen to have lost, those first that were asked for longest ago."""
    found = query(shop, "order_digests")
    return {number: _digest({**body, "status": status}, modified) for number, status, modified, body in found}


def _digest(given: Object, modified: datetime | None) -> Digest:
    return Digest(
        str(given.get("status") or "").removeprefix("wc-"),
        whole(given.get("customer_id")) or 0,
        str(given.get("date_created") or given.get("date_created_gmt") or ""),
        str(given.get("date_created_gmt") or ""),
        modified,
        tuple(_decimal(given.get(name)) for name in _MONEY),
    )


def _decimal(value: Any) -> Decimal:
    try:
        return Decimal(str(value or 0))
    except InvalidOperation:
        return Decimal("NaN")
