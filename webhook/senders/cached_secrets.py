"""Secrets that senders sign with, read from the database and kept for a short while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import psycopg2
import structlog

from warehouse.pool import Pool
from warehouse.settings import SettingsMissing
from webhook.errors import Problem

Secrets = TypeVar("Secrets")

_log = structlog.get_logger()

LONGEST = 30.0  # seconds that what was read is believed
SHORTEST = 1.0  # seconds after which a signature that does not fit has the database asked again


class CachedSecrets(Generic[Secrets]):
    """What `read` returns for a cursor. All shops' secrets are read together: there are few shops, and a stranger who
    tries many names costs no more than one query a second. Safe to create before a server forks."""

    def __init__(self, database: Pool, read: Callable[[Any], Secrets]) -> None:
        self._database = database
        self._read = read
        self._reading = threading.Lock()
        self._secrets: Secrets
        self._read_at = float("-inf")

    def get(self, oldest: float) -> Secrets:
        """The secrets as they were at most `oldest` seconds ago. Raises Problem 503."""
        with self._reading:
            if time.monotonic() - self._read_at > oldest:
                self._secrets = self._asked()
                self._read_at = time.monotonic()
            return self._secrets

    def forget(self) -> None:
        """Clear the cache."""
        with self._reading:
            self._read_at = float("-inf")

    def _asked(self) -> Secrets:
        try:
            with self._database.transaction() as connection, connection.cursor() as cursor:
                return self._read(cursor)
        except psycopg2.Error as error:
            _log.warning("database_away", kind=type(error).__name__, code=error.pgcode)
            raise Problem(503, "database_away", "Nothing was stored; send it again.") from None
        except SettingsMissing:
            raise Problem(503, "not_configured", "KABAR_ENCRYPTION_KEY must be set.") from None
