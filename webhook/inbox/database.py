"""Connections of the inbox's role, kept open between requests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import psycopg2.extensions
from flask import current_app
from psycopg2.extras import NamedTupleCursor

from warehouse import connection
from warehouse.pool import Pool
from webhook.services import services

SQL = Path(__file__).parent / "conversations" / "sql"
MOST_IDLE = 8  # connections kept by a process; a thread holds one at a time
_OPTIONS = "-c statement_timeout=10s -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s"
_EXTENSION = "kabar-inbox-connections"


@contextmanager
def transaction() -> Iterator[psycopg2.extensions.connection]:
    """A connection of role `inbox` for one transaction: committed at the end, rolled back on an error."""
    with _pool().transaction() as opened:
        yield opened


def _pool() -> Pool:
    """That of the app that serves this request."""
    pools = current_app.extensions
    if _EXTENSION not in pools:
        settings = services().settings
        pools[_EXTENSION] = Pool(lambda: connection.url("inbox", settings), "kabar-inbox", _OPTIONS, size=MOST_IDLE)
    return cast(Pool, pools[_EXTENSION])


def rows(
    opened: psycopg2.extensions.connection, statement: str | Path, values: Mapping[str, Any] | None = None
) -> list[Any]:
    """The rows of a statement, a path or a file in `webhook/inbox/conversations/sql/`, as named tuples."""
    with opened.cursor(cursor_factory=NamedTupleCursor) as cursor:
        cursor.execute(connection.read_sql(SQL / statement), values)  # type: ignore[no-untyped-call]
        return cursor.fetchall() if cursor.description else []


def row(opened: psycopg2.extensions.connection, statement: str | Path, values: Mapping[str, Any] | None = None) -> Any:
    """The first row of a statement, or None."""
    found = rows(opened, statement, values)
    return found[0] if found else None
