"""The listings of `wc/v3`: their filters, order and pages."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from demo.woocommerce.answers import Record, invalid_param
from demo.woocommerce.query import Query
from demo.woocommerce.state import Head, State, head_of

_ORDER_BY = ("date", "id", "include", "title", "slug", "modified")
_ROLES = ("all", "administrator", "editor", "author", "contributor", "subscriber", "customer", "shop_manager")
_PRODUCT_STATUSES = ("any", "future", "trash", "draft", "pending", "private", "publish")

_REVIEW_STATUSES = ("all", "hold", "approved", "spam", "trash")


@dataclass(frozen=True)
class Page:
    """A page: its ids, the total number of objects, and the number of pages."""

    ids: list[int]
    total: int
    size: int

    @property
    def pages(self) -> int:
        return -(-self.total // self.size)


class Listings:
    """The shop's listings. The sorted ids of a listing are cached until the shop changes."""

    def __init__(self, shop: State) -> None:
        self._shop = shop
        self._kept: dict[tuple[Any, ...], list[int]] = {}
        self._version = -1
        self._random = random.Random(0)

    def orders(self, query: Query) -> Page:
        statuses = self._statuses(query)
        customer = query.number("customer", 0, 0) if "customer" in query.values else None

        def fits(head: Head) -> bool:
            return head.status in statuses and customer in (None, head.customer_id)

        return self._posts("orders", self._shop.orders.heads.values, query, fits, (tuple(statuses), customer))

    def refunds(self, query: Query, order_id: int | None = None) -> Page:
        """All refunds, or those of one order. As in WooCommerce, refunds of trashed orders are included."""
        chosen = [each for each in self._shop.refunds.values() if order_id in (None, each["parent_id"])]
        return self._posts(f"refunds {order_id}", lambda: map(_refund_head, chosen), query)

    def products(self, query: Query) -> Page:
        return self._stocked("products", self._shop.products, query)

    def coupons(self, query: Query) -> Page:
        return self._stocked("coupons", self._shop.coupons, query)

    def variations(self, query: Query, product_id: int) -> Page:
        chosen = {n: each for n, each in self._shop.variations.items() if each.get("parent_id") == product_id}
        return self._stocked(f"variations {product_id}", chosen, query)

    def customers(self, query: Query) -> Page:
        """Registered users by role. As in WooCommerce, filters by time are ignored."""
        role = query.text("role", "customer", _ROLES)
        order = query.text("order", "asc", ("asc", "desc"))
        by = query.text("orderby", "name", ("id", "include", "name", "registered_date"))
        email = query.text("email").lower()
        chosen = [
            each
            for each in self._shop.customers.values()
            if role in ("all", each["role"]) and email in ("", str(each["email"]).lower())
        ]
        keys: dict[str, Callable[[Record], Any]] = {
            "name": lambda each: (str(each.get("username") or "").lower(), each["id"]),
            "registered_date": lambda each: (str(each.get("date_created_gmt") or ""), each["id"]),
        }
        chosen.sort(key=keys.get(by, lambda each: each["id"]), reverse=order == "desc")
        return self._page(self._chosen([each["id"] for each in chosen], query, by), query)

    def reviews(self, query: Query) -> Page:
        """Reviews by status; `all` leaves out spam and trash. Bounds are compared with the shop's time."""
        status = query.text("status", "approved", _REVIEW_STATUSES)
        order = query.text("order", "desc", ("asc", "desc"))
        by = query.text("orderby", "date_gmt", ("date", "date_gmt", "id", "include", "product"))
        query.text("context", "view", ("view", "edit"))
        after, before = query.time("after"), query.time("before")
        shown = ("approved", "hold") if status == "all" else (status,)
        products = set(query.numbers("product"))
        chosen = [
            each
            for each in self._shop.reviews.values()
            if each["status"] in shown
            and (not products or each["product_id"] in products)
            and (after is None or each["date_created"] > after)
            and (before is None or each["date_created"] < before)
        ]
        field = {"date": "date_created", "date_gmt": "date_created_gmt", "product": "product_id"}.get(by, "id")
        chosen.sort(key=lambda each: (each[field], each["id"]), reverse=order == "desc")
        return self._page(self._chosen([each["id"] for each in chosen], query, by), query)

    def plain(self, objects: dict[int, Record], query: Query, order: str, names: tuple[str, ...]) -> Page:
        """Categories and webhooks, sorted by id or name, without filters."""
        direction = query.text("order", order, ("asc", "desc"))
        by = query.text("orderby", names[0], names)
        field = {"date": "date_created_gmt", "title": "name"}.get(by, by)
        ids = sorted(
            objects, key=lambda n: (str(objects[n].get(field) or ""), n) if field != "id" else n,
            reverse=direction == "desc",
        )  # fmt: skip
        return self._page(self._chosen(ids, query, by), query)

    def _statuses(self, query: Query) -> set[str]:
        registered = self._shop.settings.statuses
        known = ["any", "trash", "auto-draft", *registered]
        asked = query.items("status") or ["any"]
        for place, status in enumerate(asked):
            if status not in known:
                reason = f"status[{place}] is not one of {', '.join(known)}."
                raise invalid_param("status", reason, "rest_not_in_enum")
        return set(registered) if "any" in asked else set(asked)

    def _stocked(self, name: str, objects: dict[int, Record], query: Query) -> Page:
        status = query.text("status", "any", _PRODUCT_STATUSES)
        hidden = {"trash", "auto-draft"} if status == "any" else set(_PRODUCT_STATUSES) - {status}
        heads = [_stock_head(each) for each in objects.values() if each.get("status", "publish") not in hidden]
        return self._posts(name, lambda: iter(heads), query, distinct=(status,))

    def _posts(
        self,
        name: str,
        heads: Callable[[], Iterable[Head]],
        query: Query,
        fits: Callable[[Head], bool] = lambda head: True,
        distinct: tuple[Any, ...] = (),
    ) -> Page:
        """A listing of objects with times of creation and change. Both ends of a range are exclusive."""
        by, direction = query.text("orderby", "date", _ORDER_BY), query.text("order", "desc", ("asc", "desc"))
        # Before 5.8 WooCommerce knew neither dates of modification nor UTC, and ignored these parameters.
        is_modern = self._shop.settings.is_from(5, 8)
        gmt = query.flag("dates_are_gmt") and is_modern
        modified = [query.time(name) if is_modern else None for name in ("modified_after", "modified_before")]
        bounds = (query.time("after"), query.time("before"), *modified)
        ids = self._recalled(
            (name, by, direction, gmt, bounds, *distinct),
            lambda: _sorted((h for h in heads() if _within(h, bounds, gmt) and fits(h)), by, direction),
        )
        if self._shop.settings.unstable_ties:
            ids = self._shuffled(name, list(heads()), ids, by, direction)
        return self._page(self._chosen(ids, query, by), query)

    def _recalled(self, key: tuple[Any, ...], find: Callable[[], list[int]]) -> list[int]:
        if self._version != self._shop.version:
            self._kept, self._version = {}, self._shop.version
        if key not in self._kept:
            self._kept[key] = find()
        return self._kept[key]

    def _shuffled(self, name: str, heads: list[Head], ids: list[int], by: str, direction: str) -> list[int]:
        shown = set(ids)
        chosen = [head for head in heads if head.id in shown]
        self._random.shuffle(chosen)
        key = _key(by)
        return [head.id for head in sorted(chosen, key=lambda head: key(head)[0], reverse=direction == "desc")]

    def _chosen(self, ids: list[int], query: Query, by: str) -> list[int]:
        include, exclude = query.numbers("include"), set(query.numbers("exclude"))
        if include and by == "include":
            shown = set(ids)
            ids = [number for number in include if number in shown]
        elif include:
            among = set(include)
            ids = [number for number in ids if number in among]
        return [number for number in ids if number not in exclude] if exclude else ids

    def _page(self, ids: list[int], query: Query) -> Page:
        offset, size = query.page()
        return Page(ids[offset : offset + size], len(ids), size)


def _refund_head(refund: Record) -> Head:
    times = {"date_modified": refund["date_created"], "date_modified_gmt": refund["date_created_gmt"]}
    return head_of({**refund, **times, "status": "completed"})


def _stock_head(record: Record) -> Head:
    return head_of({"status": "publish", **record})


def _key(by: str) -> Callable[[Head], tuple[Any, int]]:
    name = {"modified": "modified_gmt", "date": "created_gmt"}.get(by, "id")
    return lambda head: (getattr(head, name), head.id)


def _sorted(heads: Iterable[Head], by: str, direction: str) -> list[int]:
    return [head.id for head in sorted(heads, key=_key(by), reverse=direction == "desc")]


def _within(head: Head, bounds: tuple[str | None, ...], gmt: bool) -> bool:
    after, before, modified_after, modified_before = bounds
    created, modified = (head.created_gmt, head.modified_gmt) if gmt else (head.created, head.modified)
    return (
        (after is None or created > after)
        and (before is None or created < before)
        and (modified_after is None or modified > modified_after)
        and (modified_before is None or modified < modified_before)
    )
