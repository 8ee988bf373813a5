"""Requests ratings after episodes, and recognises them.

A customer is asked at most once a week, within WhatsApp's 24 hours after their last message, and never after STOP,
while they wait for an answer or while an agent has the conversation. The bot or an agent must have answered; the
request is sent when the conversation is closed, or half an hour after the last reply.
"""

from __future__ import annotations

from pathlib import Path

import structlog
from psycopg2.extensions import cursor as Cursor  # noqa: N812

from bot.conversation import episode, thread
from bot.conversation.replies import say
from bot.conversation.types import Conversation, Message
from bot.deciding.rating_words import TEMPLATE, rating_in
from bot.delivery import replies
from warehouse.connection import connect, read_sql
from warehouse.i18n import Language
from warehouse.settings import Settings

_SQL = Path(__file__).parent / "sql"
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


def taken(cursor: Cursor, conversation: Conversation) -> int | None:
    """The rating, 1 to 5, if the burst is a rating and answers an open request of at most seven days ago; else None."""
    found = _rated(conversation)
    if found is None:
        return None
    message, rating = found
    values = {"conversation_id": conversation.conversation_id, "rated_at": message.occurred_at}
    cursor.execute(read_sql(_SQL / "open_rating_request.sql"), values)
    return rating if cursor.fetchone() else None


def note(cursor: Cursor, conversation: Conversation, rating: int) -> None:
    """Store the event of the burst's rating. The caller has locked the conversation and commits. Idempotent."""
    message = next((each for each in conversation.burst if _rating_of(each) == rating), None)
    if message is None:
        raise ValueError("the burst does not give this rating")
    values = {
        "conversation_id": conversation.conversation_id,
        "rating": rating,
        "message_id": message.id,
        "rated_at": message.occurred_at,
    }
    cursor.execute(read_sql(_SQL / "note_rating.sql"), values)


def _rated(conversation: Conversation) -> tuple[Message, int] | None:
    """The message with the rating; None if there is another text or another rating."""
    messages = [message for message in conversation.burst if message.text or message.button or message.media]
    ratings = [_rating_of(message) for message in messages]
    if not ratings or ratings[0] is None or len(set(ratings)) > 1:
        return None
    return messages[0], ratings[0]


def _rating_of(message: Message) -> int | None:
    return None if message.media else rating_in(message.text, message.button)


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
