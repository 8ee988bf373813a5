"""A shop in operation: actions of people and plugins, with the side effects that they have in WooCommerce."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from demo.woocommerce import objects, orders
from demo.woocommerce.analytics import Tables
from demo.woocommerce.answers import Record
from demo.woocommerce.orders import Draft, Line
from demo.woocommerce.refunds import Parts, new_refund, parts_of
from demo.woocommerce.state import State


@dataclass
class Shop(State):
    """The shop in memory: `orders`, `refunds`, `customers`, `products`, `variations`, `categories`, `coupons`,
    `reviews` and `webhooks` hold API objects by id. Each method is one action at the clock's time; it is thread-safe
    and raises KeyError for unknown ids. `analytics` are Analytics' tables; `analytics.drifts = True` lets them drift.
    """

    analytics: Tables = field(init=False)
    _before_trash: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.changed_orders.update(self.orders)
        self.analytics = Tables(self)

    # Orders

    def create_order(self, draft: Draft | None = None, at: datetime | None = None) -> int:
        """Create an order, of one product unless there is a draft. `at` imports it with an older time."""
        with self.lock:
            at = at or self.clock()
            draft = draft or Draft([Line(0, "Something", 1, Decimal(10))], paid_at=at)
            number = self.next_id()
            self.put_order(orders.new_order(self, number, draft, at))
            self.happened("order.created", number)
            self.happened("order.updated", number)
            return number

    def edit_order(self, number: int, bumps: bool = True, **fields: Any) -> None:
        """Set fields of an order. `bumps=False` keeps `date_modified`, as some plugins and imports do."""
        with self.lock:
            stamp = self.times("modified") if bumps else {}
            self.put_order({**self.orders[number], **fields, **stamp})
            if bumps:
                self.happened("order.updated", number)

    def set_status(self, number: int, status: str, bumps: bool = True) -> None:
        """Change the status. The first paid status sets `date_paid`, `completed` sets `date_completed`."""
        with self.lock:
            order = self.orders[number]
            fields: Record = {"status": status, "is_editable": status in orders.EDITABLE}
            fields["needs_payment"] = status in orders.UNPAID and Decimal(order["total"]) > 0
            if status in ("processing", "completed") and not order.get("date_paid"):
                fields |= self.times("paid")
            if status == "completed":
                fields |= self.times("completed")
            self.edit_order(number, bumps, **fields)

    def edit_items(self, number: int, factor: int = 2, bumps: bool = False) -> None:
        """Multiply the quantity of the first line. Some versions do not bump `date_modified`."""
        with self.lock:
            order = self.orders[number]
            first, *others = order["line_items"] or [None]
            if first is None:
                return
            names = ("subtotal", "subtotal_tax", "total", "total_tax")
            more = {name: Decimal(first[name]) * factor for name in names}
            grown = {**first, **{n: objects.money(v) for n, v in more.items()}, "quantity": first["quantity"] * factor}
            tax = more["total_tax"] - Decimal(first["total_tax"])
            gross = more["total"] - Decimal(first["total"]) + tax
            sums = {name: objects.money(Decimal(order[name]) + tax) for name in ("cart_tax", "total_tax")}
            total = objects.money(Decimal(order["total"]) + gross)
            tax_lines = [
                {**line, "tax_total": objects.money(Decimal(line["tax_total"]) + (tax if place == 0 else 0))}
                for place, line in enumerate(order["tax_lines"])
            ]
            self.edit_order(number, bumps, line_items=[grown, *others], total=total, tax_lines=tax_lines, **sums)

    def trash(self, number: int) -> None:
        """Move to the trash, which only its own listing shows. Bumps `date_modified`."""
        with self.lock:
            self._before_trash[number] = self.orders[number]["status"]
            self.put_order({**self.orders[number], "status": "trash", **self.times("modified")})
            self.happened("order.deleted", number)

    def restore(self, number: int) -> None:
        """Restore from the trash with the former status."""
        with self.lock:
            status = self._before_trash.pop(number, "pending")
            self.put_order({**self.orders[number], "status": status, **self.times("modified")})
            self.happened("order.restored", number)

    def delete_order(self, number: int) -> None:
        """Delete permanently, with its refunds. The id answers 404 from now on. As in WooCommerce 10.5 no webhook is
        sent: `order.deleted` is of orders that go to the trash."""
        with self.lock:
            for refund in [each for each in self.refunds.values() if each["parent_id"] == number]:
                del self.refunds[refund["id"]]
            del self.orders[number]
            self.touch(number)

    # Refunds

    def create_refund(
        self, order_id: int, amount: Decimal | None = None, reason: str = "", parts: Parts | None = None
    ) -> int:
        """Refund an amount, parts of the order, or else the rest. Bumps the order. A refund that leaves nothing is
        `full` and sets the order to `refunded`. Raises ValueError for more than is left."""
        with self.lock:
            order = self.orders[order_id]
            left = Decimal(order["total"]) + sum((Decimal(each["total"]) for each in order["refunds"]), Decimal(0))
            number = self.next_id()
            lines: Record | None = None
            if parts is not None:
                amount, lines = parts_of(number, order, parts)
            amount = left if amount is None else amount
            if amount > left:
                raise ValueError(f"order {order_id} has only {left} left to refund")
            kind = "full" if amount == left else "partial"
            self.refunds[number] = new_refund(self, number, order, amount, kind, reason, lines)
            told = [*order["refunds"], {"id": number, "reason": reason, "total": objects.money(-amount)}]
            self.edit_order(order_id, refunds=told, status="refunded" if kind == "full" else order["status"])
            return number

    def delete_refund(self, number: int) -> None:
        """Delete a refund. Nothing shows that: the order keeps its `date_modified` and status."""
        with self.lock:
            order_id = self.refunds.pop(number)["parent_id"]
            left = [each for each in self.orders[order_id]["refunds"] if each["id"] != number]
            self.put_order({**self.orders[order_id], "refunds": left})

    # People

    def create_customer(
        self,
        email: str,
        role: str = "customer",
        at: datetime | None = None,
        billing: dict[str, str] | None = None,
    ) -> int:
        """Create an account with an e-mail address; `billing` may have another one."""
        with self.lock:
            number = max(self.customers, default=0) + 1
            self.customers[number] = objects.new_customer(self, number, email, at or self.clock(), role, billing)
            self.touch()
            self.happened("customer.created", number)
            return number

    def edit_customer(self, number: int, **fields: Any) -> None:
        with self.lock:
            self.customers[number] = {**self.customers[number], **fields, **self.times("modified")}
            self.touch()
            self.happened("customer.updated", number)

    def delete_customer(self, number: int) -> None:
        """Delete a customer. Their orders become a guest's (`customer_id` 0) without bumping `date_modified`."""
        with self.lock:
            del self.customers[number]
            for order_id in [head.id for head in self.orders.heads.values() if head.customer_id == number]:
                self.put_order({**self.orders[order_id], "customer_id": 0})
            self.touch()
            self.happened("customer.deleted", number)

    # Goods

    def create_product(self, name: str, price: Decimal | int, at: datetime | None = None, **fields: Any) -> int:
        with self.lock:
            number = self.next_id()
            self.products[number] = objects.new_product(self, number, name, price, at or self.clock(), **fields)
            self.touch()
            self.happened("product.created", number)
            return number

    def edit_product(self, number: int, **fields: Any) -> None:
        self._edit(self.products, "product", number, fields)

    def delete_product(self, number: int, for_good: bool = True) -> None:
        """Delete permanently or move to the trash. Lines of orders do not change."""
        with self.lock:
            if for_good:
                del self.products[number]
                for variation in [n for n, each in self.variations.items() if each.get("parent_id") == number]:
                    del self.variations[variation]
            else:
                self.products[number] = {**self.products[number], "status": "trash", **self.times("modified")}
            self.touch()
            self.happened("product.deleted", number)

    def create_variation(self, product_id: int, name: str, price: Decimal | int, at: datetime | None = None) -> int:
        with self.lock:
            number, at = self.next_id(), at or self.clock()
            fields = {"type": "variation", "parent_id": product_id}
            self.variations[number] = objects.new_product(self, number, name, price, at, **fields)
            parent = self.products[product_id]
            told = [*parent["variations"], number]
            self.products[product_id] = {**parent, "type": "variable", "variations": told, **self.times("modified")}
            self.touch()
            self.happened("product.updated", product_id)
            return number

    def edit_variation(self, number: int, **fields: Any) -> None:
        """Change a variation. Only its own `date_modified` is bumped, not the product's."""
        self._edit(self.variations, "product", number, fields)

    def create_review(
        self, product_id: int, rating: int, text: str, at: datetime | None = None, reviewer: str = "Siti",
        status: str = "approved",
    ) -> int:  # fmt: skip
        """Write a review. Reviews have ids of their own, as all comments in WordPress. A rating of 0 is none."""
        with self.lock:
            number = max(self.reviews, default=0) + 1
            at = at or self.clock()
            self.reviews[number] = objects.new_review(self, number, product_id, rating, text, at, reviewer, status)
            self.touch()
            return number

    def edit_review(self, number: int, **fields: Any) -> None:
        """Change the text, the rating or the `status` (approved, hold, spam, trash). No time tells that."""
        with self.lock:
            self.reviews[number] = {**self.reviews[number], **fields}
            self.touch()

    def delete_review(self, number: int) -> None:
        with self.lock:
            del self.reviews[number]
            self.touch()

    def create_coupon(self, code: str, percent: int, at: datetime | None = None) -> int:
        with self.lock:
            number = self.next_id()
            self.coupons[number] = objects.new_coupon(self, number, code, percent, at or self.clock())
            self.touch()
            self.happened("coupon.created", number)
            return number

    def edit_coupon(self, number: int, **fields: Any) -> None:
        """Change a coupon. As in WooCommerce, its `date_modified` stays unless its code or text changes."""
        with self.lock:
            is_post = bool(fields.keys() & {"code", "description", "status"})
            self.coupons[number] = {**self.coupons[number], **fields, **(self.times("modified") if is_post else {})}
            self.touch()
            self.happened("coupon.updated", number)

    def delete_coupon(self, number: int) -> None:
        with self.lock:
            del self.coupons[number]
            self.touch()
            self.happened("coupon.deleted", number)

    def _edit(self, goods: dict[int, Record], kind: str, number: int, fields: Record) -> None:
        with self.lock:
            goods[number] = {**goods[number], **fields, **self.times("modified")}
            self.touch()
            self.happened(f"{kind}.updated", number)

    # Plugins

    def register_status(self, status: str) -> None:
        with self.lock:
            self.settings.statuses.append(status)
            self.touch()

    def unregister_status(self, status: str) -> None:
        """Remove a plugin's status. Orders with it stay, but no listing shows them."""
        with self.lock:
            self.settings.statuses.remove(status)
            self.touch()
