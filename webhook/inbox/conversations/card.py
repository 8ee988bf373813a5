"""The customer card: contact, orders, messages, ratings and the predicted satisfaction."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from werkzeug.wrappers import Response

from bot.conversation import episode
from bot.deciding import orders
from bot.deciding.orders import Order
from webhook.accounts.access import requires
from webhook.i18n import language
from webhook.inbox import blueprint, database, pages
from webhook.inbox.conversations import contact, finding
from webhook.inbox.conversations.contact import Contact
from webhook.services import services

SHOWN_ORDERS = 5
MOST_ORDERS = 50  # read at most; sums cover only these
MOST_MESSAGES = 500  # counted at most, with their episodes
NOT_COUNTED = ("pending", "failed", "cancelled")
ISSUES = ("delivery", "order", "payment", "refund")


@dataclass(frozen=True)
class Card:
    """`spent`: total of the counted orders minus refunds, by currency; `episodes`: number of episodes on all channels,
    of the messages read; `issues`: number of messages per issue."""

    conversation: Any
    contact: Contact
    threads: list[Any]
    orders: tuple[Order, ...]
    spent: dict[str, Decimal]
    counted: int
    episodes: int
    events: Any
    messages: Any
    issues: list[tuple[str, int]]
    judgement: Any
    summary: Any
    has_model: bool


@blueprint.get("/conversations/<int:conversation_id>/card")
@requires("viewer")
def show_card(conversation_id: int) -> Response:
    """Only the card, for the page's script, and as a page on phones."""
    with database.transaction() as connection:
        conversation = finding.find(connection, conversation_id)
    return page("inbox/card_page.html", conversation)


def page(template: str, conversation: Any) -> Response:
    """A page or fragment with the card of a conversation's customer."""
    return pages.page(template, card=read(conversation), cards=sys.modules[__name__])


def read(conversation: Any) -> Card:
    """The card of a conversation's customer."""
    about = conversation._asdict() | {"language": language()}
    with database.transaction() as connection:
        threads = database.rows(connection, "card_threads.sql", about)
        messages = database.row(connection, "card_messages.sql", about)
        with connection.cursor() as cursor:
            own = orders.of_customer(cursor, conversation.store_id, conversation.customer_key, by_address=True)
            since = messages.since if messages.messages == MOST_MESSAGES else None
            episodes = sum(episode.current(cursor, thread.conversation_id, since).episodes for thread in threads)
        counts = [(issue, getattr(messages, issue)) for issue in ISSUES]
        counting = [order for order in own if order.status not in NOT_COUNTED]
        return Card(
            conversation=conversation,
            contact=contact.read(connection, conversation),
            threads=threads,
            orders=own,
            spent=_spent(counting),
            counted=len(counting),
            episodes=episodes,
            events=database.row(connection, "card_events.sql", about),
            messages=messages,
            issues=sorted(((issue, count) for issue, count in counts if count), key=lambda pair: -pair[1]),
            judgement=database.row(connection, "card_judgement.sql", about),
            summary=database.row(connection, "summary.sql", about),
            has_model=services().language_model is not None,
        )


def _spent(counting: Iterable[Order]) -> dict[str, Decimal]:
    spent: defaultdict[str, Decimal] = defaultdict(Decimal)
    for order in counting:
        refunded = sum((abs(refund.amount) for refund in order.refunds if refund.amount is not None), Decimal())
        spent[order.currency or ""] += (order.total or Decimal()) - refunded
    return dict(spent)
