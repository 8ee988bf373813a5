"""A new order in the API's format, with amounts in six decimals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from demo.woocommerce.answers import Record
from demo.woocommerce.objects import SYMBOLS, address, links, money
from demo.woocommerce.state import State

EDITABLE = ("pending", "on-hold", "auto-draft")
UNPAID = ("pending", "failed")


@dataclass(frozen=True)
class Line:
    """A quantity of a product at a price without tax."""

    product_id: int
    name: str
    quantity: int
    price: Decimal
    variation_id: int = 0
    sku: str = ""


@dataclass(frozen=True)
class Draft:
    """The data of an order. `tax_rate` is a fraction; `coupon` reduces the lines by that fraction; `paid_at` is None if
    unpaid. A guest has `customer_id` 0."""

    lines: Iterable[Line]
    status: str = "processing"
    customer_id: int = 0
    billing: Record = field(default_factory=dict)
    shipping: Decimal = Decimal(0)
    shipping_title: str = "Flat rate"
    tax_rate: Decimal = Decimal(0)
    coupon: tuple[str, Decimal] | None = None
    paid_at: datetime | None = None
    completed_at: datetime | None = None
    payment: tuple[str, str] = ("bacs", "Bank transfer")
    note: str = ""
    created_via: str = "checkout"


def new_order(state: State, number: int, draft: Draft, at: datetime) -> Record:
    """An order as in `/orders/<id>`."""
    rate = draft.tax_rate
    off = draft.coupon[1] if draft.coupon else Decimal(0)
    items = [_item(number * 100 + place, line, off, rate) for place, line in enumerate(draft.lines)]
    subtotal = sum((Decimal(item["subtotal"]) for item in items), Decimal(0))
    goods = sum((Decimal(item["total"]) for item in items), Decimal(0))
    tax, shipping_tax = goods * rate, draft.shipping * rate
    total = goods + tax + draft.shipping + shipping_tax
    billing = address(**draft.billing)
    created, modified = state.times("created", at), state.times("modified", at)
    return {
        "id": number,
        "parent_id": 0,
        "status": draft.status,
        "currency": state.settings.currency,
        "version": state.settings.version,
        "prices_include_tax": state.settings.prices_include_tax,
        "date_created": created["date_created"],
        "date_modified": modified["date_modified"],
        "discount_total": money(subtotal - goods),
        "discount_tax": money((subtotal - goods) * rate),
        "shipping_total": money(draft.shipping),
        "shipping_tax": money(shipping_tax),
        "cart_tax": money(tax),
        "total": money(total),
        "total_tax": money(tax + shipping_tax),
        "customer_id": draft.customer_id,
        "order_key": f"wc_order_{number:013x}",
        "billing": billing,
        "shipping": {name: value for name, value in billing.items() if name != "email"},
        "payment_method": draft.payment[0],
        "payment_method_title": draft.payment[1],
        "transaction_id": "",
        "customer_ip_address": "",
        "customer_user_agent": "",
        "created_via": draft.created_via,
        "customer_note": draft.note,
        **_maybe(state, "completed", draft.completed_at),
        **_maybe(state, "paid", draft.paid_at),
        "cart_hash": "",
        "number": str(number),
        "meta_data": [],
        "line_items": items,
        "tax_lines": _tax_lines(number, rate, tax, shipping_tax),
        "shipping_lines": _shipping_lines(number, draft, shipping_tax),
        "fee_lines": [],
        "coupon_lines": _coupon_lines(number, draft, subtotal - goods),
        "refunds": [],
        "payment_url": f"https://shop.example/checkout/order-pay/{number}/?pay_for_order=true",
        "is_editable": draft.status in EDITABLE,
        "needs_payment": draft.status in UNPAID and total > 0,
        "needs_processing": True,
        "date_created_gmt": created["date_created_gmt"],
        "date_modified_gmt": modified["date_modified_gmt"],
        "currency_symbol": SYMBOLS.get(state.settings.currency, state.settings.currency),
        "_links": links("orders", number),
    }


def _maybe(state: State, name: str, at: datetime | None) -> Record:
    return dict(state.times(name, at)) if at else {f"date_{name}": None, f"date_{name}_gmt": None}


def _item(number: int, line: Line, off: Decimal, rate: Decimal) -> Record:
    subtotal = line.price * line.quantity
    total = (subtotal * (1 - off)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    price = total / line.quantity if line.quantity else Decimal(0)
    taxes = [{"id": 1, "total": money(total * rate), "subtotal": money(subtotal * rate)}] if rate else []
    return {
        "id": number,
        "name": line.name,
        "product_id": line.product_id,
        "variation_id": line.variation_id,
        "quantity": line.quantity,
        "tax_class": "",
        "subtotal": money(subtotal),
        "subtotal_tax": money(subtotal * rate),
        "total": money(total),
        "total_tax": money(total * rate),
        "taxes": taxes,
        "meta_data": [],
        "sku": line.sku,
        "global_unique_id": "",
        "price": int(price) if price == int(price) else float(price),
        "image": {"id": "", "src": ""},
        "parent_name": None,
    }


def _tax_lines(number: int, rate: Decimal, tax: Decimal, shipping_tax: Decimal) -> list[Record]:
    if not rate:
        return []
    return [
        {
            "id": number * 100 + 90,
            "rate_code": "TAX-1",
            "rate_id": 1,
            "label": "Tax",
            "compound": False,
            "tax_total": money(tax),
            "shipping_tax_total": money(shipping_tax),
            "rate_percent": float(rate * 100),
            "meta_data": [],
        }
    ]


def _shipping_lines(number: int, draft: Draft, shipping_tax: Decimal) -> list[Record]:
    if not draft.shipping:
        return []
    return [
        {
            "id": number * 100 + 91,
            "method_title": draft.shipping_title,
            "method_id": "flat_rate",
            "instance_id": "1",
            "total": money(draft.shipping),
            "total_tax": money(shipping_tax),
            "taxes": [{"id": 1, "total": money(shipping_tax), "subtotal": ""}] if shipping_tax else [],
            "tax_status": "taxable",
            "meta_data": [],
        }
    ]


def _coupon_lines(number: int, draft: Draft, discount: Decimal) -> list[Record]:
    if draft.coupon is None:
        return []
    code, off = draft.coupon
    return [
        {
            "id": number * 100 + 92,
            "code": code,
            "discount": f"{discount.normalize():f}",
            "discount_tax": f"{(discount * draft.tax_rate).normalize():f}",
            "meta_data": [],
            "discount_type": "percent",
            "nominal_amount": float(off * 100),
            "free_shipping": False,
        }
    ]
