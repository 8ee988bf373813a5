"""Connections of one role that a process keeps for the next user: opening one takes longer than most queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg2
import sqlalchemy
from psycopg2.extensions import connection as Connection  # noqa: N812
from sqlalchemy.exc import TimeoutError as PoolExhausted

__all__ = ["Connection", "Pool", "PoolExhausted"]


class Pool:
    """Safe to share between threads, and to make before a server forks: nothing is opened until it is used. A kept
    connection is tested before it is handed out, since the server may have been restarted."""

    def __init__(
        self,
        url: Callable[[], str],
        name: str,
        options: str,
        size: int,
        most: int | None = None,
        wait_seconds: float = 5,
    ) -> None:
        """Keeps up to `size` idle connections. Without `most` it opens as many as are asked for at once, so that no
        thread waits; with it, a thread waits for `wait_seconds`, then PoolExhausted is raised. `url` is called when a
        connection is opened and may raise SettingsMissing. `options` are Postgres' command-line options."""
        self._open = lambda: psycopg2.connect(url(), application_name=name, connect_timeout=3, options=options)
        self._engine = sqlalchemy.create_engine(
            "postgresql+psycopg2://",
            creator=self._open,
            pool_size=size,
            max_overflow=-1 if most is None else most - size,
            pool_timeout=wait_seconds,
            pool_pre_ping=True,
        )

    @contextmanager
    def session(self) -> Iterator[Connection]:
        """A connection whose transactions are the caller's; one that is left open is rolled back. Raises
        psycopg2.OperationalError when the server cannot be reached."""
        pooled = self._engine.raw_connection()
        opened = pooled.driver_connection
        assert opened is not None
        try:
            yield opened
        finally:
            if opened.closed:
                pooled.invalidate()
            pooled.close()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A connection for one transaction: committed at the end, rolled back on an error."""
        with self.session() as opened:  # rolls back; psycopg2's own `with` hides the error that broke a connection
            yield opened
            opened.commit()

    def close(self) -> None:
        """Close the idle connections."""
        self._engine.dispose()
