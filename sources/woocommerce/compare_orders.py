"""Compares stored orders with the shop's listings by a few fields, fetches what differs by id, and compares again."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from sources.woocommerce.by_id import fetch, fetch_each
from sources.woocommerce.history import land_all
from sources.woocommerce.landing import ANY_ATTEMPTS, Fetched, land, query, rejected_ids
from sources.woocommerce.listings import listed
from sources.woocommerce.objects import ORDERS, Object, Shape, modified_at, parse_id
from sources.woocommerce.pages import Unread, number_of
from sources.woocommerce.shops import Shop

ROUNDS = 3
# Unlisted orders fetched by id in one run, those first that were fetched longest ago.
MAX_HIDDEN = 2000
_MONEY = ("total", "total_tax", "shipping_total", "discount_total")
_LIGHT = ["id", "status", "customer_id", "date_created", "date_created_gmt", "date_modified_gmt", *_MONEY]
# The items of these can be edited, in some versions without changing the date of modification.
_EDITABLE = ("pending", "on-hold")
# Plugins may add tracking numbers this long after an order, some without changing the date of modification.
_PARCELS_COME = timedelta(days=14)
UNDATED = "undated"
_DATE = re.compile(r"(19|2\d)\d\d-(0[1-9]|1[0-2])-")


class Digest(NamedTuple):
    """The fields that tell two versions of an order apart; `created` is in the shop's time. An answer may lack one of
    the dates, so both are compared."""

    status: str
    customer_id: int
    created: str
    created_gmt: str
    modified: datetime | None
    money: tuple[Decimal, ...]

    @property
    def month(self) -> str:
        """`YYYY-MM`, or `undated`: objects can lose their dates or have invalid ones."""
        return self.created[:7] if _DATE.match(self.created) else UNDATED


@dataclass
class Month:
    """Orders created in a month of the shop's time, and the sum of their totals."""

    orders: int = 0
    total: Decimal = Decimal(0)

    def add(self, total: Decimal) -> None:
        self.orders += 1
        self.total += _finite(total)

    def subtract(self, total: Decimal) -> None:
        self.orders -= 1
        self.total -= _finite(total)

    def plus(self, other: Month) -> Month:
        return Month(self.orders + other.orders, self.total + other.total)

    def as_json(self) -> dict[str, object]:
        return {"orders": self.orders, "total": str(self.total.normalize() + 0)}


def _finite(total: Decimal) -> Decimal:
    """Zero for NaN, which would stay in a sum even after it is subtracted."""
    return total if total.is_finite() else Decimal(0)


@dataclass
class Compared:
    """A comparison: `listed` orders by month, the ids `seen`, those `differing` from what is stored as they are listed,
    those stored but `unlisted` with their month, those `unread`, and months `moving`, in which an order changed
    meanwhile, which is left to the next sync."""

    listed: dict[str, Month] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    differing: dict[int, Digest] = field(default_factory=dict)
    unlisted: dict[int, str] = field(default_factory=dict)
    unread: list[Fetched] = field(default_factory=list)
    moving: set[str] = field(default_factory=set)


@dataclass
class OrdersResult:
    """The last comparison; `fetched`: how many orders differed at first, by month; `waiting`: unlisted orders left for
    the next run."""

    last: Compared
    fetched: dict[str, int]
    waiting: int


def compare_orders(shop: Shop) -> OrdersResult:
    """Compare all orders with the shop's listings, fetch what differs, and compare those months again."""
    started = shop.client.listing(ORDERS.path, status="any", per_page=1, _fields=["id"]).shop_time
    recent = {"status": "any", "dates_are_gmt": True, "after": started - _PARCELS_COME}
    for params in ({"status": list(_EDITABLE)}, recent):
        land_all(shop, ORDERS, ORDERS.query(**params), on_progress=lambda *_: None)
    result = compared = _compare(shop, _stored(shop), None, None)
    waiting = max(0, len(compared.unlisted) - MAX_HIDDEN)
    land(shop, ORDERS, compared.unread)
    fetched = Counter(each.month for each in compared.differing.values())
    unlisted = list(compared.unlisted)[:MAX_HIDDEN]
    fetch_each(shop, ORDERS, {number: f"{ORDERS.path}/{number}" for number in unlisted})
    for _ in range(ROUNDS):
        if not compared.differing:
            break
        fetch(shop, ORDERS, compared.differing)
        _leave_out_set_aside(shop, result, compared)
        months = {each.month for each in compared.differing.values()}
        compared, stored = Compared(), _stored(shop)
        for month in months:
            _merge(compared, _compare(shop, stored, month, started))
        for month in months:
            result.listed[month] = compared.listed.get(month, Month())
        result.seen |= compared.seen
        result.moving |= compared.moving
    _leave_out_set_aside(shop, result, compared)
    result.differing = compared.differing
    return OrdersResult(result, dict(fetched), waiting)


