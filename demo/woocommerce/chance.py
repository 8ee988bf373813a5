"""Random changes to a shop, as people, plugins and impatient support staff make them."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal

from demo.woocommerce.answers import Record
from demo.woocommerce.orders import Draft, Line
from demo.woocommerce.refunds import Parts
from demo.woocommerce.shop import Shop

_STATUSES = ("pending", "processing", "on-hold", "completed", "cancelled", "failed")


def change(shop: Shop, rng: random.Random) -> str:
    """One change, and its name. The clock passes a second in half of the cases, so that seconds are shared. Some change
    what no `date_modified` tells: deletions, deleted refunds, deleted customers, silent edits."""
    if rng.random() < 0.5:
        shop.clock.pass_time(1)
    with shop.lock:
        return rng.choices(list(_CHANGES), weights=list(_WEIGHTS))[0](shop, rng)


def _create(shop: Shop, rng: random.Random) -> str:
    lines = [
        Line(rng.randrange(1, 50), "Something", rng.randrange(1, 5), Decimal(rng.randrange(100, 10**6)) / 100)
        for _ in range(rng.randrange(1, 4))
    ]
    person = rng.randrange(40)
    draft = Draft(
        lines,
        status=rng.choice(_STATUSES),
        customer_id=rng.choice([0, *shop.customers]),
        billing={"email": f"guest{person}@mail.example", "phone": f"0841{person:08d}", "country": "ID"},
        shipping=Decimal(rng.choice(("0", "4.1322", "9"))),
        tax_rate=Decimal(rng.choice(("0", "0.11", "0.19"))),
        paid_at=rng.choice((None, shop.clock())),
    )
    return f"create {shop.create_order(draft)}"


def _edit(shop: Shop, rng: random.Random) -> str:
    if number := _some(shop, rng, "trash"):
        shop.edit_order(number, customer_note=f"note {rng.randrange(1000)}", payment_method_title=str(rng.random()))
    return f"edit {number}"


def _edit_silently(shop: Shop, rng: random.Random) -> str:
    if number := _some(shop, rng, "trash"):
        shop.edit_items(number, bumps=rng.random() < 0.3)
    return f"edit items {number}"


def _move_on(shop: Shop, rng: random.Random) -> str:
    if number := _some(shop, rng, "trash"):
        shop.set_status(number, rng.choice(_STATUSES))
    return f"status {number}"


def _trash(shop: Shop, rng: random.Random) -> str:
    if number := _some(shop, rng, "trash"):
        shop.trash(number)
    return f"trash {number}"


def _restore(shop: Shop, rng: random.Random) -> str:
    trashed = [head.id for head in shop.orders.heads.values() if head.status == "trash"]
    number = rng.choice(trashed) if trashed else 0
    if number:
        shop.restore(number)
    return f"restore {number}"


def _delete(shop: Shop, rng: random.Random) -> str:
    if number := _some(shop, rng):
        shop.delete_order(number)
    return f"delete {number}"


def _refund(shop: Shop, rng: random.Random) -> str:
    number = _some(shop, rng, "trash", "refunded")
    if number:
        order = shop.orders[number]
        left = Decimal(order["total"]) + sum((Decimal(each["total"]) for each in order["refunds"]), Decimal(0))
        part = (left * rng.randrange(1, 90) / 100).quantize(Decimal("0.01"))
        if left > 0 and not order["refunds"] and rng.random() < 0.4:
            with suppress(ValueError):  # rounded, a line may come to a fraction more than is left
                shop.create_refund(number, parts=_parts(order, rng))
        elif left > 0:
            shop.create_refund(number, None if rng.random() < 0.3 else part)
    return f"refund of {number}"


def _parts(order: Record, rng: random.Random) -> Parts:
    """Some pieces, or the shipping alone, or the taxes alone."""
    kind = rng.random()
    items = tuple((place, rng.randrange(1, line["quantity"] + 1)) for place, line in enumerate(order["line_items"]))
    return Parts(items[:1] if kind < 0.7 else (), shipping=kind > 0.5, only_taxes=kind > 0.85)


def _delete_refund(shop: Shop, rng: random.Random) -> str:
    number = rng.choice(list(shop.refunds)) if shop.refunds else 0
    if number:
        shop.delete_refund(number)
    return f"delete refund {number}"


def _register(shop: Shop, rng: random.Random) -> str:
    number = shop.create_customer(f"person{rng.randrange(10**6)}@mail.example", billing={"country": "ID"})
    return f"customer {number}"


def _edit_customer(shop: Shop, rng: random.Random) -> str:
    number = rng.choice(list(shop.customers)) if shop.customers else 0
    if number:
        shop.edit_customer(number, first_name=f"Name {rng.randrange(1000)}")
    return f"edit customer {number}"


def _delete_customer(shop: Shop, rng: random.Random) -> str:
    number = rng.choice(list(shop.customers)) if shop.customers else 0
    if number:
        shop.delete_customer(number)
    return f"delete customer {number}"


def _edit_product(shop: Shop, rng: random.Random) -> str:
    number = rng.choice(list(shop.products)) if shop.products else 0
    if number:
        shop.edit_product(number, price=str(rng.randrange(1, 1000)))
    return f"edit product {number}"


def _create_product(shop: Shop, rng: random.Random) -> str:
    return f"product {shop.create_product('Something new', rng.randrange(1, 1000))}"


def _delete_product(shop: Shop, rng: random.Random) -> str:
    number = rng.choice(list(shop.products)) if shop.products else 0
    if number:
        shop.delete_product(number, for_good=rng.random() < 0.5)
    return f"delete product {number}"


_CHANGES: dict[Callable[[Shop, random.Random], str], int] = {
    _create: 30,
    _edit: 12,
    _edit_silently: 6,
    _move_on: 12,
    _trash: 6,
    _restore: 4,
    _delete: 5,
    _refund: 8,
    _delete_refund: 4,
    _register: 3,
    _edit_customer: 3,
    _delete_customer: 1,
    _edit_product: 3,
    _create_product: 2,
    _delete_product: 1,
}
_WEIGHTS = _CHANGES.values()


def _some(shop: Shop, rng: random.Random, *but: str) -> int:
    """An order that is in none of these statuses, 0 if there is none."""
    chosen = [head.id for head in shop.orders.heads.values() if head.status not in but]
    return rng.choice(chosen) if chosen else 0
