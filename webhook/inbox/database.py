"""Connections of the inbox's role, kept open between requests."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, cast

import psycopg2
import psycopg2.extensions
from flask import current_app
from psycopg2.extras import NamedTupleCursor

from warehouse import connection
from warehouse.settings import Settings
from webhook.services import services

SQL = Path(__file__).parent / "conversations" / "sql"
MOST_IDLE = 8  # connections kept by a process; a thread holds one at a time
_OPTIONS = "-c statement_timeout=10s -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s"
_EXTENSION = "kabar-inbox-connections"


class Pool:
    """Opens a connection when none is idle, so it never makes a thread wait. Safe to create before a server forks:
    nothing is opened until it is used."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._idle: list[psycopg2.extensions.connection] = []

    @contextmanager
    def transaction(self) -> Iterator[psycopg2.extensions.connection]:
        """A connection of one transaction: committed at the end, rolled back on an error. Raises SettingsMissing."""
        opened = self._take()
        try:
            with opened:
                yield opened
        finally:
            self._give_back(opened)

    def _take(self) -> psycopg2.extensions.connection:
        while True:
            with self._lock:
                idle = self._idle.pop() if self._idle else None
            if idle is None:
                return self._open()
            if _is_alive(idle):
                return idle

    def _open(self) -> psycopg2.extensions.connection:
        url = connection.url("inbox", self._settings)
        return psycopg2.connect(url, application_name="kabar-inbox", connect_timeout=3, options=_OPTIONS)

    def _give_back(self, opened: psycopg2.extensions.connection) -> None:
        with self._lock:
            if not opened.closed and len(self._idle) < MOST_IDLE:
                self._idle.append(opened)
                return
        opened.close()


def _is_alive(idle: psycopg2.extensions.connection) -> bool:
    """A connection that the server closed meanwhile, as when it was restarted, shows that only when it is used."""
    try:
        with idle, idle.cursor() as cursor:
            cursor.execute("select 1")
    except psycopg2.Error:
        with suppress(psycopg2.Error):
            idle.close()
        return False
    return True


@contextmanager
def transaction() -> Iterator[psycopg2.extensions.connection]:
    """A connection of role `inbox` for one transaction: committed at the end, rolled back on an error."""
    with _pool().transaction() as opened:
        yield opened


def _pool() -> Pool:
    """That of the app that serves this request."""
    pools = current_app.extensions
    if _EXTENSION not in pools:
        pools[_EXTENSION] = Pool(services().settings)
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
