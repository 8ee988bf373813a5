"""Reads a conversation: what the customer wrote since the last decision, and earlier messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from psycopg2.extensions import cursor as Cursor  # noqa: N812

from bot.conversation.types import Conversation, Media, Message, State
from warehouse.connection import read_sql

SQL = Path(__file__).parent / "sql"
MAX_MEDIA = 10
MAX_DIGITS = 4
MAX_EARLIER = 20


class UnknownConversation(LookupError):
    """The conversation does not exist; it may have been erased."""


class Locked(NamedTuple):
    """A conversation locked by this transaction. `pause_seconds`: how long its customer must have been silent."""

    state: State
    pause_seconds: float
    is_bot_on: bool


def lock(cursor: Cursor, conversation_id: int) -> Locked:
    """Lock the conversation until the transaction ends, which also blocks landing of its messages. Raises
    UnknownConversation."""
    cursor.execute(read_sql(SQL / "lock_conversation.sql"), {"conversation_id": conversation_id})
    row = cursor.fetchone()
    if row is None:
        raise UnknownConversation(conversation_id)
    return Locked(*row)


def state_and_burst(cursor: Cursor, conversation_id: int) -> tuple[State, list[str]]:
    """Lock the conversation; its state and the ids of undecided messages. Raises UnknownConversation."""
    locked = lock(cursor, conversation_id)
    return locked.state, [message.id for message in _burst(cursor, conversation_id)]


def load(cursor: Cursor, conversation_id: int) -> Conversation:
    """The conversation with its burst, which is empty if everything is decided. Raises UnknownConversation."""
    cursor.execute(read_sql(SQL / "conversation.sql"), {"conversation_id": conversation_id})
    row = cursor.fetchone()
    if row is None:
        raise UnknownConversation(conversation_id)
    store_id, channel, customer_key, name, state, language, closed_at, is_opted_out, is_bot_on = row
    burst = _burst(cursor, conversation_id)
    return Conversation(
        conversation_id=conversation_id,
        store_id=store_id,
        channel=channel,
        customer_key=customer_key,
        name=name,
        state=state,
        language=language,
        burst=burst,
        earlier=_earlier(cursor, conversation_id, burst),
        closed_at=closed_at,
        is_opted_out=is_opted_out,
        is_bot_on=is_bot_on,
    )


def _burst(cursor: Cursor, conversation_id: int) -> tuple[Message, ...]:
    cursor.execute(read_sql(SQL / "burst.sql"), {"conversation_id": conversation_id})
    return tuple(_message(*row) for row in cursor.fetchall())


def _earlier(cursor: Cursor, conversation_id: int, burst: Sequence[Message]) -> tuple[Message, ...]:
    if not burst:
        return ()
    values = {"conversation_id": conversation_id, "before": burst[0].occurred_at, "limit": MAX_EARLIER}
    cursor.execute(read_sql(SQL / "earlier.sql"), values)
    return tuple(_message(*row) for row in reversed(cursor.fetchall()))


def _message(source: Any, message_id: str, author: Any, text: str, occurred_at: Any, body: Any) -> Message:
    fields = body if isinstance(body, Mapping) else {}
    button = _text(fields, "ButtonPayload") or _text(fields, "ListId")
    words = text or _text(fields, "ButtonText") or _text(fields, "ListTitle") or ""
    return Message(source, message_id, author, words, occurred_at, media(fields), button)


def media(form: Mapping[str, Any]) -> tuple[Media, ...]:
    """The files in Twilio's form of a message."""
    count = _text(form, "NumMedia") or "0"
    if not count.isascii() or not count.isdigit() or len(count) > MAX_DIGITS:
        return ()
    found = []
    for position in range(min(int(count), MAX_MEDIA)):
        if url := _text(form, f"MediaUrl{position}"):
            media_type = _text(form, f"MediaContentType{position}") or "application/octet-stream"
            found.append(Media(position, media_type, url))
    return tuple(found)


def _text(form: Mapping[str, Any], name: str) -> str | None:
    value = form.get(name)
    return value if isinstance(value, str) and value else None
