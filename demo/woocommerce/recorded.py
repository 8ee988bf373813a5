"""A recorded shop as a shop in memory."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from demo.woocommerce.answers import Record
from demo.woocommerce.clock import Clock
from demo.woocommerce.objects import links
from demo.woocommerce.shop import Shop
from demo.woocommerce.state import ShopSettings

RECORDED_AT = datetime(2026, 11, 22, 3, tzinfo=UTC)


def recorded_shop(folder: Path, clock: Clock | None = None) -> Shop:
    """The shop in a folder like `tests/data/woocommerce_shop`, hidden orders included. Its clock stands at the time of
    the recording unless another one is given."""
    shop = Shop(settings=_settings(folder), clock=clock or Clock(RECORDED_AT))
    for name in ("orders_dp6", "orders_unlisted"):
        for order in _lines(folder / f"{name}.jsonl.gz"):
            shop.put_order(order)
    shop.refunds = {each["id"]: each for each in _lines(folder / "refunds_global.jsonl.gz")}
    shop.customers = {each["id"]: each for each in _lines(folder / "customers.jsonl.gz")}
    shop.products = {each["id"]: each for each in _lines(folder / "products.jsonl.gz")}
    variations = [each["variation"] for each in _lines(folder / "variations.jsonl.gz")]
    shop.variations = {each["id"]: each for each in variations}
    shop.coupons = {each["id"]: each for each in _lines(folder / "coupons.jsonl.gz")}
    shop.categories = categories_of(shop)
    return shop


def categories_of(shop: Shop) -> dict[int, Record]:
    """The categories of the products, with the number of products in each."""
    found: dict[int, Record] = {}
    for product in shop.products.values():
        for each in product.get("categories") or []:
            blank = {"parent": 0, "description": "", "display": "default", "image": None, "menu_order": 0, "count": 0}
            blank |= {"_links": links("products/categories", each["id"])}
            found.setdefault(each["id"], {**each, **blank})["count"] += 1
    return found


def _settings(folder: Path) -> ShopSettings:
    told = json.loads((folder / "settings.json").read_text())
    return ShopSettings(
        name="Recorded",
        timezone=told["timezone"],
        currency=told["currency"],
        price_decimals=int(told["price_num_decimals"]),
        prices_include_tax=told["prices_include_tax"] == "yes",
        date_type=told["date_type"],
        excluded_statuses=tuple(told["excluded_report_order_statuses"]),
        version=told["wc_version"],
        wordpress_version=told["wp_version"],
    )


def _lines(file: Path) -> Iterator[Record]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)
