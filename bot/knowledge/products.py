"""What the sync landed of a shop's products, as passages: name, price, stock, variations, description."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.numbers import format_currency

from bot.knowledge.reading.blocks import Block
from bot.knowledge.reading.html import text_of
from bot.knowledge.reading.passages import Text, passages

Body = Mapping[str, Any]

# Customers of both languages are answered with the same passage.
_STOCK = {
    "instock": "tersedia / in stock",
    "outofstock": "habis / out of stock",
    "onbackorder": "bisa dipesan dulu / on backorder",
}


def product_passages(product: Body, variations: Sequence[Body], currency: str | None) -> list[Text]:
    """A product's passages, all under its name: first its price and stock, then what is said of it."""
    name = text_of(str(product.get("name") or "")).replace("\n", " ") or f"#{product.get('id')}"
    facts = "\n".join(_facts(product, variations, currency))
    said = [text_of(str(product.get(part) or "")) for part in ("short_description", "description")]
    said = [text for number, text in enumerate(said) if text and text not in said[:number]]
    described = [Block(name, 1), *(Block(line) for text in said for line in text.split("\n"))]
    return [*passages([Block(name, 1), Block(facts)]), *passages(described)]


def _facts(product: Body, variations: Sequence[Body], currency: str | None) -> Iterator[str]:
    if variations:
        yield "Pilihan / options:"
        for variation in variations:
            yield f"- {_options(variation)}: {', '.join(_price_and_stock(variation, currency))}"
    else:
        yield f"Harga, stok / price, stock: {', '.join(_price_and_stock(product, currency))}"
    if categories := ", ".join(str(category.get("name")) for category in product.get("categories") or ()):
        yield f"Kategori / category: {text_of(categories)}"
    yield from _attributes(product, with_varied=not variations)
    if str(product.get("permalink") or "").startswith("https://"):
        yield f"Lihat / see: {product['permalink']}"


def _attributes(product: Body, with_varied: bool) -> Iterator[str]:
    for attribute in product.get("attributes") or ():
        if with_varied or not attribute.get("variation"):
            yield f"{attribute.get('name')}: {', '.join(map(str, attribute.get('options') or ()))}"


def _price_and_stock(body: Body, currency: str | None) -> Iterator[str]:
    if price := _price(body, currency):
        yield price
    yield _stock(body)


def _price(body: Body, currency: str | None) -> str | None:
    """The price of now, with the usual one beside it when it is reduced."""
    now, usual = _money(body.get("price"), currency), _money(body.get("regular_price"), currency)
    return f"{now} (biasanya / usually {usual})" if now and usual and body.get("on_sale") and usual != now else now


def _money(amount: Any, currency: str | None) -> str | None:
    try:
        value = Decimal(str(amount))
    except InvalidOperation:
        return None
    if not currency:
        return f"{value:f}"
    pattern = "¤#,##0" if value == value.to_integral() else "¤#,##0.00"
    return format_currency(value, currency, pattern, locale="id", currency_digits=False)


def _stock(body: Body) -> str:
    words = _STOCK.get(str(body.get("stock_status")), _STOCK["instock"])
    left = body.get("stock_quantity")
    return (
        f"{words} ({left})" if body.get("stock_status") == "instock" and isinstance(left, int) and left > 0 else words
    )


def _options(variation: Body) -> str:
    options = (str(attribute.get("option")) for attribute in variation.get("attributes") or ())
    return ", ".join(options) or str(variation.get("name") or variation.get("id"))
