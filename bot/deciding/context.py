"""What a request refers to: the products and the question that were talked about before it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bot.catalogue import questions
from bot.catalogue.names import Names
from bot.conversation.types import Message
from bot.deciding.requests import Request, split

_MAX_PRODUCTS = 6


class Context(NamedTuple):
    """`products`: those named last, by either side; `question`: the customer's last one that can be understood by
    itself; `is_product`: whether that was about a product."""

    products: tuple[int, ...] = ()
    question: Request | None = None
    is_product: bool = False

    def after(self, request: Request, names: Names) -> Context:
        """The context of what follows a request."""
        named = names.found_in(request.text).ids
        is_about_shop = questions.is_about_shop(request.words)
        products = named if 0 < len(named) <= _MAX_PRODUCTS else self.products
        if not request.content or (request.is_elliptical and not named and self.question):
            return self._replace(products=products)
        is_product = not is_about_shop and (bool(named) or (bool(products) and bool(questions.aspects(request.words))))
        return Context(products, request, is_product)

    def after_reply(self, text: str, names: Names) -> Context:
        """The context after a reply of the bot or an agent, which may name products."""
        named = names.found_in(text).ids
        return self._replace(products=named) if 0 < len(named) <= _MAX_PRODUCTS else self


def of(earlier: Sequence[Message], names: Names) -> Context:
    """The context that earlier messages leave."""
    context = Context()
    for message in earlier:
        if message.author == "customer":
            for request in split([message.text]):
                context = context.after(request, names)
        else:
            context = context.after_reply(message.text, names)
    return context
