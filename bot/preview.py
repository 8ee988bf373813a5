"""What the bot would say to a text: nothing is stored and nobody is written to."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

from bot.conversation.types import Conversation, Decision, Language, Message
from bot.deciding.steps import decide
from bot.knowledge import search
from bot.knowledge.search import Passage
from bot.shop.instructions import Instructions
from bot.tools import Tools

# No conversation and no customer has these, so there is nothing of anybody's to be looked up.
_NO_CONVERSATION = 0
_NO_CUSTOMER = ""


class Preview(NamedTuple):
    """`passages` are all that were found, also those that do not fit (`Passage.fits`)."""

    decision: Decision
    passages: tuple[Passage, ...]


def preview(
    text: str,
    store_id: str,
    tools: Tools,
    instructions: Instructions | None = None,
    language: Language | None = None,
) -> Preview:
    """The decision about a first message with this text, under `instructions` that need not be saved."""
    message = Message("twilio", "preview", "customer", text, datetime.now(UTC))
    conversation = Conversation(
        _NO_CONVERSATION, store_id, "whatsapp", _NO_CUSTOMER, None, "bot", language, burst=(message,)
    )
    decision = decide(conversation, tools, instructions)
    with tools.connect() as connection, connection.cursor() as cursor:
        found = search.search(cursor, store_id, text, tools.encoder) if text.strip() else []
    return Preview(decision, tuple(found))
