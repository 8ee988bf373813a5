"""A generated shop of any size, the same for the same seed. Its orders are generated when they are read."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from demo.woocommerce.answers import Record
from demo.woocommerce.clock import Clock
from demo.woocommerce.objects import new_customer, new_product
from demo.woocommerce.orders import Draft, Line, new_order
from demo.woocommerce.refunds import new_refund
from demo.woocommerce.shop import Shop
from demo.woocommerce.state import Head, Orders, ShopSettings

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
_ZONE, _OFFSET = "Asia/Jakarta", timedelta(hours=7)
_PRODUCTS = 200
_STATUSES = {"completed": 78, "processing": 6, "cancelled": 7, "refunded": 2, "failed": 3, "on-hold": 2, "pending": 2}
_TAX = Decimal("0.11")
_PAID = ("completed", "processing", "refunded")


def made_up_shop(orders: int = 100_000, seed: int = 0, days: int = 730, now: datetime = NOW) -> Shop:
    """A shop with `orders` orders over `days` until `now`, the time of its clock, an account for every tenth order, and
    refunds. Takes seconds to build, and about a kilobyte per order."""
    rng = random.Random(seed)
    people = max(orders // 10, 1)
    heads = _heads(orders, people, now - timedelta(days=days), now, rng)
    shop = Shop(settings=ShopSettings(name="Made up", timezone=_ZONE, currency="IDR"), clock=Clock(now))
    begun = now - timedelta(days=days + 30)
    for number in range(1, _PRODUCTS + 1):
        shop.products[number] = new_product(shop, number, f"Product {number}", 5000 * number, begun)
    for number in range(1, people + 1):
        email, phone = f"person{number}@mail.example", f"0841{number:08d}"
        shop.customers[number] = new_customer(shop, number, email, begun, billing={"country": "ID", "phone": phone})
    shop.orders = Orders(heads, lambda number: _order(shop, shop.orders.heads[number], seed))
    for head in heads:
        if head.status == "refunded":
            shop.refunds[head.id + 1] = _refund(shop, _plain_order(shop, head, seed), head)
    shop.changed_orders.update(shop.orders)
    return shop


def _heads(count: int, people: int, start: datetime, end: datetime, rng: random.Random) -> list[Head]:
    step = (end - start) / (count + 1)
    statuses = rng.choices(list(_STATUSES), weights=list(_STATUSES.values()), k=count)
    heads = []
    for place, status in enumerate(statuses):
        created = start + step * (place + rng.random() * 0.9)
        modified = min(created + timedelta(minutes=rng.expovariate(1 / 3000)), end)
        customer = rng.randrange(1, people + 1) if rng.random() < 0.6 else 0
        number = 1001 + 2 * place  # the next id is for its refund, if any
        heads.append(Head(number, status, *_both(created), *_both(modified), customer))
    return heads


def _both(at: datetime) -> tuple[str, str]:
    """A time in the shop's zone, which has no summer time, and in UTC."""
    return (at + _OFFSET).isoformat()[:19], at.isoformat()[:19]


def _order(shop: Shop, head: Head, seed: int) -> Record:
    order = _plain_order(shop, head, seed)
    refund = shop.refunds.get(head.id + 1)
    told = [{"id": refund["id"], "reason": "", "total": f"-{refund['amount']}"}] if refund else []
    return {**order, "refunds": told}


def _plain_order(shop: Shop, head: Head, seed: int) -> Record:
    rng = random.Random(f"{seed}/{head.id}")
    lines = [_line(rng.randrange(1, _PRODUCTS + 1), rng.randrange(1, 5)) for _ in range(rng.choice((1, 1, 2, 3)))]
    created = datetime.fromisoformat(f"{head.created_gmt}+00:00")
    person = head.customer_id or rng.randrange(10**6, 10**7)
    draft = Draft(
        lines,
        status=head.status,
        customer_id=head.customer_id,
        billing={
            "first_name": "Person",
            "last_name": str(person),
            "country": "ID",
            "city": "Bandung",
            "email": f"person{person}@mail.example",
            "phone": f"0841{person:08d}",
        },
        shipping=Decimal(rng.choice((0, 9000, 18000))),
        tax_rate=_TAX,
        paid_at=created + timedelta(minutes=5) if head.status in _PAID else None,
    )
    modified = {"date_modified": head.modified, "date_modified_gmt": head.modified_gmt}
    return {**new_order(shop, head.id, draft, created), **modified}


def _line(product: int, quantity: int) -> Line:
    return Line(product, f"Product {product}", quantity, Decimal(5000 * product), sku=f"SKU-{product}")


def _refund(shop: Shop, order: Record, head: Head) -> Record:
    refund = new_refund(shop, head.id + 1, order, Decimal(order["total"]), "full", "")
    return {**refund, "date_created": head.modified, "date_created_gmt": head.modified_gmt}
