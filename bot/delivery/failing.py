"""Handles replies that are not delivered, whether they are refused at once or fail after they were accepted."""

from __future__ import annotations

from pathlib import Path

import structlog
from psycopg2.extensions import connection as Connection  # noqa: N812
from psycopg2.extensions import cursor as Cursor  # noqa: N812

from bot.conversation import consent
from bot.conversation.reasons import Intent, Reason
from bot.delivery import replies
from warehouse.connection import read_sql

SQL = Path(__file__).parent / "sql"

# Nobody waits for these, so no agent is called if they cannot be sent.
UNASKED = frozenset({"rating_request", "notice", "template", "survey"})
# Twilio's code if the recipient has opted out.
OPTED_OUT = "21610"
# Failures that may not recur when the reply is sent once more: rate limits, full queues and errors of the network.
_TRANSIENT = frozenset({"20429", "20500", "30001", "30008", "30017", "30022", "63010", "63012", "63018"})
RETRY_SECONDS = 15
log = structlog.get_logger()


def settle(connection: Connection, conversation_id: int) -> None:
    """Handle accepted replies that have failed since. One whose failure is transient is written once more."""
    with connection, connection.cursor() as cursor:
        cursor.execute(read_sql(SQL / "failed_replies.sql"), {"conversation_id": conversation_id})
        for reply_id, kind, code, can_repeat in cursor.fetchall():
            is_repeated = can_repeat and code in _TRANSIENT
            state = "dead" if is_repeated else follow_up(cursor, conversation_id, reply_id, kind, code)
            cursor.execute(read_sql(SQL / "fail_reply.sql"), {"reply_id": reply_id, "state": state, "code": code})
            if is_repeated:
                replies.repeat(cursor, reply_id, RETRY_SECONDS)
            log.warning("reply_failed_later", reply=reply_id, reason=code, repeated=is_repeated)


def follow_up(cursor: Cursor, conversation_id: int, reply_id: str, kind: str, code: str | None) -> str:
    """Hand over if the customer waits for the reply, and record an opt-out that the carrier reports. Returns the
    reply's state: dead, or dropped if it only confirmed an opt-out."""
    if code == OPTED_OUT:
        consent.note(cursor, conversation_id, is_out=True)
        if _only_confirms(cursor, reply_id):
            return "dropped"
    if kind not in UNASKED:
        hand_over(cursor, conversation_id, Reason.NOT_DELIVERED)
    return "dead"


def hand_over(cursor: Cursor, conversation_id: int, reason: Reason | Intent) -> None:
    """Make a conversation wait for an agent, unless it already does or an agent has it."""
    cursor.execute(read_sql(SQL / "hand_over.sql"), {"conversation_id": conversation_id, "reason": reason})


def _only_confirms(cursor: Cursor, reply_id: str) -> bool:
    cursor.execute(read_sql(SQL / "only_confirms.sql"), {"reply_id": reply_id})
    return cursor.fetchone() is not None
