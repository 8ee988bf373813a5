"""Finds out whether a reply was sent whose attempt had no result, because the worker died or no answer came."""

from __future__ import annotations

from pathlib import Path

import structlog
from psycopg2.extensions import connection as Connection  # noqa: N812
from psycopg2.extensions import cursor as Cursor  # noqa: N812

from bot import queue
from bot.delivery.carriers import Carrier, Outgoing, Sent
from warehouse.connection import read_sql
from warehouse.pool import Pool

SQL = Path(__file__).parent / "sql"
log = structlog.get_logger()


def called_back(cursor: Cursor, outgoing: Outgoing) -> str | None:
    """The sid of the message, if a status callback with the reply's id has landed."""
    values = {"reply_id": outgoing.reply_id, "sending_at": outgoing.sending_at}
    cursor.execute(read_sql(SQL / "called_back.sql"), values)
    row = cursor.fetchone()
    return str(row[0]) if row else None


def look_for(connection: Connection, carrier: Carrier, outgoing: Outgoing) -> Sent | None:
    """The sent message, or None if the carrier never accepted it. Raises LookupFailed."""
    with connection, connection.cursor() as cursor:
        message_id = called_back(cursor, outgoing)
        cursor.execute(read_sql(SQL / "sent_messages.sql"), {"conversation_id": outgoing.conversation_id})
        known = frozenset(row[0] for row in cursor.fetchall())
    found = carrier.find(outgoing, message_id, known)
    log.info("reply_looked_for", reply=outgoing.reply_id, found=found is not None)
    return found


def queue_stuck(connections: Pool) -> int:
    """Ask for a job for every conversation with a reply that should have left; a job that is there already is enough.
    Returns how many conversations those are."""
    with connections.transaction() as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(SQL / "stuck_conversations.sql"))
        stuck = [row[0] for row in cursor.fetchall()]
        for conversation_id in stuck:
            queue.enqueue_conversation(cursor, "send", conversation_id)
    if stuck:
        log.warning("replies_stuck", conversations=len(stuck))
    return len(stuck)
