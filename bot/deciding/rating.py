"""Requests ratings after episodes, and recognises them.

A customer is asked at most once a week, within WhatsApp's 24 hours after their last message, and never after STOP,
while they wait for an answer or while an agent has the conversation. The bot or an agent must have answered; the
request is sent when the conversation is closed, or half an hour after the last reply.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import structlog
from psycopg2.extensions import cursor as Cursor  # noqa: N812

from bot.catalogue.names import Names
from bot.conversation import episode, thread
from bot.conversation.replies import say
from bot.conversation.types import Conversation, Message
from bot.deciding import requests
from bot.deciding.rating_words import TEMPLATE, is_opinion, opinion_in, rating_in
from bot.delivery import replies
from warehouse.connection import connect, read_sql
from warehouse.i18n import Language
from warehouse.settings import Settings

_SQL = Path(__file__).parent / "sql"
# A request's event is written just before its message.
_LANDING = timedelta(minutes=1)
_log = structlog.get_logger()


def ask_due(settings: Settings) -> int:
    """Request every due rating and return their number. Each is one transaction with a reply, an event and the
    customer's date. Safe to run concurrently."""
    requested = 0
    with connect("bot", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "rating_due.sql"), {"conversation_id": None})
        due = [conversation_id for conversation_id, _ in cursor.fetchall()]
        connection.commit()
        for conversation_id in due:
            requested += _ask(cursor, conversation_id)
            connection.commit()
    if requested:
        _log.info("ratings_asked", count=requested)
    return requested


def taken(cursor: Cursor, conversation: Conversation, names: Names | None = None) -> int | None:
    """The rating, 1 to 5, if the burst is a rating and answers an open request of at most seven days ago; else None.

    One with words of its own has to be the first message after the request, and must not name a product (`names`).
    While an agent has the conversation, they must not have written since: the number may be meant for them.
    """
    found = _rated(conversation)
    if found is None:
        return None
    values = {"conversation_id": conversation.conversation_id, "rated_at": found.message.occurred_at}
    cursor.execute(read_sql(_SQL / "open_rating_request.sql"), values)
    if (row := cursor.fetchone()) is None:
        return None
    since = [message.author for message in conversation.earlier if message.occurred_at > row[0] + _LANDING]
    if conversation.state in ("waiting", "agent") and "agent" in since:
        return None
    if not found.is_plain and ("customer" in since or (names and names.found_in(found.rest).ids)):
        return None
    return found.rating


def questions_beside(conversation: Conversation) -> tuple[requests.Request, ...]:
    """The requests of a burst besides its rating; none if none of them is a question."""
    found = _rated(conversation)
    asked = requests.split([found.rest]) if found else ()
    return asked if any(each.asks for each in asked) else ()


def note(cursor: Cursor, conversation: Conversation, rating: int) -> None:
    """Store the event of the burst's rating. The caller has locked the conversation and commits. Idempotent."""
    found = _rated(conversation)
    if found is None or found.rating != rating:
        raise ValueError("the burst does not give this rating")
    message = found.message
    values = {
        "conversation_id": conversation.conversation_id,
        "rating": rating,
        "message_id": message.id,
        "rated_at": message.occurred_at,
    }
    cursor.execute(read_sql(_SQL / "note_rating.sql"), values)


class _Rated(NamedTuple):
    """The message with the rating, and what is written after it. `is_plain`: nothing is."""

    message: Message
    rating: int
    rest: str = ""

    @property
    def is_plain(self) -> bool:
        return not self.rest


def _rated(conversation: Conversation) -> _Rated | None:
    """The rating of a burst; None if it does not begin with one, or has another one."""
    messages = [message for message in conversation.burst if message.text or message.button or message.media]
    if not messages or any(message.media for message in messages):
        return None
    ratings = [rating_in(message.text, message.button) for message in messages]
    first, *others = messages
    if ratings[0] is not None and set(ratings) == {ratings[0]}:
        return _Rated(first, ratings[0])
    if any(rating is not None for rating in ratings[1:]):
        return None
    rest = "\n".join(other.text for other in others)
    if ratings[0] is not None:
        return _Rated(first, ratings[0], rest) if first.button or is_opinion(rest) else None
    opinion = opinion_in(first.text)
    return _Rated(first, opinion.rating, f"{opinion.rest}\n{rest}".strip() or first.text) if opinion else None


def _ask(cursor: Cursor, conversation_id: int) -> bool:
    """Whether a rating was requested. Blocks landing of messages meanwhile."""
    try:
        thread.lock(cursor, conversation_id)
    except thread.UnknownConversation:
        return False
    cursor.execute(read_sql(_SQL / "rating_due.sql"), {"conversation_id": conversation_id})
    row = cursor.fetchone()
    if row is None or not _is_answered(cursor, conversation_id):
        return False
    cursor.execute(read_sql(_SQL / "claim_rating_request.sql"), {"conversation_id": conversation_id})
    if cursor.fetchone() is None:
        return False
    reply_id = replies.write(cursor, conversation_id, _question(cursor, conversation_id, row[1]))
    values = {"conversation_id": conversation_id, "reply_id": reply_id}
    cursor.execute(read_sql(_SQL / "note_rating_request.sql"), values)
    replies.queue_sending(cursor, conversation_id)
    return True


def _is_answered(cursor: Cursor, conversation_id: int) -> bool:
    so_far = episode.current(cursor, conversation_id)
    authors = {message.author for message in so_far.messages if not message.is_failed}
    return "customer" in authors and len(authors) > 1 and not so_far.is_waiting


def _question(cursor: Cursor, conversation_id: int, language: Language) -> dict[str, str]:
    values = {"conversation_id": conversation_id, "name": TEMPLATE, "language": language}
    cursor.execute(read_sql(_SQL / "rating_template.sql"), values)
    if row := cursor.fetchone():
        return {"kind": "rating_request", "content_sid": row[0]}
    return {"kind": "rating_request", "body": say("rating.question", language)}
