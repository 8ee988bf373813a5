"""The secrets that connected shops sign with."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from pathlib import Path
from typing import Any

import structlog

from warehouse import encryption
from warehouse.connection import read_sql
from warehouse.pool import Pool
from warehouse.settings import Settings
from webhook.errors import Problem
from webhook.senders.cached_secrets import LONGEST, SHORTEST, CachedSecrets

_log = structlog.get_logger()

_SECRETS = Path(__file__).parent / "sql" / "webhook_secrets.sql"


class ShopSecrets:
    """All shops' secrets. Safe to create before a server forks."""

    def __init__(self, database: Pool, settings: Settings) -> None:
        self._settings = settings
        self._secrets = CachedSecrets(database, self._read)
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
        self._secrets.forget()

    def _fits(self, store: str, body: bytes, signature: str, oldest: float) -> bool:
        secret = self._secrets.get(oldest).get(store, self._nobody)
        if secret is None:
            raise Problem(503, "undecryptable", "This shop has to be connected again.")
        return hmac.compare_digest(signature_of(body, secret).encode(), signature.encode())

    def _read(self, cursor: Any) -> dict[str, bytes | None]:
        cursor.execute(read_sql(_SECRETS))
        return {store: self._decrypted(store, stored) for store, stored in cursor.fetchall()}

    def _decrypted(self, store: str, stored: str) -> bytes | None:
        try:
            return encryption.decrypt(stored, self._settings).encode()
        except encryption.Undecryptable:
            _log.error("undecryptable_secret", store=store)
            return None


def signature_of(body: bytes, secret: bytes) -> str:
    """WooCommerce's signature of a body: base64 of its HMAC-SHA256."""
    return base64.b64encode(hmac.digest(secret, body, hashlib.sha256)).decode()
