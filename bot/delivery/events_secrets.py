"""The secrets of chatbot events: each shop's own, and the deployment's for the default shop."""

from __future__ import annotations

import base64
import secrets
from pathlib import Path
from typing import Any

import structlog
from standardwebhooks import Webhook

from warehouse import encryption
from warehouse.connection import read_sql
from warehouse.settings import Settings, SettingsMissing

_SECRETS = Path(__file__).parent / "sql" / "events_secrets.sql"

_log = structlog.get_logger()


def valid(cursor: Any, settings: Settings) -> dict[str, list[Webhook]]:
    """Each shop's valid secrets, the newest first. The list is empty if the newest cannot be decrypted. The
    deployment's secret is the default shop's, until a day after that shop got its own. Raises SettingsMissing."""
    cursor.execute(read_sql(_SECRETS))
    found: dict[str, list[Webhook]] = {}
    deployments = deployment_secret(settings)
    for store_id, secret, previous, is_first_day in cursor.fetchall():
        current = _decrypted(store_id, secret, settings)
        # The one before may have been lost with its key, which is why there is a new one.
        before = _decrypted(store_id, previous, settings) if previous and current else []
        found[store_id] = current + before
        if store_id == settings.default_store and not is_first_day:
            deployments = None
    if deployments:
        found.setdefault(settings.default_store, []).append(deployments)
    return found


def deployment_secret(settings: Settings) -> Webhook | None:
    """The secret of KABAR_EVENTS_SECRET. Raises SettingsMissing if it is malformed."""
    if settings.events_secret is None:
        return None
    try:
        return Webhook(settings.events_secret.get_secret_value())
    except Exception as error:
        raise SettingsMissing("KABAR_EVENTS_SECRET is not base64, with or without whsec_ before it") from error


def generated() -> str:
    """A new secret of Standard Webhooks."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"


def _decrypted(store_id: str, stored: str, settings: Settings) -> list[Webhook]:
    """Empty if it cannot be decrypted."""
    try:
        return [Webhook(encryption.decrypt(stored, settings))]
    except encryption.Undecryptable:
        _log.error("undecryptable_events_secret", store=store_id)
        return []
