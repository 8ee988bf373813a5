"""The lock of a conversation: only its holder decides or sends in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812
from psycopg2.extensions import cursor as Cursor  # noqa: N812

from bot import queue
from bot.queue import Task
from warehouse.pool import Pool

BUSY_SECONDS = 2.0
_TAKE = "select pg_try_advisory_lock(hashtextextended('conversation ' || %(id)s, 0))"
_HOLD = "select pg_try_advisory_xact_lock(hashtextextended('conversation ' || %(id)s, 0))"
_GIVE_BACK = "select pg_advisory_unlock(hashtextextended('conversation ' || %(id)s, 0))"


@contextmanager
def take(connections: Pool, conversation_id: int, task: Task) -> Iterator[Connection | None]:
    """A connection that holds the conversation, or None if another process does, and then the task comes again soon.

    The queue runs one job of a conversation at a time, but requeues the job of a worker whose heartbeat is late. This
    lock ends exactly when its process does.
    """
    with connections.session() as connection:
        if not _ask(connection, _TAKE, conversation_id):
            _come_again(connection, conversation_id, task)
            yield None
            return
        try:
            yield connection
        finally:
            _give_back(connection, conversation_id)


def hold(cursor: Cursor, conversation_id: int) -> bool:
    """Hold the conversation until the cursor's transaction ends. False if another process has it."""
    cursor.execute(_HOLD, {"id": conversation_id})
    row = cursor.fetchone()
    return bool(row and row[0])


def _give_back(connection: Connection, conversation_id: int) -> None:
    """Unlock the conversation; a broken connection is closed, which unlocks it too."""
    try:
        connection.rollback()
        _ask(connection, _GIVE_BACK, conversation_id)
    except psycopg2.Error:
        connection.close()


def _ask(connection: Connection, statement: str, conversation_id: int) -> bool:
    """Session-level locks do not depend on the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(statement, {"id": conversation_id})
        row = cursor.fetchone()
    return bool(row and row[0])


def _come_again(connection: Connection, conversation_id: int, task: Task) -> None:
    due = datetime.now(UTC) + timedelta(seconds=BUSY_SECONDS)
    with connection, connection.cursor() as cursor:
        queue.enqueue_conversation(cursor, task, conversation_id, due)
