"""A made-up shop from its file: the stand-in's WooCommerce objects, opening hours and pages of knowledge.

`products[].variations` have `options` by attribute. `stock` is a number of pieces: 0 is sold out, and without it nobody
counts. `sale` is the reduced price. An order's `number` is the one that the customer knows; `refund` is an amount.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import yaml

from benchmarks.dialogues.script import FOLDER
from demo.woocommerce import Clock, Draft, Line, Shop, ShopSettings
from demo.woocommerce.orders import new_order

_PAID = ("processing", "completed", "refunded")
Entry = dict[str, Any]


@dataclass(frozen=True)
class ShopFile:
    """`held_out`: nobody may tune anything on this shop. `hours` are (ISO weekday, opens, closes)."""

    shop: str
    name: str
    timezone: str
    currency: str
    decimals: int
    held_out: bool
    hours: tuple[tuple[int, str, str], ...]
    pages: dict[str, str]
    content: Entry


def read(shop: str) -> ShopFile:
    content = yaml.safe_load((FOLDER / shop / "shop.yml").read_text(encoding="utf-8"))
    hours = tuple((day, str(each["opens"]), str(each["closes"])) for each in content["hours"] for day in each["days"])
    return ShopFile(
        shop=shop,
        name=content["name"],
        timezone=content["timezone"],
        currency=content["currency"],
        decimals=content["decimals"],
        held_out=content["held_out"],
        hours=hours,
        pages=content["pages"],
        content=content,
    )


def woocommerce_shop(file: ShopFile) -> Shop:
    """The shop with its orders and products, as the stand-in serves it."""
    now = datetime.now(UTC).replace(microsecond=0)
    settings = ShopSettings(
        name=file.name, timezone=file.timezone, currency=file.currency, price_decimals=file.decimals
    )
    shop = Shop(settings=settings, clock=Clock(now))
    for order in file.content["orders"]:
        _add_order(shop, order, file.content["customers"][order["customer"]], now)
    categories = {name for product in file.content["products"] for name in product.get("categories", ())}
    numbers = {name: number for number, name in enumerate(sorted(categories), start=1)}
    for product in file.content["products"]:
        _add_product(shop, product, numbers)
    return shop


def _add_order(shop: Shop, order: Entry, customer: Entry, now: datetime) -> None:
    placed = now - timedelta(days=order["days_ago"])
    lines = [Line(0, item["name"], item.get("quantity", 1), Decimal(str(item["price"]))) for item in order["items"]]
    draft = Draft(
        lines,
        status="processing" if "refund" in order else order["status"],
        billing={"first_name": customer["name"], "phone": customer["phone"], "country": customer["country"]},
        shipping=Decimal(str(order.get("shipping", 0))),
        payment=("other", order["payment"]),
        paid_at=placed + timedelta(minutes=20) if order["status"] in _PAID else None,
        completed_at=placed + timedelta(days=2) if order["status"] == "completed" else None,
    )
    made = new_order(shop, order["number"], draft, placed)
    if tracking := order.get("tracking"):
        parcel = {"tracking_provider": tracking["carrier"], "tracking_number": tracking["number"]}
        made["meta_data"] = [{"id": 1, "key": "_wc_shipment_tracking_items", "value": [parcel]}]
    shop.put_order(made)
    if "refund" in order:
        shop.create_refund(order["number"], Decimal(str(order["refund"])))


def _add_product(shop: Shop, product: Entry, categories: dict[str, int]) -> None:
    varied = _options(product)
    attributes = [_attribute(name, values, True) for name, values in varied.items()]
    attributes += [_attribute(name, values, False) for name, values in product.get("attributes", {}).items()]
    number = shop.create_product(
        product["name"],
        product.get("price", ""),
        short_description=f"<p>{product['short']}</p>" if "short" in product else "",
        description=f"<p>{product['description']}</p>" if "description" in product else "",
        catalog_visibility="hidden" if product.get("hidden") else "visible",
        categories=[{"id": categories[name], "name": name} for name in product.get("categories", ())],
        attributes=attributes,
        **_stock(product),
    )
    if "sale" in product:
        shop.edit_product(number, **_on_sale(product))
    for variation in product.get("variations", ()):
        name = f"{product['name']} - {', '.join(variation['options'].values())}"
        made = shop.create_variation(number, name, variation["price"])
        chosen = [{"id": 0, "name": name, "option": option} for name, option in variation["options"].items()]
        shop.edit_variation(made, attributes=chosen, **_stock(variation))


def _on_sale(product: Entry) -> Entry:
    return {"price": str(product["sale"]), "sale_price": str(product["sale"]), "on_sale": True}


def _stock(goods: Entry) -> Entry:
    if (left := goods.get("stock")) is None:
        return {}
    return {"manage_stock": True, "stock_quantity": left, "stock_status": "instock" if left else "outofstock"}


def _options(product: Entry) -> dict[str, list[str]]:
    """The options of a variable product by attribute."""
    found: dict[str, list[str]] = {}
    for variation in product.get("variations", ()):
        for name, option in variation["options"].items():
            found.setdefault(name, []).append(option)
    return {name: list(dict.fromkeys(options)) for name, options in found.items()}


def _attribute(name: str, options: list[str], varies: bool) -> Entry:
    return {"id": 0, "name": name, "options": options, "variation": varies, "visible": True}
