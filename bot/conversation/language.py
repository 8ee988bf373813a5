"""The language to answer a customer in: that of their messages, else that of their earlier ones."""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversation.types import Conversation
from bot.deciding.patterns import tokens
from bot.vocabulary import words
from ml.language import languages
from warehouse.i18n import Language

DEFAULT: Language = "id"

_CLEAR_LEAD = 2


def of(conversation: Conversation) -> Language:
    """The language of the customer's burst. Short or mixed texts keep the previous language."""
    text = " ".join(message.text for message in conversation.burst if message.text.strip())
    lead = _lead(tokens(text))
    detected = languages([text.lower()])[0]
    if detected == "id" and lead >= 0:
        return "id"
    if detected == "en" and lead <= 0:
        return "en"
    if abs(lead) >= (1 if conversation.language is None else _CLEAR_LEAD):
        return "id" if lead > 0 else "en"
    return conversation.language or _earlier(conversation) or DEFAULT


def _lead(said: Sequence[str]) -> int:
    """How many more Indonesian than English words there are."""
    indonesian, english = words("indonesian") - words("shared"), words("english") - words("shared")
    return sum(word in indonesian for word in said) - sum(word in english for word in said)


def _earlier(conversation: Conversation) -> Language | None:
    """The language of the customer's earlier messages, if it is clear."""
    text = " ".join(message.text for message in conversation.earlier if message.author == "customer")
    lead = _lead(tokens(text))
    return None if not lead else "id" if lead > 0 else "en"
