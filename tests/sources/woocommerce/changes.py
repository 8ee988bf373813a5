"""A stand-in shop that lives: orders come, change, vanish and come back, as often as not within one second."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from demo.woocommerce import Clock, Draft, Line, Shop, ShopSettings

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
STATUSES = ("pending", "on-hold", "processing", "completed", "cancelled", "failed", "checkout-draft")
# Of a plugin that was removed: no listing shows orders in it.
GONE = "packing"


def small_shop(seed: int, orders: int = 150) -> Shop:
    """Some months of a shop, small enough to be read in a second and larger than a page."""
    chance = random.Random(f"shop {seed}")
    zone = chance.choice(["Asia/Jakarta", "America/Bogota", "Europe/Madrid", "UTC"])
    shop = Shop(settings=ShopSettings(timezone=zone, currency="IDR"), clock=Clock(NOW))
    old = NOW - timedelta(days=90)
    for number in range(12):
        shop.create_product(f"Kemeja {number}", 100_000 + number, at=old)
    for product in list(shop.products)[:2]:
        for size in "SML":
            shop.create_variation(product, size, 90_000, at=old)
    shop.create_coupon("promo10", 10, at=old)
    for number in range(30):
        shop.create_customer(f"pelanggan{number}@example.test", at=old)
    for number in range(orders):
        at = old + timedelta(days=89) * number / orders
        order_id = shop.create_order(draft(shop, chance, at), at=at.replace(microsecond=0))
        if number % 15 == 0:
            with suppress(ValueError):
                shop.create_refund(order_id, chance.choice([None, Decimal(5000)]))
    return shop


def draft(shop: Shop, chance: random.Random, at: datetime) -> Draft:
    status = chance.choice(STATUSES)
    products = [each for each in shop.products.values() if each["status"] == "publish"]
    chosen = chance.sample(products, min(len(products), chance.randint(1, 3)))
    lines = [Line(each["id"], each["name"], chance.randint(1, 4), Decimal(each["price"])) for each in chosen]
    customer = chance.choice([0, *shop.customers])
    billing = {"email": f"tamu{chance.randint(1, 50)}@example.test", "phone": f"0812{chance.randint(10**7, 10**8)}"}
    return Draft(
        lines=lines or [Line(1, "Kemeja", 1, Decimal(1000))],
        status=status,
        customer_id=customer,
        billing={**billing, "country": "ID", "first_name": "Siti"},
        shipping=chance.choice([Decimal(0), Decimal("4132.2314")]),
        tax_rate=chance.choice([Decimal(0), Decimal("0.11")]),
        paid_at=at if status in ("processing", "completed") else None,
    )


class Life:
    """Does things to a shop by a seeded dice; `step()` before and after each answer of the stand-in."""

    def __init__(self, shop: Shop, seed: int) -> None:
        self.shop = shop
        self.chance = random.Random(f"life {seed}")
        self.is_on = True
        self.done = 0

    def step(self) -> None:
        with self.shop.lock:
            if not self.is_on:
                return
            for _ in range(self.chance.choice([0, 0, 1, 2])):
                # Another thing's change can have made this one impossible.
                with suppress(KeyError, ValueError, IndexError):
                    getattr(self, f"_{self.chance.choice(ACTS)}")()
                    self.done += 1
            if self.chance.random() < 0.5:
                self.shop.clock.pass_time(self.chance.choice([1, 1, 2, 40]))

    def _any(self, objects: Any) -> int:
        return self.chance.choice(list(objects))

    def _in(self, *statuses: str) -> int:
        return self.chance.choice([head.id for head in self.shop.orders.heads.values() if head.status in statuses])

    def _create(self) -> None:
        self.shop.create_order(draft(self.shop, self.chance, self.shop.clock()))

    def _create_hidden(self) -> None:
        number = self.shop.create_order(draft(self.shop, self.chance, self.shop.clock()))
        self.shop.set_status(number, GONE)

    def _import(self) -> None:
        at = self.shop.clock() - timedelta(days=self.chance.randint(1, 80))
        self.shop.create_order(draft(self.shop, self.chance, at), at=at)

    def _edit(self) -> None:
        self.shop.set_status(self._in(*STATUSES), self.chance.choice(STATUSES))

    def _edit_twice(self) -> None:
        number = self._in(*STATUSES)
        for _ in range(2):
            self.shop.set_status(number, self.chance.choice(STATUSES))

    def _hide(self) -> None:
        self.shop.set_status(self._in(*STATUSES), GONE)

    def _show(self) -> None:
        self.shop.set_status(self._in(GONE), "processing")

    def _edit_items(self) -> None:
        self.shop.edit_items(self._in("pending", "on-hold"), bumps=self.chance.random() < 0.5)

    def _trash(self) -> None:
        self.shop.trash(self._in(*STATUSES))

    def _restore(self) -> None:
        self.shop.restore(self._in("trash"))

    def _delete(self) -> None:
        self.shop.delete_order(self._any(self.shop.orders.heads))

    def _refund(self) -> None:
        self.shop.create_refund(self._in("processing", "completed"), self.chance.choice([None, Decimal(1000)]))

    def _delete_refund(self) -> None:
        self.shop.delete_refund(self._any(self.shop.refunds))

    def _register(self) -> None:
        self.shop.create_customer(f"baru{self.done}@example.test")

    def _move(self) -> None:
        number = self._any(self.shop.customers)
        self.shop.edit_customer(number, email=f"pindah{self.done}@example.test")

    def _leave(self) -> None:
        self.shop.delete_customer(self._any(self.shop.customers))

    def _product(self) -> None:
        self.shop.create_product(f"Baru {self.done}", 50_000)

    def _price(self) -> None:
        self.shop.edit_product(self._any(self.shop.products), price=str(self.chance.randint(1, 9) * 10_000))

    def _variation(self) -> None:
        self.shop.edit_variation(self._any(self.shop.variations), price=str(self.chance.randint(1, 9) * 10_000))

    def _drop_product(self) -> None:
        self.shop.delete_product(self._any(self.shop.products), for_good=self.chance.random() < 0.5)

    def _coupon(self) -> None:
        self.shop.create_coupon(f"kode{self.done}", 5)

    def _drop_coupon(self) -> None:
        self.shop.delete_coupon(self._any(self.shop.coupons))


ACTS = (
    *["create"] * 6, *["edit"] * 8, *["edit_twice"] * 4, *["edit_items"] * 3, *["trash"] * 3, *["restore"] * 2,
    *["delete"] * 3, *["refund"] * 4, *["delete_refund"] * 3, *["register"] * 2, "create_hidden", "import", "hide",
    "show", "move", "leave", "product", "price", "variation", "drop_product", "coupon", "drop_coupon",
)  # fmt: skip
