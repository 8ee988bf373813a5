"""Products as the shop has them: price, stock, variations, link and description."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from math import isnan, nan
from pathlib import Path
from typing import Any, Literal, NamedTuple

from psycopg2.extensions import cursor as Cursor  # noqa: N812

from bot.knowledge.reading.html import text_of
from bot.vocabulary import words
from sources.woocommerce.objects import amount_of, time_of
from warehouse.connection import read_sql

Body = Mapping[str, Any]
StockStatus = Literal["instock", "outofstock", "onbackorder", "not_for_sale"]

SIZES = ("xxs", "xs", "s", "m", "l", "xl", "xxl", "xxxl")
"""Sizes that are letters, from small to large."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_SQL = Path(__file__).parent / "sql"
# For these types `purchasable` says nothing: their variations, their parts or another shop decide.
_BOUGHT_ELSEWHERE = ("variable", "grouped", "external")
_SHORTCODE = re.compile(r"\[(?P<end>/)?(?P<name>[A-Za-z][\w-]*)(?P<attributes>\s[^\[\]]*=[^\[\]]*)?\s*/?\]")


class Price(NamedTuple):
    """`amount`: what it costs now, None if the shop says nothing; `usual`: without a reduction, which lasts `until`."""

    amount: Decimal | None
    usual: Decimal | None = None
    until: datetime | None = None


class Stock(NamedTuple):
    """`left`: how many there are, None if the shop does not count; `takes_more`: further ones can be backordered."""

    status: StockStatus
    left: Decimal | None = None
    takes_more: bool = False

    @property
    def can_be_bought(self) -> bool:
        return self.status in ("instock", "onbackorder")


class Variation(NamedTuple):
    """`options`: its values by attribute, such as {"Ukuran": "L"}."""

    options: Mapping[str, str]
    price: Price
    stock: Stock

    @property
    def name(self) -> str:
        return ", ".join(self.options.values())


@dataclass(frozen=True)
class Product:
    """`attributes`: those with their values that do not make variations, and those that do."""

    id: int
    name: str
    price: Price
    stock: Stock
    variations: tuple[Variation, ...]
    attributes: Mapping[str, tuple[str, ...]]
    categories: tuple[str, ...]
    link: str | None
    description: tuple[str, ...]

    @property
    def has_sizes(self) -> bool:
        """Whether its variations differ in an attribute that is called a size."""
        names = {word for each in self.variations for name in each.options for word in name.lower().split()}
        return bool(names & words("size"))

    @property
    def sizes(self) -> dict[str, list[str]]:
        """The values from small to large of attributes whose values are letters of sizes, or begin with numbers."""
        found: dict[str, dict[str, float]] = {}
        for variation in self.variations:
            for attribute, value in variation.options.items():
                found.setdefault(attribute, {})[value] = _size(value)
        return {
            attribute: sorted(sizes, key=sizes.__getitem__)
            for attribute, sizes in found.items()
            if len(sizes) > 1 and not any(map(isnan, sizes.values()))
        }

    @property
    def can_be_bought(self) -> bool:
        offered = [variation.stock for variation in self.variations] or [self.stock]
        return any(stock.can_be_bought for stock in offered)


def load(cursor: Cursor, store_id: str, ids: Sequence[int], now: datetime) -> list[Product]:
    """The products with these ids in this order, without those that customers may not see."""
    cursor.execute(read_sql(_SQL / "products_by_id.sql"), {"store_id": store_id, "ids": list(ids)})
    found = {id_: product_of(body, variations, now) for id_, body, variations in cursor.fetchall()}
    return [found[id_] for id_ in ids if id_ in found]


def product_of(body: Body, variations: Sequence[Body], now: datetime) -> Product:
    """A product from the shop's objects, with prices as of `now`."""
    link = str(body.get("permalink") or "")
    descriptions = dict.fromkeys(_plain(body.get(part)) for part in ("short_description", "description"))
    return Product(
        id=int(body.get("id") or 0),
        name=text_of(str(body.get("name") or "")).replace("\n", " ") or f"#{body.get('id')}",
        price=price_of(body, now),
        stock=stock_of(body),
        variations=tuple(
            Variation(_options(variation), price_of(variation, now), stock_of(variation)) for variation in variations
        ),
        attributes=dict(_attributes(body)),
        categories=tuple(text_of(str(each.get("name") or "")) for each in dicts(body.get("categories"))),
        link=link if link.startswith("https://") else None,
        description=tuple(filter(None, descriptions)),
    )


def _size(value: str) -> float:
    """What a value is sorted by among sizes; NaN if it is none."""
    value = value.strip().lower()
    if value in SIZES:
        return float(SIZES.index(value))
    number = _NUMBER.match(value)
    return float(number[0].replace(",", ".")) if number else nan


def price_of(body: Body, now: datetime) -> Price:
    """The price as of `now`, since a sale may begin and end between two syncs."""
    price, usual, reduced = (amount_of(body.get(name)) for name in ("price", "regular_price", "sale_price"))
    starts, ends = time_of(body.get("date_on_sale_from_gmt")), time_of(body.get("date_on_sale_to_gmt"))
    is_over = (starts and now < starts) or (ends and now > ends)
    if is_over or not (body.get("on_sale") or (starts and reduced is not None)):
        return Price(usual if body.get("on_sale") and usual is not None else price)
    price = price if body.get("on_sale") or reduced is None else reduced
    if price is None or usual is None or usual == price:
        return Price(price)
    return Price(price, usual, ends)


def stock_of(body: Body) -> Stock:
    if body.get("purchasable") is False and body.get("type") not in _BOUGHT_ELSEWHERE:
        return Stock("not_for_sale")
    status: Any = body.get("stock_status")
    if status in ("outofstock", "onbackorder"):
        return Stock(status)
    left = amount_of(body.get("stock_quantity"))
    # `parent`: the stock is counted for all variations together.
    if body.get("manage_stock") is not True or left is None or left <= 0:
        return Stock("instock")
    return Stock("instock", left, body.get("backorders") in ("yes", "notify"))


def dicts(value: Any) -> list[Body]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _options(variation: Body) -> dict[str, str]:
    found = {
        str(attribute.get("name") or place): str(attribute["option"])
        for place, attribute in enumerate(dicts(variation.get("attributes")))
        if attribute.get("option")
    }
    return found or {"": str(variation.get("name") or variation.get("id"))}


def _attributes(body: Body) -> list[tuple[str, tuple[str, ...]]]:
    found = []
    for attribute in dicts(body.get("attributes")):
        options = attribute.get("options")
        visible, makes_variations = attribute.get("visible"), attribute.get("variation")
        # One that no page of the shop shows is not for customers.
        is_hidden = visible is False and makes_variations is not True
        if isinstance(options, list) and options and not is_hidden:
            values = tuple(text_of(str(option)).replace("\n", " ") for option in options)
            found.append((text_of(str(attribute.get("name") or "")), values))
    return found


def _plain(markup: Any) -> str:
    """A description without HTML and without the shortcodes of plugins."""
    text = markup if isinstance(markup, str) else ""
    closed = {found["name"] for found in _SHORTCODE.finditer(text) if found["end"]}

    def is_shortcode(found: re.Match[str]) -> bool:
        return bool(found["attributes"]) or found["name"] in closed or "_" in found["name"]

    return text_of(_SHORTCODE.sub(lambda found: " " if is_shortcode(found) else found[0], text))
