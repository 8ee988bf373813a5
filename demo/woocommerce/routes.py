"""The routes below `/wp-json`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from demo.woocommerce.answers import (
    Record,
    Refused,
    at_decimals,
    cut,
    fields_wanted,
    missing,
    missing_parent,
)
from demo.woocommerce.listing import Listings, Page
from demo.woocommerce.query import Query, no_route
from demo.woocommerce.reports import Reports
from demo.woocommerce.settings import general, index, setting, system_status, wc_admin
from demo.woocommerce.shop import Shop
from demo.woocommerce.webhooks import Webhooks

_NAMED = ("id", "name", "slug", "count")
_WEBHOOKS = ("date", "id", "title")


@dataclass
class Answer:
    """An answer. `rows` is the number of objects that were read for it, which determines its duration."""

    body: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    rows: int = 1


class Routes:
    """The API of a shop: `answer(method, path, query, body)` with the path after `/wp-json`."""

    def __init__(self, shop: Shop, webhooks: Webhooks) -> None:
        self._shop, self._webhooks = shop, webhooks
        self._listings = Listings(shop)
        self._reports = Reports(shop, shop.analytics)
        self._gets: list[tuple[re.Pattern[str], Callable[..., Answer]]] = [
            (re.compile(pattern), handler)
            for pattern, handler in (
                (r"/wc/v3/orders", self._orders),
                (r"/wc/v3/(orders|products|customers|coupons)/(\d+)", self._one),
                (r"/wc/v3/orders/(\d+)/refunds", self._refunds_of),
                (r"/wc/v3/orders/(\d+)/refunds/(\d+)", self._refund),
                (r"/wc/v3/refunds", self._refunds),
                (r"/wc/v3/customers", self._customers),
                (r"/wc/v3/products", self._products),
                (r"/wc/v3/products/categories", self._categories),
                (r"/wc/v3/products/categories/(\d+)", self._category),
                (r"/wc/v3/products/(\d+)/variations", self._variations),
                (r"/wc/v3/products/(\d+)/variations/(\d+)", self._variation),
                (r"/wc/v3/products/reviews", self._reviews),
                (r"/wc/v3/products/reviews/(\d+)", self._review),
                (r"/wc/v3/coupons", self._coupons),
                (r"/wc/v3/webhooks", self._all_webhooks),
                (r"/wc/v3/webhooks/(\d+)", self._webhook),
                (r"/(?:wc/v3|wc-analytics)/settings/(general|wc_admin)", self._settings),
                (r"/(?:wc/v3|wc-analytics)/settings/(general|wc_admin)/(\w+)", self._setting),
                (r"/wc/v3/system_status", self._status),
                (r"/wc-analytics/reports/(revenue|orders)/stats", self._stats),
                (r"/wc-analytics/reports/orders", self._report_orders),
                (r"/wc-analytics/reports/customers", self._report_customers),
            )
        ]

    def answer(self, method: str, path: str, pairs: list[tuple[str, str]], body: Any, is_known: bool) -> Answer:
        """The answer to a request. Raises Refused."""
        query = Query(pairs, self._shop.zone)
        wanted = fields_wanted(query.items("_fields"))
        path = path.rstrip("/")
        if path == "":
            return self._cut(Answer(index(self._shop)), wanted)
        if "wc-analytics" in path and not self._shop.settings.is_from(4):
            raise no_route()
        handler, groups = self._find(path) if method == "GET" else (None, ())
        if method != "GET" and not path.startswith("/wc/v3/webhooks"):
            if not is_known:
                raise _stranger(method, path)
            raise missing("orders", 400) if path == "/wc/v3/orders/0" else no_route()
        if method == "GET" and handler is None:
            raise no_route()
        if not is_known:
            raise _stranger(method, path)
        with self._shop.lock:
            if handler is None:
                status, result = self._webhooks.write(method, path.removeprefix("/wc/v3/webhooks"), query, body)
                return Answer(result, status)
            return self._cut(handler(query, *groups), wanted)

    def _find(self, path: str) -> tuple[Callable[..., Answer] | None, tuple[str, ...]]:
        for pattern, handler in self._gets:
            if match := pattern.fullmatch(path):
                return handler, match.groups()
        return None, ()

    def _cut(self, answer: Answer, wanted: Record | None) -> Answer:
        body = answer.body
        answer.body = [cut(each, wanted) for each in body] if isinstance(body, list) else cut(body, wanted)
        return answer

    def _listed(self, page: Page, show: Callable[[int], Record]) -> Answer:
        headers = {"X-WP-Total": str(page.total), "X-WP-TotalPages": str(page.pages)}
        return Answer([show(number) for number in page.ids], headers=headers, rows=len(page.ids))

    def _orders(self, query: Query) -> Answer:
        decimals = query.number("dp", self._shop.settings.price_decimals)
        page = self._listings.orders(query)
        keys = query.items("include_meta")
        return self._listed(page, lambda number: _with_meta(at_decimals(self._shop.orders[number], decimals), keys))

    def _refunds(self, query: Query) -> Answer:
        if not self._shop.settings.is_from(9):
            raise no_route()
        decimals = query.number("dp", self._shop.settings.price_decimals)
        page = self._listings.refunds(query)
        return self._listed(page, lambda number: at_decimals(self._shop.refunds[number], decimals))

    def _refunds_of(self, query: Query, order: str) -> Answer:
        decimals = query.number("dp", self._shop.settings.price_decimals)
        page = self._listings.refunds(query, int(order))
        return self._listed(page, lambda number: _of_order(at_decimals(self._shop.refunds[number], decimals)))

    def _refund(self, query: Query, order: str, number: str) -> Answer:
        refund = self._shop.refunds.get(int(number))
        if refund is None:
            raise missing("refunds")
        if int(order) not in self._shop.orders:
            raise missing_parent("woocommerce_rest_invalid_order_id", "Invalid order ID.")
        if refund["parent_id"] != int(order):
            raise missing_parent("woocommerce_rest_invalid_order_refund_id", "Invalid order refund ID.")
        return Answer(_of_order(at_decimals(refund, query.number("dp", self._shop.settings.price_decimals))))

    def _one(self, query: Query, kind: str, number: str) -> Answer:
        """An object by its id, also in the trash or with an unregistered status."""
        found = getattr(self._shop, kind).get(int(number))
        if found is None:
            raise missing(kind)
        if kind == "orders":
            found = at_decimals(found, query.number("dp", self._shop.settings.price_decimals))
            # For a single order the parameter is not declared, so a list with commas is one key.
            found = _with_meta(found, [query.values["include_meta"]] if "include_meta" in query.values else [])
        return Answer(found)

    def _customers(self, query: Query) -> Answer:
        return self._listed(self._listings.customers(query), self._shop.customers.__getitem__)

    def _products(self, query: Query) -> Answer:
        return self._listed(self._listings.products(query), self._shop.products.__getitem__)

    def _coupons(self, query: Query) -> Answer:
        return self._listed(self._listings.coupons(query), self._shop.coupons.__getitem__)

    def _variations(self, query: Query, product: str) -> Answer:
        return self._listed(self._listings.variations(query, int(product)), self._shop.variations.__getitem__)

    def _variation(self, query: Query, product: str, number: str) -> Answer:
        found = self._shop.variations.get(int(number))
        if found is None or found.get("parent_id") != int(product):
            raise missing("variations")
        return Answer(found)

    def _reviews(self, query: Query) -> Answer:
        if not self._shop.settings.has_reviews:
            raise no_route()
        return self._listed(
            self._listings.reviews(query), lambda number: _in_context(self._shop.reviews[number], query)
        )

    def _review(self, query: Query, number: str) -> Answer:
        """A review by its id, also one that is not approved."""
        if int(number) not in self._shop.reviews:
            raise missing("reviews")
        return Answer(_in_context(self._shop.reviews[int(number)], query))

    def _category(self, query: Query, number: str) -> Answer:
        if int(number) not in self._shop.categories:
            raise missing("categories")
        return Answer(self._shop.categories[int(number)])

    def _categories(self, query: Query) -> Answer:
        page = self._listings.plain(self._shop.categories, query, "asc", ("name", *_NAMED))
        return self._listed(page, self._shop.categories.__getitem__)

    def _all_webhooks(self, query: Query) -> Answer:
        status = query.text("status", "all", ("all", "active", "paused", "disabled"))
        chosen = {n: each for n, each in self._shop.webhooks.items() if status in ("all", each["status"])}
        return self._listed(self._listings.plain(chosen, query, "desc", _WEBHOOKS), self._webhooks.shown)

    def _webhook(self, query: Query, number: str) -> Answer:
        return Answer(self._webhooks.shown(int(number)))

    def _settings(self, query: Query, group: str) -> Answer:
        return Answer(general(self._shop) if group == "general" else wc_admin(self._shop))

    def _setting(self, query: Query, group: str, name: str) -> Answer:
        return Answer(setting(self._shop, group, name))

    def _status(self, query: Query) -> Answer:
        return Answer(system_status(self._shop))

    def _stats(self, query: Query, name: str) -> Answer:
        body, total, size = self._reports.stats(query, name)
        return Answer(body, headers=_counted(total, size), rows=len(body["intervals"]))

    def _report_orders(self, query: Query) -> Answer:
        rows, total, size = self._reports.orders(query)
        return Answer(rows, headers=_counted(total, size), rows=len(rows))

    def _report_customers(self, query: Query) -> Answer:
        rows, total, size = self._reports.customers(query)
        return Answer(rows, headers=_counted(total, size), rows=len(rows))


def _counted(total: int, size: int) -> dict[str, str]:
    return {"X-WP-Total": str(total), "X-WP-TotalPages": str(-(-total // size))}


def _with_meta(order: Record, keys: list[str]) -> Record:
    """An order with meta data of the given keys only, if any."""
    return order | {"meta_data": [each for each in order["meta_data"] if each["key"] in keys]} if keys else order


def _in_context(review: Record, query: Query) -> Record:
    """A review as it is stored, or by default with paragraphs around its text."""
    if query.text("context", "view", ("view", "edit")) == "edit":
        return review
    paragraphs = "\n".join(f"<p>{each}</p>" for each in review["review"].split("\n\n"))
    return review | {"review": f"{paragraphs}\n"}


def _of_order(refund: Record) -> Record:
    return {name: value for name, value in refund.items() if name != "parent_id"}


def _stranger(method: str, path: str) -> Refused:
    if method != "GET":
        return Refused(401, "woocommerce_rest_cannot_create", "Sorry, you are not allowed to create resources.")
    if re.search(r"/\d+$", path):
        return Refused(401, "woocommerce_rest_cannot_view", "Sorry, you cannot view this resource.")
    return Refused(401, "woocommerce_rest_cannot_view", "Sorry, you cannot list resources.")
