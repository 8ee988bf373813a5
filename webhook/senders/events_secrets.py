"""The secrets of chatbot events: which shop signed a delivery, and new secrets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

from bot.delivery import events_secrets
from warehouse import encryption
from warehouse.pool import Pool
from warehouse.settings import Settings
from webhook.errors import Problem
from webhook.senders.cached_secrets import LONGEST, SHORTEST, CachedSecrets


class EventsSecrets:
    """All shops' secrets of chatbot events. Safe to create before a server forks. Raises SettingsMissing if the
    deployment's secret is malformed."""

    def __init__(self, database: Pool, settings: Settings) -> None:
        events_secrets.deployment_secret(settings)
        self._secrets = CachedSecrets(database, lambda cursor: events_secrets.valid(cursor, settings))

    def signer(self, text: str, headers: Mapping[str, str]) -> str | None:
        """The shop whose secret signed the text, or None. Raises Problem 503 if that cannot be checked."""
        for age in (LONGEST, SHORTEST):
            shops = self._secrets.get(age)
            for store, secrets in shops.items():
                if any(_fits(secret, text, headers) for secret in secrets):
                    return store
        if not shops:
            raise Problem(503, "not_configured", "No shop has a secret for chatbot events yet.")
        if not all(shops.values()):
            raise Problem(503, "undecryptable", "A shop needs a new secret for chatbot events.")
        return None


def rotate(cursor: Any, store: str, settings: Settings) -> str:
    """Give the shop a new secret, which is returned and never shown again. The one before stays valid for a day. Raises
    SettingsMissing."""
    secret = events_secrets.generated()
    cursor.execute("select app.rotate_events_secret(%s, %s)", (store, encryption.encrypt(secret, settings)))
    return secret


def _fits(secret: Webhook, text: str, headers: Mapping[str, str]) -> bool:
    try:
        secret.verify(text, dict(headers), json_parse=False)
    except (WebhookVerificationError, ValueError):  # odd headers raise ValueError in the library
        return False
    return True
