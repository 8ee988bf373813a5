"""What the language model may look up: the shop's pages, products and opening hours, and the customer's own orders.

Whose orders are read is the conversation's alone. An argument only says what to search, or which of them is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from bot.catalogue import products
from bot.catalogue.products import Product
from bot.catalogue.questions import Wanted
from bot.catalogue.replies import MAX_LISTED, Writer
from bot.conversation import times
from bot.conversation.replies import say
from bot.deciding import order_questions, order_replies, orders
from bot.deciding.situation import Situation
from bot.knowledge import search
from bot.knowledge.search import Passage
from ml.masking.mask import Mask

MAX_PASSAGES = 4
MAX_SOURCES = 24
_FOUND = 8
_MAX_CHARACTERS = 1_600  # of a source
_MAX_QUERY = 200


class Source(NamedTuple):
    """`text`: as the shop has it; `masked`: as the model gets it."""

    id: str
    text: str
    masked: str


class Lookups:
    """The lookups of one exchange and what they found. `passages`, `products`, `orders`: ids, for explanations."""

    def __init__(self, situation: Situation, mask: Mask) -> None:
        self._situation = situation
        self._mask = mask
        self.sources: dict[str, Source] = {}
        self.called: list[str] = []
        self.passages: list[int] = []
        self.products: list[int] = []
        self.orders: list[int] = []

    def run(self, name: str, query: str) -> list[Source] | None:
        """What a lookup finds; None if there is none of this name. `query` may have placeholders."""
        lookup = _LOOKUPS.get(name)
        if lookup is None:
            return None
        self.called.append(name)
        known = {source.text: source for source in self.sources.values()}
        texts = [text[:_MAX_CHARACTERS] for text in lookup(self, query[:_MAX_QUERY])]
        found = [known.get(text) or self._added(text) for text in texts if text in known or not self.is_full]
        return list(dict.fromkeys(found))

    @property
    def is_full(self) -> bool:
        return len(self.sources) >= MAX_SOURCES

    def _added(self, text: str) -> Source:
        source = Source(f"S{len(self.sources) + 1}", text, self._mask.hide_known(text))
        self.sources[source.id] = source
        return source

    def _pages(self, query: str) -> Iterator[str]:
        pages = [passage for passage in self._search(query) if not passage.is_product][:MAX_PASSAGES]
        self.passages += [passage.id for passage in pages if passage.id not in self.passages]
        for passage in pages:
            yield f"{passage.heading}\n{passage.text}" if passage.heading else passage.text

    def _search(self, query: str) -> list[Passage]:
        situation = self._situation
        with situation.tools.connect() as connection, connection.cursor() as cursor:
            return search.search(
                cursor, situation.conversation.store_id, query, situation.tools.encoder, situation.language, _FOUND
            )

    def _products(self, query: str) -> Iterator[str]:
        situation = self._situation
        ids = situation.names.found_in(query).ids or self._ids_by_description(query)
        with situation.tools.connect() as connection, connection.cursor() as cursor:
            found = products.load(cursor, situation.conversation.store_id, ids[:MAX_LISTED], situation.now)
        self.products += [product.id for product in found if product.id not in self.products]
        for product in found:
            yield _about(product, situation)

    def _ids_by_description(self, query: str) -> Sequence[int]:
        headings = [passage.heading for passage in self._search(query) if passage.is_product and passage.heading]
        return list(dict.fromkeys(id_ for each in headings for id_ in self._situation.names.found_in(each).ids[:1]))

    def _orders(self, number: str) -> Iterator[str]:
        situation = self._situation
        conversation, language = situation.conversation, situation.language
        if not conversation.is_verified:
            yield say("orders.unverified", language)
            return
        with situation.tools.connect() as connection, connection.cursor() as cursor:
            own = orders.of_customer(cursor, conversation.store_id, conversation.customer_key)
        meant = [order for order in own if not number or order_questions.has_number(order, number)]
        if not meant:
            yield say("orders.not_yours" if number else "orders.none", language)
        for order in meant[: order_replies.MAX_ORDERS]:
            self._mask.add("ORDER", order.number)
            for parcel in order.parcels:
                self._mask.add("PARCEL", parcel.number)
            self.orders += [order.order_id] if order.order_id not in self.orders else []
            yield order_replies.whole(order, situation.shop, language)

    def _hours(self, _: str) -> Iterator[str]:
        situation = self._situation
        shop, language, now = situation.shop, situation.language, situation.now
        hours = times.opening_hours(shop, language)
        if hours is None:
            return
        opening = shop.next_opening(now)
        when = times.back_at(opening, now, shop.zone, language) if opening else None
        is_open = say("hours.open", language) if shop.is_open(now) else say("hours.closed", language)
        back = say("hours.back", language, when=when) if when else ""
        stated = say("hours.stated", language, shop=shop.name, hours=hours)
        yield " ".join(filter(None, (stated, is_open, back)))


_LOOKUPS: Mapping[str, Callable[[Lookups, str], Iterable[str]]] = {
    "search_pages": Lookups._pages,
    "find_products": Lookups._products,
    "own_orders": Lookups._orders,
    "opening_hours": Lookups._hours,
}


def _about(product: Product, situation: Situation) -> str:
    writer = Writer(situation.shop, situation.language)
    lines = [writer.about(product, frozenset(), Wanted(product.variations))]
    lines += [f"{name}: {', '.join(values)}" for name, values in product.attributes.items()]
    return "\n".join([*lines, *product.description])
