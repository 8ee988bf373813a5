"""The secrets that shops sign with, as the database holds them, kept for a short while."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import threading
import time
from pathlib import Path

import psycopg2
import structlog

from warehouse import encryption
from warehouse.connection import read_sql
from warehouse.pool import Pool
from warehouse.settings import Settings, SettingsMissing
from webhook.errors import Problem

_log = structlog.get_logger()

_SECRETS = Path(__file__).parent / "sql" / "webhook_secrets.sql"
LONGEST = 30.0  # seconds that what was read is believed
SHORTEST = 1.0  # seconds after which a signature that does not fit has the database asked again


class ShopSecrets:
    """All shops' secrets, read together: there are few shops, and a stranger who tries many names costs no more than
    one query a second. Safe to create before a server forks."""

    def __init__(self, database: Pool, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        self._reading = threading.Lock()
        self._secrets: dict[str, bytes | None] = {}
        self._read_at = float("-inf")
        # Checked for unknown shops, so that timing does not reveal which shops exist.
        self._nobody = secrets.token_bytes(32)

    def is_signed(self, store: str, body: bytes, signature: str) -> bool:
        """Whether this is the shop's signature: base64 of the body's HMAC-SHA256. False for unknown shops. Raises
        Problem 503 if it cannot be checked."""
        return any(self._fits(store, body, signature, age) for age in (LONGEST, SHORTEST))

    def is_signed_now(self, store: str, body: bytes, signature: str) -> bool:
        """Like `is_signed`, without the cache, for requests that must not be replayed. Call it only after `is_signed`,
        as it queries the database every time."""
        return self._fits(store, body, signature, oldest=0.0)

    def forget(self) -> None:
        """Clear the cache."""
        with self._reading:
            self._read_at = float("-inf")

    def _fits(self, store: str, body: bytes, signature: str, oldest: float) -> bool:
        known = self._read(oldest)
        secret = known.get(store, self._nobody)
        if secret is None:
            raise Problem(503, "undecryptable", "This shop has to be connected again.")
        return hmac.compare_digest(signature_of(body, secret).encode(), signature.encode())

    def _read(self, oldest: float) -> dict[str, bytes | None]:
        with self._reading:
            if time.monotonic() - self._read_at > oldest:
                self._secrets = self._asked()
                self._read_at = time.monotonic()
            return self._secrets

    def _asked(self) -> dict[str, bytes | None]:
        try:
            with self._database.transaction() as connection, connection.cursor() as cursor:
                cursor.execute(read_sql(_SECRETS))
                return {store: self._decrypted(store, stored) for store, stored in cursor.fetchall()}
        except psycopg2.Error as error:
            _log.warning("database_away", kind=type(error).__name__, code=error.pgcode)
            raise Problem(503, "database_away", "Nothing was stored; send it again.") from None
        except SettingsMissing:
            raise Problem(503, "not_configured", "KABAR_ENCRYPTION_KEY must be set.") from None

    def _decrypted(self, store: str, stored: str) -> bytes | None:
        try:
            return encryption.decrypt(stored, self._settings).encode()
        except encryption.Undecryptable:
            _log.error("undecryptable_secret", store=store)
            return None


def signature_of(body: bytes, secret: bytes) -> str:
    """WooCommerce's signature of a body: base64 of its HMAC-SHA256."""
    return base64.b64encode(hmac.digest(secret, body, hashlib.sha256)).decode()