def _leave_out_set_aside(shop: Shop, result: Compared, compared: Compared) -> None:
    """Compare without orders that cannot be stored; they are a finding of their own."""
    set_aside = set(rejected_ids(shop, ORDERS, ANY_ATTEMPTS))
    for number in set_aside & compared.differing.keys():
        digest = compared.differing.pop(number)
        result.listed[digest.month].subtract(digest.money[0])


def stored_months(shop: Shop, but: set[int] | None = None) -> dict[str, Month]:
    """Stored orders by month, except those in `but`."""
    months: dict[str, Month] = {}
    for number, digest in _stored(shop).items():
        if but is None or number not in but:
            months.setdefault(digest.month, Month()).add(digest.money[0])
    return months


def _merge(compared: Compared, other: Compared) -> None:
    compared.listed.update(other.listed)
    compared.seen |= other.seen
    compared.differing.update(other.differing)
    compared.unlisted.update(other.unlisted)
    compared.moving |= other.moving


def _compare(shop: Shop, all_stored: dict[int, Digest], month: str | None, started: datetime | None) -> Compared:
    """Read the listings of all orders or of a month. Orders modified since `started` are moving."""
    compared = Compared()
    stored = {number: digest for number, digest in all_stored.items() if month in (None, digest.month)}
    shape = Shape.of(shop.settings, shop.store.timezone)
    for status in ("any", "trash"):
        params = {**ORDERS.params, "_fields": _LIGHT, "status": status, **_bounds(month)}
        for each, asked_at in (one for batch in listed(shop.client, ORDERS.path, params) for one in batch.objects):
            number = number_of(each)
            is_new = number not in compared.seen
            compared.seen.add(number or 0)
            if isinstance(each, Unread):
                compared.unread.append((each, asked_at))
            elif number and is_new and month in (None, (digest := _digest(each, modified_at(each, shape))).month):
                _look(compared, number, digest, stored.get(number), started)
    compared.unlisted = {number: digest.month for number, digest in stored.items() if number not in compared.seen}
    return compared


def _look(compared: Compared, number: int, digest: Digest, stored: Digest | None, started: datetime | None) -> None:
    """Add a listed order to a comparison."""
    compared.listed.setdefault(digest.month, Month()).add(digest.money[0])
    if started is not None and digest.modified is not None and digest.modified >= started:
        compared.moving.add(digest.month)
    elif digest != stored:
        compared.differing[number] = digest


def _bounds(month: str | None) -> dict[str, str]:
    """A month of the shop's time. The API excludes its bounds, so the first is a second earlier."""
    if month in (None, UNDATED):
        return {}
    start = datetime.fromisoformat(f"{month}-01")
    end = (start + timedelta(days=32)).replace(day=1)
    return {"after": (start - timedelta(seconds=1)).isoformat(), "before": end.isoformat()}


def _stored(shop: Shop) -> dict[int, Digest]:
    """Stored orders that are not deleted, those first that were fetched longest ago."""
    found = query(shop, "order_digests")
    return {number: _digest({**body, "status": status}, modified) for number, status, modified, body in found}


def _digest(payload: Object, modified: datetime | None) -> Digest:
    return Digest(
        str(payload.get("status") or "").removeprefix("wc-"),
        parse_id(payload.get("customer_id")) or 0,
        str(payload.get("date_created") or payload.get("date_created_gmt") or ""),
        str(payload.get("date_created_gmt") or ""),
        modified,
        tuple(_decimal(payload.get(name)) for name in _MONEY),
    )


def _decimal(value: Any) -> Decimal:
    try:
        return Decimal(str(value or 0))
    except InvalidOperation:
        return Decimal("NaN")
