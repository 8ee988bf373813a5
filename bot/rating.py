"""Asks for a rating after an episode, and knows one when it comes."""

from __future__ import annotations

from psycopg2.extensions import cursor as Cursor  # noqa: N812

from bot.conversation import Conversation
from warehouse.settings import Settings


def ask_due(settings: Settings) -> int:
    """Ask for a rating wherever one is due, and return how many were asked. Again at once asks nobody twice."""
    return 0


def taken(cursor: Cursor, conversation: Conversation) -> int | None:
    """The rating, 1 to 5, if the burst is one and answers a request; else None."""
    return None


def note(cursor: Cursor, conversation: Conversation, rating: int) -> None:
    """Write the event of a rating that the burst gave; the caller commits. Again changes nothing."""
