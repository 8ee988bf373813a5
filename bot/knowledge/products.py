"""A shop's products as passages: name, price, stock, variations, description."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any

from bot.conversation.replies import languages, texts
from bot.knowledge.reading.blocks import Block
from bot.knowledge.reading.html import text_of
from bot.knowledge.reading.passages import Text, passages
from sources.woocommerce.objects import amount_of, time_of
from warehouse import formats
from warehouse.i18n import SOURCE, Language

Body = Mapping[str, Any]

# In all languages, since questions in any of them have to find a passage.
_LABELS = {
    key: " / ".join(texts(language)[key] for language in languages())
    for key in texts(SOURCE)
    if key.startswith("product.")
}
_LAYOUT = 2  # raise it when passages are made of other parts
PASSAGES_VERSION = f"{_LAYOUT}-{zlib.crc32(repr(_LABELS).encode()):x}"
"""Changes with the layout and the labels, so that passages are built again."""
_STOCK = ("instock", "outofstock", "onbackorder")
# For these types `purchasable` says nothing: their variations, their parts or another shop decide.
_BOUGHT_ELSEWHERE = ("variable", "grouped", "external")
_SHORTCODE = re.compile(r"\[(?P<end>/)?(?P<name>[A-Za-z][\w-]*)(?P<attributes>\s[^\[\]]*=[^\[\]]*)?\s*/?\]")


def product_passages(
    product: Body, variations: Sequence[Body], currency: str | None, zone: tzinfo, now: datetime
) -> list[Text]:
    """A product's passages under its name: price and stock as of `now`, then the description. They are one passage if
    they fit, so that an answer from the description also says whether the product is in stock."""
    name = text_of(str(product.get("name") or "")).replace("\n", " ") or f"#{product.get('id')}"
    facts = "\n".join(_facts(product, variations, _Prices(currency, zone, now)))
    descriptions = dict.fromkeys(_plain(product.get(part)) for part in ("short_description", "description"))
    return passages([Block(name, 1), Block(facts), *(Block(text) for text in descriptions)])


def in_language(language: Language, text: str) -> str:
    """A product's passage with its labels in one language."""
    for key, label in _LABELS.items():
        text = text.replace(label, texts(language)[key])
    return text


def _plain(markup: Any) -> str:
    """A description without HTML and without the shortcodes of plugins."""
    text = markup if isinstance(markup, str) else ""
    closed = {found["name"] for found in _SHORTCODE.finditer(text) if found["end"]}

    def is_shortcode(found: re.Match[str]) -> bool:
        return bool(found["attributes"]) or found["name"] in closed or "_" in found["name"]

    return text_of(_SHORTCODE.sub(lambda found: " " if is_shortcode(found) else found[0], text))


def _facts(product: Body, variations: Sequence[Body], prices: _Prices) -> Iterator[str]:
    if variations:
        yield f"{_LABELS['product.options']}:"
        for variation in variations:
            yield f"- {_options(variation)}: {', '.join(filter(None, (prices.of(variation), _stock(variation))))}"
    elif price := prices.of(product):
        yield f"{_LABELS['product.price']}: {price}, {_stock(product)}"
    else:
        yield _stock(product)
    if categories := ", ".join(str(category.get("name")) for category in _dicts(product.get("categories"))):
        yield f"{_LABELS['product.category']}: {text_of(categories)}"
    yield from _attributes(product, with_varied=not variations)
    if str(product.get("permalink") or "").startswith("https://"):
        yield f"{_LABELS['product.see']}: {product['permalink']}"


def _attributes(product: Body, with_varied: bool) -> Iterator[str]:
    for attribute in _dicts(product.get("attributes")):
        options = attribute.get("options")
        if (with_varied or not attribute.get("variation")) and isinstance(options, list) and options:
            yield text_of(f"{attribute.get('name')}: {', '.join(map(str, options))}").replace("\n", " ")


class _Prices:
    """Prices in a shop's currency as of a time."""

    def __init__(self, currency: str | None, zone: tzinfo, now: datetime) -> None:
        self._currency, self._zone, self._now = currency, zone, now

    def of(self, body: Body) -> str | None:
        """The price; if it is reduced with the usual one and the last day."""
        price, usual, reduced = (amount_of(body.get(name)) for name in ("price", "regular_price", "sale_price"))
        ends = time_of(body.get("date_on_sale_to_gmt"))
        if not self._is_reduced(body, ends):
            return self._money(usual if body.get("on_sale") and usual is not None else price)
        price = price if body.get("on_sale") or reduced is None else reduced
        if price is None or usual is None or usual == price:
            return self._money(price)
        until = f" {_LABELS['product.until']} {formats.day(formats.local(ends, self._zone), 'id')}" if ends else ""
        return f"{self._money(price)} ({_LABELS['product.usually']} {self._money(usual)}){until}"

    def _is_reduced(self, body: Body, ends: datetime | None) -> bool:
        """A sale may begin and end between two syncs."""
        starts = time_of(body.get("date_on_sale_from_gmt"))
        if (starts and self._now < starts) or (ends and self._now > ends):
            return False
        return bool(body.get("on_sale") or (starts and amount_of(body.get("sale_price")) is not None))

    def _money(self, value: Decimal | None) -> str | None:
        return None if value is None else formats.money(value, self._currency, "id")


def _stock(body: Body) -> str:
    if body.get("purchasable") is False and body.get("type") not in _BOUGHT_ELSEWHERE:
        return _LABELS["product.not_for_sale"]
    status = body.get("stock_status")
    words = _LABELS[f"product.{status if status in _STOCK else 'instock'}"]
    left = amount_of(body.get("stock_quantity"))
    # `parent`: the stock is counted for all variations together.
    if status != "instock" or body.get("manage_stock") is not True or left is None or left <= 0:
        return words
    more = f"; {_LABELS['product.more_on_backorder']}" if body.get("backorders") in ("yes", "notify") else ""
    return f"{words} ({left.normalize():f}{more})"


def _options(variation: Body) -> str:
    options = (str(attribute.get("option")) for attribute in _dicts(variation.get("attributes")))
    return ", ".join(options) or str(variation.get("name") or variation.get("id"))


def _dicts(value: Any) -> list[Body]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
