"""A shop's products as passages: name, price, stock, variations, description."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo

from bot.catalogue import products
from bot.catalogue.products import Body, Price, Product, Stock
from bot.conversation.replies import languages, texts
from bot.knowledge.reading.blocks import Block
from bot.knowledge.reading.passages import Text, passages
from warehouse import formats
from warehouse.i18n import SOURCE

# In all languages, since questions in any of them have to find a passage.
_LABELS = {
    key: " / ".join(texts(language)[key] for language in languages())
    for key in texts(SOURCE)
    if key.startswith("product.")
}
_LAYOUT = 4  # raise it when passages are made of other parts
PASSAGES_VERSION = f"{_LAYOUT}-{zlib.crc32(repr(_LABELS).encode()):x}"
"""Changes with the layout and the labels, so that passages are built again."""


def product_passages(
    body: Body, variations: Sequence[Body], currency: str | None, zone: tzinfo, now: datetime
) -> list[Text]:
    """A product's passages under its name: price and stock as of `now`, then the description. They are one passage if
    they fit, so that a language model sees the stock beside the description."""
    product = products.product_of(body, variations, now)
    facts = "\n".join(_facts(product, _Prices(currency, zone)))
    return passages([Block(product.name, 1), Block(facts), *(Block(text) for text in product.description)])


def _facts(product: Product, prices: _Prices) -> Iterator[str]:
    if product.variations:
        yield f"{_LABELS['product.options']}:"
        for variation in product.variations:
            parts = filter(None, (prices.of(variation.price), _stock(variation.stock)))
            yield f"- {variation.name}: {', '.join(parts)}"
    elif price := prices.of(product.price):
        yield f"{_LABELS['product.price']}: {price}, {_stock(product.stock)}"
    else:
        yield _stock(product.stock)
    if product.categories:
        yield f"{_LABELS['product.category']}: {', '.join(product.categories)}"
    varied = {name for variation in product.variations for name in variation.options}
    for name, values in product.attributes.items():
        if name not in varied:
            yield f"{name}: {', '.join(values)}"
    if product.link:
        yield f"{_LABELS['product.see']}: {product.link}"


class _Prices:
    """Prices in a shop's currency."""

    def __init__(self, currency: str | None, zone: tzinfo) -> None:
        self._currency, self._zone = currency, zone

    def of(self, price: Price) -> str | None:
        """The price; if it is reduced with the usual one and the last day."""
        if price.amount is None:
            return None
        money = formats.money(price.amount, self._currency, "id")
        if price.usual is None:
            return money
        usual = formats.money(price.usual, self._currency, "id")
        ends = price.until and formats.day(formats.local(price.until, self._zone), "id")
        until = f" {_LABELS['product.until']} {ends}" if ends else ""
        return f"{money} ({_LABELS['product.usually']} {usual}){until}"


def _stock(stock: Stock) -> str:
    words = _LABELS[f"product.{stock.status}"]
    if stock.left is None:
        return words
    more = f"; {_LABELS['product.more_on_backorder']}" if stock.takes_more else ""
    return f"{words} ({stock.left.normalize():f}{more})"
