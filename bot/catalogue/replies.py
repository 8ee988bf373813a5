"""Replies about products, in the customer's language: only what the shop's product says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.catalogue.products import Price, Product, Stock, Variation
from bot.catalogue.questions import Aspect, Wanted
from bot.conversation.replies import say
from bot.shop.profile import Shop
from warehouse import formats
from warehouse.i18n import Language

MAX_LISTED = 5
_MAX_VARIATIONS = 8


class Writer(NamedTuple):
    shop: Shop
    language: Language

    def about(self, product: Product, asked: frozenset[Aspect], wanted: Wanted) -> str:
        """A product's price and stock, of the options that are wanted; its link if that is asked for or nothing is."""
        lines = [*self._variations(product, wanted)] if product.variations else [self.in_one_line(product)]
        if wanted.missing:
            lines.insert(0, say("products.no_such_option", self.language, option=", ".join(sorted(wanted.missing))))
        if product.link and (not asked or "link" in asked):
            lines.append(product.link)
        return "\n".join(lines)

    def in_one_line(self, product: Product) -> str:
        """Name, price and stock."""
        offered = product.variations
        price = self._range([each.price for each in offered]) if offered else self._price(product.price)
        stock = self._of_all(product) if offered else self._stock(product.stock)
        return f"{product.name}: {', '.join(filter(None, (price, stock)))}"

    def several(self, products: Sequence[Product]) -> str:
        """A list of products, each on a line, and the question which one is meant if there are more."""
        lines = [f"- {self.in_one_line(product)}" for product in products[:MAX_LISTED]]
        if len(products) > MAX_LISTED:
            lines.append(say("products.which", self.language, count=len(products) - MAX_LISTED))
        return "\n".join(lines)

    def _variations(self, product: Product, wanted: Wanted) -> Iterator[str]:
        if wanted.is_specific and len(wanted.variations) == 1:
            [variation] = wanted.variations
            yield f"{product.name} ({variation.name}): {self._offer(variation)}"
            if not variation.stock.can_be_bought:
                yield from self._instead(product)
            return
        if wanted.is_specific and not wanted.variations:
            yield say("products.not_together", self.language, name=product.name)
        shown = wanted.variations or product.variations
        if len(shown) > _MAX_VARIATIONS:
            yield self.in_one_line(product)
            yield from self._by_attribute(product)
            return
        yield f"{product.name}:"
        for variation in shown:
            yield f"- {variation.name}: {self._offer(variation)}"
        if wanted.is_specific and not any(each.stock.can_be_bought for each in shown):
            yield from self._instead(product)

    def _by_attribute(self, product: Product) -> Iterator[str]:
        """The values of each attribute that can be bought."""
        for attribute in product.variations[0].options:
            values = dict.fromkeys(
                each.options[attribute]
                for each in product.variations
                if each.stock.can_be_bought and attribute in each.options
            )
            if values:
                yield ", ".join(values) if attribute.isdigit() else f"{attribute}: {', '.join(values)}"

    def _instead(self, product: Product) -> Iterator[str]:
        available = [each.name for each in product.variations if each.stock.can_be_bought]
        if available:
            yield say("products.still_available", self.language, options=", ".join(available[:_MAX_VARIATIONS]))

    def _offer(self, variation: Variation) -> str:
        return ", ".join(filter(None, (self._price(variation.price), self._stock(variation.stock))))

    def _price(self, price: Price) -> str | None:
        """The price; if it is reduced with the usual one and the last day."""
        if price.amount is None:
            return None
        if price.usual is None:
            return self._money(price.amount)
        until = ""
        if price.until:
            day = formats.day(formats.local(price.until, self.shop.zone), self.language)
            until = f" {say('product.until', self.language)} {day}"
        usually = f"{say('product.usually', self.language)} {self._money(price.usual)}"
        return f"{self._money(price.amount)} ({usually}){until}"

    def _range(self, prices: Sequence[Price]) -> str | None:
        amounts = sorted(price.amount for price in prices if price.amount is not None)
        if not amounts:
            return None
        if amounts[0] == amounts[-1]:
            return self._price(prices[0])
        return f"{self._money(amounts[0])} – {self._money(amounts[-1])}"

    def _of_all(self, product: Product) -> str:
        return say("product.instock" if product.can_be_bought else "product.outofstock", self.language)

    def _stock(self, stock: Stock) -> str:
        words = say(f"product.{stock.status}", self.language)
        if stock.left is None:
            return words
        more = f"; {say('product.more_on_backorder', self.language)}" if stock.takes_more else ""
        return f"{words} ({stock.left.normalize():f}{more})"

    def _money(self, amount: object) -> str:
        return formats.money(amount, self.shop.currency, self.language)  # type: ignore[arg-type]
