"""Reads a conversation: what the customer wrote since the last decision, and earlier messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import takewhile
from math import isfinite
from pathlib import Path
from typing import Any, NamedTuple

from psycopg2.extensions import cursor as Cursor  # noqa: N812

from bot.conversation.types import Action, Conversation, Media, Message, Place, State
from warehouse.connection import read_sql

SQL = Path(__file__).parent / "sql"
MAX_MEDIA = 10
MAX_DIGITS = 4
MAX_EARLIER = 20
_WISHES: Mapping[str | None, Action] = {"STOP": "stop", "START": "start"}


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
    return locked.state, [message.id for message in _to_one_address(_undecided(cursor, conversation_id))]


def load(cursor: Cursor, conversation_id: int) -> Conversation:
    """The conversation with its burst, which is empty if everything is decided. Raises UnknownConversation."""
    cursor.execute(read_sql(SQL / "conversation.sql"), {"conversation_id": conversation_id})
    row = cursor.fetchone()
    if row is None:
        raise UnknownConversation(conversation_id)
    store_id, channel, customer_key, name, state, language, closed_at, attended_at, is_opted_out, is_bot_on = row
    undecided = _undecided(cursor, conversation_id)
    burst = _to_one_address(undecided)
    return Conversation(
        conversation_id=conversation_id,
        store_id=store_id,
        channel=channel,
        customer_key=customer_key,
        name=name,
        state=state,
        language=language,
        burst=burst,
        has_more=len(undecided) > len(burst),
        earlier=_earlier(cursor, conversation_id, burst),
        closed_at=closed_at,
        attended_at=attended_at,
        is_opted_out=is_opted_out,
        is_bot_on=is_bot_on,
    )


def _undecided(cursor: Cursor, conversation_id: int) -> tuple[Message, ...]:
    cursor.execute(read_sql(SQL / "burst.sql"), {"conversation_id": conversation_id})
    return tuple(_message(*row) for row in cursor.fetchall())


def _to_one_address(messages: Sequence[Message]) -> tuple[Message, ...]:
    """The first messages, as far as they were sent to the same address of the shop."""
    return tuple(takewhile(lambda message: message.own_address == messages[0].own_address, messages))


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
    return Message(
        source,
        message_id,
        author,
        words,
        occurred_at,
        media(fields),
        button,
        kind=_text(fields, "MessageType"),
        place=place(fields),
        opt_out=_WISHES.get(_text(fields, "OptOutType")),
        own_address=_text(fields, "To") or _text(fields, "to"),
    )


def place(form: Mapping[str, Any]) -> Place | None:
    """The location in Twilio's form of a message."""
    try:
        latitude, longitude = (float(_text(form, name) or "") for name in ("Latitude", "Longitude"))
    except ValueError:
        return None
    if not (isfinite(latitude) and isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180):
        return None
    named = (_text(form, "Label"), _text(form, "Address"))
    return Place(latitude, longitude, ", ".join(dict.fromkeys(filter(None, named))))


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
