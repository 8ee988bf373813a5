"""New customers, products and coupons in the API's format, with amounts in six decimals."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from demo.woocommerce.answers import Record
from demo.woocommerce.state import State

SYMBOLS = {"IDR": "Rp", "COP": "$", "USD": "$", "EUR": "€"}

# Fields that a simple product and a simple coupon do not use.
_UNUSED_BY_PRODUCTS = {
    **dict.fromkeys(("date_on_sale_from", "date_on_sale_from_gmt", "date_on_sale_to", "date_on_sale_to_gmt")),
    "download_limit": -1,
    "download_expiry": -1,
    "external_url": "",
    "button_text": "",
    "backorders": "no",
    "backorders_allowed": False,
    "backordered": False,
    "low_stock_amount": None,
    "sold_individually": False,
    "weight": "",
    "shipping_required": True,
    "shipping_taxable": True,
    "shipping_class": "",
    "shipping_class_id": 0,
    "reviews_allowed": True,
    "average_rating": "0.00",
    "rating_count": 0,
    "purchase_note": "",
    "menu_order": 0,
    "price_html": "",
    "has_options": False,
    "post_password": "",
    "global_unique_id": "",
}
_LISTS_OF_PRODUCTS = (
    *("downloads", "upsell_ids", "cross_sell_ids", "brands", "default_attributes", "grouped_products", "related_ids"),
    *("categories", "tags", "images", "attributes", "variations", "meta_data"),
)
_UNUSED_BY_COUPONS = {
    "usage_limit": None,
    "usage_limit_per_user": None,
    "limit_usage_to_x_items": None,
    "free_shipping": False,
    "exclude_sale_items": False,
    "minimum_amount": "0.00",
    "maximum_amount": "0.00",
    "individual_use": False,
}
_LISTS_OF_COUPONS = (
    *("product_ids", "excluded_product_ids", "product_categories", "excluded_product_categories"),
    *("email_restrictions", "used_by", "meta_data"),
)


def money(amount: Decimal | float | int) -> str:
    return f"{Decimal(amount).quantize(Decimal('0.000001'), ROUND_HALF_UP):f}"


def address(**given: str) -> Record:
    """A billing address, empty except for the given fields."""
    names = ("first_name", "last_name", "company", "address_1", "address_2", "city", "state", "postcode", "country")
    return {**dict.fromkeys((*names, "email", "phone"), ""), **given}


def links(kind: str, number: int, deletable: bool = True) -> Record:
    base = f"https://shop.example/wp-json/wc/v3/{kind}"
    allow = ["GET", "POST", "PUT", "PATCH", *(["DELETE"] if deletable else [])]
    return {
        "self": [{"href": f"{base}/{number}", "targetHints": {"allow": allow}}],
        "collection": [{"href": base}],
    }


def new_customer(
    state: State,
    number: int,
    email: str,
    at: datetime,
    role: str = "customer",
    billing: dict[str, str] | None = None,
) -> Record:
    """An account as in `/customers/<id>`."""
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
    """A simple product as in `/products/<id>`. `fields` replace the defaults."""
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
        "stock_status": "instock",
        "dimensions": {"length": "", "width": "", "height": ""},
        **_UNUSED_BY_PRODUCTS,
        **{kind: [] for kind in _LISTS_OF_PRODUCTS},
        "_links": links("products", number),
        **fields,
    }


def new_review(
    state: State, number: int, product_id: int, rating: int, text: str, at: datetime, reviewer: str, status: str
) -> Record:
    """A product review as in `/products/reviews/<id>?context=edit`. Its times never change."""
    product = state.products[product_id]
    return {
        "id": number,
        **state.times("created", at),
        "product_id": product_id,
        "product_name": product["name"],
        "product_permalink": product["permalink"],
        "status": status,
        "reviewer": reviewer,
        "reviewer_email": "reviewer@example.test",
        "review": text,
        "rating": rating,
        "verified": False,
        "reviewer_avatar_urls": {},
        "_links": links("products/reviews", number),
    }


def new_coupon(state: State, number: int, code: str, percent: int, at: datetime) -> Record:
    """A percentage coupon as in `/coupons/<id>`."""
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
        **_UNUSED_BY_COUPONS,
        **{kind: [] for kind in _LISTS_OF_COUPONS},
        "_links": links("coupons", number),
    }
