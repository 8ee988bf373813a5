"""WooCommerce Analytics' tables: a row per order and per refund with its customer, amounts as doubles.

They are exact, because they are rebuilt whenever the shop changes. With `drifts` they are updated as in a running shop:
trashed orders and deleted refunds still count, and new customers are determined only once, at the import.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from demo.woocommerce.answers import Record
from demo.woocommerce.state import State

NEVER_COUNTED = {"checkout-draft", "auto-draft", "trash"}


@dataclass(frozen=True)
class Row:
    """A row of an order or a refund (`parent_id`). Times are strings in the shop's time zone. `customer` is the key of
    the customer, `first` whether it is their first order (always False for a refund). A running shop flags refunds as
    those of returning customers (`is_flagged`), an import does not."""

    id: int
    parent_id: int
    status: str
    created: str
    created_gmt: str
    paid: str | None
    completed: str | None
    net: float
    tax: float
    shipping: float
    total: float
    items: int
    coupons: float = 0
    codes: tuple[str, ...] = ()
    products: tuple[int, ...] = ()
    email: str = ""
    customer_id: int = 0
    number: str = ""
    customer: tuple[str, Any] = ("order", 0)
    first: bool = False
    is_flagged: bool = False


class Tables:
    """`rows()` are all rows by id. `drifts` may be changed at any time; `rebuild()` truncates and imports again. With
    `imports_every` changes are imported in batches, as shops that were set up with WooCommerce 10.5 do every 12 hours;
    the first import is at once."""

    def __init__(self, shop: State, drifts: bool = False) -> None:
        self._shop = shop
        self.drifts = drifts
        self.imports_every: timedelta | None = None
        self._imported_at = datetime.min.replace(tzinfo=UTC)
        self._rows: dict[int, Row] = {}
        self._version = -1
        self._refund_ids: dict[int, set[int]] = {}
        self._ids: dict[tuple[str, Any], int] = {}

    def rebuild(self) -> None:
        with self._shop.lock:
            self._rows, self._refund_ids = {}, {}
            self._shop.changed_orders.update(self._shop.orders)
            self._import(forgets=True)

    def rows(self) -> dict[int, Row]:
        with self._shop.lock:
            if self._version == -1:
                self.rebuild()
            elif self._version != self._shop.version and self._is_due():
                self._import(forgets=not self.drifts)
            return self._rows

    def _is_due(self) -> bool:
        return self.imports_every is None or self._shop.clock() - self._imported_at >= self.imports_every

    def customer_number(self, customer: tuple[str, Any]) -> int:
        """The id of a customer in Analytics, in order of appearance."""
        return self._ids.setdefault(customer, len(self._ids) + 1)

    def _import(self, forgets: bool) -> None:
        shop = self._shop
        changed, shop.changed_orders = shop.changed_orders, set()
        for number in changed:
            self._replace(number, forgets)
        self._version, self._imported_at = shop.version, shop.clock()
        uncounted = NEVER_COUNTED | set(shop.settings.excluded_statuses)
        identified = _with_customers(self._rows, shop.customers, uncounted)
        if forgets:
            self._rows = identified
        else:  # known rows keep their flags
            self._rows = {n: row if n not in changed else identified[n] for n, row in self._rows.items()}

    def _replace(self, order_id: int, forgets: bool) -> None:
        """Update the rows of an order. A running shop misses the trash and deleted refunds."""
        order = self._shop.orders.get(order_id)
        gone = order is None
        if order is not None and order["status"] == "trash" and not forgets:
            return
        known = self._refund_ids.setdefault(order_id, set())
        if gone or forgets:
            for number in [order_id, *known]:
                self._rows.pop(number, None)
            known.clear()
        if order is None:
            return
        row = order_row(order)
        self._rows[order_id] = row
        for refund in self._refunds_of(order):
            own = refund_row(refund, row, self._shop.settings.price_decimals)
            self._rows[refund["id"]] = replace(own, is_flagged=not forgets)
            known.add(refund["id"])

    def _refunds_of(self, order: Record) -> list[Record]:
        return [
            self._shop.refunds[each["id"]] for each in order.get("refunds") or [] if each["id"] in self._shop.refunds
        ]


def order_row(order: Record) -> Row:
    """The row of an order."""
    tax, shipping, total = (float(order.get(name) or 0) for name in ("total_tax", "shipping_total", "total"))
    lines = order.get("line_items") or []
    coupons = order.get("coupon_lines") or []
    return Row(
        id=order["id"],
        parent_id=int(order.get("parent_id") or 0),
        status=order["status"],
        created=_plain(order["date_created"]) or "",
        created_gmt=_plain(order["date_created_gmt"]) or "",
        paid=_plain(order.get("date_paid")),
        completed=_plain(order.get("date_completed")),
        net=total - tax - shipping,
        tax=tax,
        shipping=shipping,
        total=total,
        items=sum(int(line["quantity"]) for line in lines),
        coupons=sum(float(coupon["discount"]) for coupon in coupons),
        codes=tuple(coupon["code"] for coupon in coupons),
        products=tuple(line["product_id"] for line in lines if line["product_id"]),
        email=str((order.get("billing") or {}).get("email") or "").strip().lower(),
        customer_id=int(order.get("customer_id") or 0),
        number=str(order.get("number") or order["id"]),
    )


def refund_row(refund: Record, parent: Row, decimals: int = 2) -> Row:
    """The row of a refund, rounded as the shop's prices. A `full` refund, which leaves nothing to refund, has the net
    amount of its order."""
    exact = Decimal(str(refund["amount"])).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    amount = -float(exact)
    created = _plain(refund["date_created"]) or ""
    kind = next((meta["value"] for meta in refund.get("meta_data") or [] if meta["key"] == "_refund_type"), None)
    if kind == "full":
        parts = (-parent.net, -parent.tax, -parent.shipping, -parent.items)
    else:
        tax = sum(float(line["tax_total"]) + float(line["shipping_tax_total"]) for line in refund["tax_lines"])
        shipping = sum(float(line["total"]) for line in refund["shipping_lines"])
        parts = (amount - tax - shipping, tax, shipping, sum(int(line["quantity"]) for line in refund["line_items"]))
    net, tax, shipping, items = parts
    return replace(
        parent, id=refund["id"], parent_id=parent.id, created=created, paid=created, completed=parent.completed,
        created_gmt=_plain(refund["date_created_gmt"]) or "", net=net, tax=tax, shipping=shipping, items=items,
        total=amount, coupons=0, codes=(), products=(),
    )  # fmt: skip


def _plain(time: Any) -> str | None:
    return str(time).replace("T", " ") if time else None


def _with_customers(rows: dict[int, Row], people: dict[int, Record], uncounted: set[str]) -> dict[int, Row]:
    """Fill in the customers and first orders, as an import does in order of creation."""
    emails = {str(each["email"]).lower(): each["id"] for each in people.values() if each.get("role") == "customer"}
    orders = sorted((row for row in rows.values() if not row.parent_id), key=lambda row: (row.created_gmt, row.id))
    customers: dict[int, tuple[str, Any]] = {}
    for row in orders:
        customers[row.id] = _customer_of(row, emails)
        if row.customer_id and row.customer_id in people:  # other roles appear with their first order
            emails.setdefault(str(people[row.customer_id]["email"]).lower(), row.customer_id)
    firsts = _firsts((row for row in orders if row.status not in uncounted), customers)
    return {
        number: replace(row, customer=customers.get(row.parent_id or row.id, row.customer), first=number in firsts)
        for number, row in rows.items()
    }


def _customer_of(row: Row, emails: dict[str, int]) -> tuple[str, Any]:
    if row.customer_id:
        return ("user", row.customer_id)
    if not row.email:
        return ("order", row.id)
    return ("user", emails[row.email]) if row.email in emails else ("guest", row.email)


def _firsts(orders: Iterable[Row], customers: dict[int, tuple[str, Any]]) -> set[int]:
    first: dict[tuple[str, Any], tuple[str, int]] = {}
    for row in orders:
        customer, place = customers[row.id], (row.created, row.id)
        first[customer] = min(first.get(customer, place), place)
    return {number for _, number in first.values()}
