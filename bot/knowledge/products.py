"""What the sync landed of a shop's products, as passages: name, price, stock, variations, description."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any

from bot.knowledge.reading.blocks import Block
from bot.knowledge.reading.html import text_of
from bot.knowledge.reading.passages import Text, passages
from sources.woocommerce.objects import amount_of, time_of
from warehouse import formats

Body = Mapping[str, Any]

# Customers of both languages are answered with the same passage.
_STOCK = {
    "instock": "tersedia / in stock",
    "outofstock": "habis / out of stock",
    "onbackorder": "bisa dipesan dulu / on backorder",
}
_NOT_FOR_SALE = "tidak bisa dibeli saat ini / cannot be bought now"
_MORE_ON_BACKORDER = "lebih dari itu bisa dipesan dulu / more on backorder"
# Nothing says whether these can be bought: their variations, parts or another shop do.
_BOUGHT_ELSEWHERE = ("variable", "grouped", "external")
_SHORTCODE = re.compile(r"\[(?P<end>/)?(?P<name>[A-Za-z][\w-]*)(?P<attributes>\s[^\[\]]*=[^\[\]]*)?\s*/?\]")


def product_passages(
    product: Body, variations: Sequence[Body], currency: str | None, zone: tzinfo, now: datetime
) -> list[Text]:
    """A product's passages, all under its name: first its price and stock at a time, then what is said of it."""
    name = text_of(str(product.get("name") or "")).replace("\n", " ") or f"#{product.get('id')}"
    facts = "\n".join(_facts(product, variations, _Prices(currency, zone, now)))
    said = [_plain(product.get(part)) for part in ("short_description", "description")]
    said = [text for number, text in enumerate(said) if text and text not in said[:number]]
    described = [Block(name, 1), *(Block(line) for text in said for line in text.split("\n"))]
    return [*passages([Block(name, 1), Block(facts)]), *passages(described)]


def _plain(markup: Any) -> str:
    """A description's words, without HTML and without the shortcodes that a plugin left behind."""
    text = markup if isinstance(markup, str) else ""
    closed = {found["name"] for found in _SHORTCODE.finditer(text) if found["end"]}

    def is_one(found: re.Match[str]) -> bool:
        return bool(found["attributes"]) or found["name"] in closed or "_" in found["name"]

    return text_of(_SHORTCODE.sub(lambda found: " " if is_one(found) else found[0], text))


def _facts(product: Body, variations: Sequence[Body], prices: _Prices) -> Iterator[str]:
    if variations:
        yield "Pilihan / options:"
        for variation in variations:
            yield f"- {_options(variation)}: {', '.join(_price_and_stock(variation, prices))}"
    else:
        yield f"Harga, stok / price, stock: {', '.join(_price_and_stock(product, prices))}"
    if categories := ", ".join(str(category.get("name")) for category in _dicts(product.get("categories"))):
        yield f"Kategori / category: {text_of(categories)}"
    yield from _attributes(product, with_varied=not variations)
    if str(product.get("permalink") or "").startswith("https://"):
        yield f"Lihat / see: {product['permalink']}"


def _attributes(product: Body, with_varied: bool) -> Iterator[str]:
    for attribute in _dicts(product.get("attributes")):
        options = attribute.get("options")
        if (with_varied or not attribute.get("variation")) and isinstance(options, list) and options:
            yield text_of(f"{attribute.get('name')}: {', '.join(map(str, options))}").replace("\n", " ")


def _price_and_stock(body: Body, prices: _Prices) -> Iterator[str]:
    if price := prices.of(body):
        yield price
    yield _stock(body)


class _Prices:
    """Prices in a shop's currency, as they are at a time."""

    def __init__(self, currency: str | None, zone: tzinfo, now: datetime) -> None:
        self._currency, self._zone, self._now = currency, zone, now

    def of(self, body: Body) -> str | None:
        """The price, with the usual one beside it and the last day if it is reduced."""
        price, usual, reduced = (amount_of(body.get(name)) for name in ("price", "regular_price", "sale_price"))
        ends = time_of(body.get("date_on_sale_to_gmt"))
        if not self._is_reduced(body, ends):
            return self._money(usual if body.get("on_sale") and usual is not None else price)
        price = price if body.get("on_sale") or reduced is None else reduced
        if price is None or usual is None or usual == price:
            return self._money(price)
        until = f" sampai / until {formats.day(formats.local(ends, self._zone), 'id')}" if ends else ""
        return f"{self._money(price)} (biasanya / usually {self._money(usual)}){until}"

    def _is_reduced(self, body: Body, ends: datetime | None) -> bool:
        """A reduction may begin and end between two syncs."""
        starts = time_of(body.get("date_on_sale_from_gmt"))
        if (starts and self._now < starts) or (ends and self._now > ends):
            return False
        return bool(body.get("on_sale") or (starts and amount_of(body.get("sale_price")) is not None))

    def _money(self, value: Decimal | None) -> str | None:
        return None if value is None else formats.money(value, self._currency, "id")


def _stock(body: Body) -> str:
    if body.get("purchasable") is False and body.get("type") not in _BOUGHT_ELSEWHERE:
        return _NOT_FOR_SALE
    status = body.get("stock_status")
    words = _STOCK.get(str(status), _STOCK["instock"])
    left = amount_of(body.get("stock_quantity"))
    # A variation whose stock is counted for all of them together says `parent`.
    if status != "instock" or body.get("manage_stock") is not True or left is None or left <= 0:
        return words
    more = f"; {_MORE_ON_BACKORDER}" if body.get("backorders") in ("yes", "notify") else ""
    return f"{words} ({left.normalize():f}{more})"


def _options(variation: Body) -> str:
    options = (str(attribute.get("option")) for attribute in _dicts(variation.get("attributes")))
    return ", ".join(options) or str(variation.get("name") or variation.get("id"))


def _dicts(value: Any) -> list[Body]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
