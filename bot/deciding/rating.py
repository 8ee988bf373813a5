"""Asks for a rating after an episode, and knows one when it comes.

A customer is asked once a week at most, only while Twilio still lets anybody write (24 hours after their last message),
never after STOP, never while they wait for an answer or a person has the conversation, and only where the bot or an
agent answered: once the conversation is closed, or half an hour after the last reply.
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
    """Ask for a rating wherever one is due, and return how many were asked: each a reply that is to be sent, an event
    and the customer's date, in one transaction. Again, or by two at once, nobody is asked twice."""
    asked = 0
    with connect("bot", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "rating_due.sql"), {"conversation_id": None})
        due = [conversation_id for conversation_id, _ in cursor.fetchall()]
        connection.commit()
        for conversation_id in due:
            asked += _ask(cursor, conversation_id)
            connection.commit()
    if asked:
        _log.info("ratings_asked", count=asked)
    return asked


def taken(cursor: Cursor, conversation: Conversation) -> int | None:
    """The rating, 1 to 5, if the burst is one and answers the latest request, which nobody answered yet and which is
    at most seven days old; else None."""
    found = _rated(conversation)
    if found is None:
        return None
    message, rating = found
    values = {"conversation_id": conversation.conversation_id, "rated_at": message.occurred_at}
    cursor.execute(read_sql(_SQL / "open_rating_request.sql"), values)
    return rating if cursor.fetchone() else None


def note(cursor: Cursor, conversation: Conversation, rating: int) -> None:
    """Write the event of a rating that the burst gave, perhaps beside a wish to stop; the caller commits, and holds the
    conversation. Again changes nothing."""
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
    """The message that gives the rating; None if anything else was said, or another rating."""
    said = [message for message in conversation.burst if message.text or message.button or message.media]
    ratings = [_rating_of(message) for message in said]
    if not ratings or ratings[0] is None or len(set(ratings)) > 1:
        return None
    return said[0], ratings[0]


def _rating_of(message: Message) -> int | None:
    return None if message.media else rating_in(message.text, message.button)


def _ask(cursor: Cursor, conversation_id: int) -> bool:
    """Whether the customer was asked; whoever lands a message waits until it is decided."""
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
    heard = {message.author for message in so_far.messages if not message.is_failed}
    return "customer" in heard and len(heard) > 1 and not so_far.is_waiting


def _question(cursor: Cursor, conversation_id: int, language: Language) -> dict[str, str]:
    values = {"conversation_id": conversation_id, "name": TEMPLATE, "language": language}
    cursor.execute(read_sql(_SQL / "rating_template.sql"), values)
    if row := cursor.fetchone():
        return {"kind": "rating_request", "content_sid": row[0]}
    return {"kind": "rating_request", "body": say("rating.question", language)}
