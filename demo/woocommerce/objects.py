"""New refunds, customers, products and coupons in the shape that the API gives them, money in six decimals."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from demo.woocommerce.answers import Record
from demo.woocommerce.state import State

SYMBOLS = {"IDR": "Rp", "COP": "$", "USD": "$", "EUR": "€"}


def money(amount: Decimal | float | int) -> str:
    return f"{Decimal(amount).quantize(Decimal('0.000001'), ROUND_HALF_UP):f}"


def address(**given: str) -> Record:
    """A billing address, empty but for what is given."""
    names = ("first_name", "last_name", "company", "address_1", "address_2", "city", "state", "postcode", "country")
    return {**dict.fromkeys((*names, "email", "phone"), ""), **given}


def links(kind: str, number: int, deletable: bool = True) -> Record:
    base = f"https://shop.example/wp-json/wc/v3/{kind}"
    allow = ["GET", "POST", "PUT", "PATCH", *(["DELETE"] if deletable else [])]
    return {
        "self": [{"href": f"{base}/{number}", "targetHints": {"allow": allow}}],
        "collection": [{"href": base}],
    }


def new_refund(state: State, number: int, order: Record, amount: Decimal, kind: str, reason: str) -> Record:
    """A refund of an amount now, without lines, as `/refunds` shows it; `kind` is full or partial."""
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
    }


def new_customer(
    state: State,
    number: int,
    email: str,
    at: datetime,
    role: str = "customer",
    billing: dict[str, str] | None = None,
) -> Record:
    """An account as `/customers/<number>` shows it."""
    own = address(**{"email": email, **(billing or {})})
    names = {name: own[name] for name in ("first_name", "last_name")}
    return {
        "id": number,
        **state.times("created", at),
        **state.times("modified", at),
        "email": email,
        **names,
        "role": role,
        "username": email.partition("@")[0],
        "billing": own,
        "shipping": {name: value for name, value in own.items() if name != "email"},
        "is_paying_customer": False,
        "avatar_url": "https://secure.gravatar.com/avatar/?s=96&d=mm&r=g",
        "meta_data": [],
        "_links": links("customers", number),
    }


def new_product(state: State, number: int, name: str, price: Decimal | int, at: datetime, **fields: Any) -> Record:
    """A simple product as `/products/<number>` shows it; `fields` replace what it has by default."""
    slug = "-".join(name.lower().split())
    return {
        "id": number,
        "name": name,
        "slug": slug,
        "permalink": f"https://shop.example/product/{slug}/",
        **state.times("created", at),
        **state.times("modified", at),
        "type": "simple",
        "status": "publish",
        "featured": False,
        "catalog_visibility": "visible",
        "description": "",
        "short_description": "",
        "sku": f"SKU-{number}",
        "price": str(price),
        "regular_price": str(price),
        "sale_price": "",
        "on_sale": False,
        "purchasable": True,
        "total_sales": 0,
        "virtual": False,
        "downloadable": False,
        "tax_status": "taxable",
        "tax_class": "",
        "manage_stock": False,
        "stock_quantity": None,
        "parent_id": 0,
        "categories": [],
        "tags": [],
        "images": [],
        "attributes": [],
        "variations": [],
        "meta_data": [],
        "stock_status": "instock",
        "_links": links("products", number),
        **fields,
    }


def new_coupon(state: State, number: int, code: str, percent: int, at: datetime) -> Record:
    """A coupon that takes a percentage off, as `/coupons/<number>` shows it."""
    return {
        "id": number,
        "code": code,
        "amount": f"{percent}.00",
        "status": "publish",
        **state.times("created", at),
        **state.times("modified", at),
        "discount_type": "percent",
        "description": "",
        "date_expires": None,
        "date_expires_gmt": None,
        "usage_count": 0,
        "individual_use": False,
        "product_ids": [],
        "excluded_product_ids": [],
        "usage_limit": None,
        "email_restrictions": [],
        "used_by": [],
        "meta_data": [],
        "_links": links("coupons", number),
    }
