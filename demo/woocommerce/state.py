"""What a shop holds: its settings, and its objects as the API shows them (`dp=6`), without any behaviour."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from demo.woocommerce.clock import Clock

Record = dict[str, Any]

STATUSES = ("pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed", "checkout-draft")


@dataclass
class ShopSettings:
    """The settings that the API shows. `date_type` '' is unset, which Analytics takes for date_paid; `statuses` are the
    registered ones; `unstable_ties` lets equal values of `orderby` come in another order at each request."""

    name: str = "A shop"
    timezone: str = "UTC"
    currency: str = "USD"
    price_decimals: int = 2
    prices_include_tax: bool = False
    date_type: str = ""
    excluded_statuses: tuple[str, ...] = ("pending", "cancelled", "failed")
    version: str = "10.5.2"
    wordpress_version: str = "6.9.1"
    statuses: list[str] = field(default_factory=lambda: list(STATUSES))
    unstable_ties: bool = False


class Head(NamedTuple):
    """What a listing filters and sorts an order by; times as the API writes them."""

    id: int
    status: str
    created: str
    created_gmt: str
    modified: str
    modified_gmt: str
    customer_id: int


def head_of(order: Record) -> Head:
    created, created_gmt, modified, modified_gmt = (
        str(order.get(f"date_{name}") or "") for name in ("created", "created_gmt", "modified", "modified_gmt")
    )
    customer = int(order.get("customer_id") or 0)
    return Head(int(order["id"]), str(order["status"]), created, created_gmt, modified, modified_gmt, customer)


class Orders(MutableMapping[int, Record]):
    """Orders by id. Those of `lazy` are made when they are read, by `make(id)`, and cost only their head until then:
    they are no place to write to, so change an order by putting a new one in its place."""

    def __init__(self, lazy: list[Head] | None = None, make: Callable[[int], Record] | None = None) -> None:
        self.heads: dict[int, Head] = {head.id: head for head in lazy or []}
        self._kept: dict[int, Record] = {}
        self._make = make

    def __getitem__(self, number: int) -> Record:
        if number in self._kept:
            return self._kept[number]
        if number not in self.heads or self._make is None:
            raise KeyError(number)
        return self._make(number)

    def __setitem__(self, number: int, order: Record) -> None:
        self._kept[number] = order
        self.heads[number] = head_of(order)

    def __delitem__(self, number: int) -> None:
        del self.heads[number]
        self._kept.pop(number, None)

    def __contains__(self, number: object) -> bool:
        return number in self.heads

    def __iter__(self) -> Iterator[int]:
        return iter(list(self.heads))

    def __len__(self) -> int:
        return len(self.heads)


@dataclass
class State:
    """The objects by id. Write through the methods of `Shop`, or with `put_order` after changing a copy: `version` must
    grow whenever something changes. `lock` holds everyone else off."""

    settings: ShopSettings = field(default_factory=ShopSettings)
    clock: Clock = field(default_factory=Clock)
    orders: Orders = field(default_factory=Orders)
    refunds: dict[int, Record] = field(default_factory=dict)
    customers: dict[int, Record] = field(default_factory=dict)
    products: dict[int, Record] = field(default_factory=dict)
    variations: dict[int, Record] = field(default_factory=dict)
    categories: dict[int, Record] = field(default_factory=dict)
    coupons: dict[int, Record] = field(default_factory=dict)
    webhooks: dict[int, Record] = field(default_factory=dict)
    version: int = 0
    lock: Any = field(default_factory=threading.RLock)
    changed_orders: set[int] = field(default_factory=set)
    happenings: list[tuple[str, int]] = field(default_factory=list)
    _last_id: int = 0

    def next_id(self) -> int:
        """An id that no order, refund, product, variation or coupon has had: they share one row of numbers."""
        if not self._last_id:
            shared = (self.orders, self.refunds, self.products, self.variations, self.coupons)
            self._last_id = max((max(objects, default=0) for objects in shared), default=0)
        self._last_id += 1
        return self._last_id

    def put_order(self, order: Record) -> None:
        """Keep an order as it is given, whatever it holds; nothing else happens."""
        with self.lock:
            self.orders[int(order["id"])] = order
            self.touch(int(order["id"]))

    def touch(self, order_id: int | None = None) -> None:
        """Say that something has changed, and which order if it was one."""
        self.version += 1
        if order_id is not None:
            self.changed_orders.add(order_id)

    def happened(self, topic: str, number: int) -> None:
        """Remember something that webhooks tell: a topic such as `order.updated`, and the object's id."""
        self.happenings.append((topic, number))

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.settings.timezone)

    def times(self, name: str, at: datetime | None = None) -> dict[str, str]:
        """`date_<name>` in the shop's zone and `date_<name>_gmt`, of now if no time is given."""
        at = at or self.clock()
        local, gmt = at.astimezone(self.zone), at.astimezone(UTC)
        return {f"date_{name}": local.isoformat()[:19], f"date_{name}_gmt": gmt.isoformat()[:19]}
