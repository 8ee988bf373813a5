"""A new refund in the API's format: an amount alone, or lines, shipping and taxes."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from demo.woocommerce.answers import Record
from demo.woocommerce.objects import links, money
from demo.woocommerce.state import State


@dataclass(frozen=True)
class Parts:
    """The parts of an order that are refunded: quantities of lines (`items`: index of the line, quantity), shipping,
    and the taxes of both, or with `only_taxes` only these."""

    items: tuple[tuple[int, int], ...] = ()
    shipping: bool = False
    only_taxes: bool = False


def parts_of(number: int, order: Record, parts: Parts) -> tuple[Decimal, Record]:
    """The total amount of the parts, and the refund's lines, all negative."""
    chosen = [(order["line_items"][place], pieces) for place, pieces in parts.items]
    items = [_item(number * 100 + n, line, pieces, parts) for n, (line, pieces) in enumerate(chosen)]
    lines = [_shipping(number * 100 + 50 + n, each, parts) for n, each in enumerate(order["shipping_lines"])]
    lines = lines if parts.shipping else []
    item_tax, shipping_tax = _sum(items, "total_tax"), _sum(lines, "total_tax")
    taxes = []
    if order["tax_lines"] and (item_tax or shipping_tax):
        paid_back = {"tax_total": money(item_tax), "shipping_tax_total": money(shipping_tax)}
        taxes = [{**order["tax_lines"][0], "id": number * 100 + 90, **paid_back}]
    amount = -(_sum(items, "total") + _sum(lines, "total") + item_tax + shipping_tax)
    return amount, {"line_items": items, "shipping_lines": lines, "tax_lines": taxes}


def new_refund(
    state: State, number: int, order: Record, amount: Decimal, kind: str, reason: str, lines: Record | None = None
) -> Record:
    """A refund at the current time as in `/refunds`. `kind` is full or partial, `lines` are from `parts_of`."""
    return {
        "id": number,
        "parent_id": order["id"],
        **state.times("created"),
        "amount": money(amount),
        "reason": reason,
        "refunded_by": 1,
        "refunded_payment": False,
        "meta_data": [{"id": number * 10, "key": "_refund_type", "value": kind}],
        "line_items": [],
        "shipping_lines": [],
        "tax_lines": [],
        "fee_lines": [],
        "_links": links(f"orders/{order['id']}/refunds", number),
        **(lines or {}),
    }


def _item(number: int, line: Record, pieces: int, parts: Parts) -> Record:
    share = Decimal(-pieces) / Decimal(line["quantity"])
    total, tax = (Decimal(0) if parts.only_taxes else _cents(line, "total", share)), _cents(line, "total_tax", share)
    told = str(line["id"])
    meta = {"id": number * 10, "key": "_refunded_item_id", "value": told, "display_key": "_refunded_item_id"}
    return {
        **line,
        **_totals(number, total, tax, [{**each, "subtotal": money(tax)} for each in line["taxes"]]),
        "quantity": 0 if parts.only_taxes else -pieces,
        "subtotal": money(total),
        "subtotal_tax": money(tax),
        "meta_data": [{**meta, "display_value": told}],
    }


def _shipping(number: int, line: Record, parts: Parts) -> Record:
    total = Decimal(0) if parts.only_taxes else -Decimal(line["total"])
    return {**line, **_totals(number, total, -Decimal(line["total_tax"]), line["taxes"])}


def _totals(number: int, total: Decimal, tax: Decimal, taxes: list[Record]) -> Record:
    told = [{**each, "total": money(tax)} for each in taxes]
    return {"id": number, "total": money(total), "total_tax": money(tax), "taxes": told}


def _cents(line: Record, name: str, share: Decimal) -> Decimal:
    return (Decimal(line[name]) * share).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _sum(lines: list[Record], name: str) -> Decimal:
    return sum((Decimal(each[name]) for each in lines), Decimal(0))
