"""Signatures of the senders: Twilio's, and Standard Webhooks for chatbot events."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from standardwebhooks.webhooks import Webhook
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

Form = Mapping[str, str] | Iterable[tuple[str, str]]


def sign_twilio(url: str, form: Form, token: str) -> dict[str, str]:
    """The headers of a Twilio webhook. `url` is the public URL that Twilio has, `form` the fields (pairs if a name is
    repeated), `token` the account's auth token."""
    fields: MultiDict[str, str] = MultiDict(form)
    return {"X-Twilio-Signature": RequestValidator(token).compute_signature(url, fields)}


def sign_event(body: bytes, secret: str, message_id: str | None = None, at: datetime | None = None) -> dict[str, str]:
    """The headers of a delivery by Standard Webhooks. `secret` is base64 with or without `whsec_`, `at` the time of the
    attempt (default now; receivers refuse deliveries older than five minutes)."""
    message_id = message_id or f"msg_{uuid.uuid4().hex}"
    at = (at or datetime.now(UTC)).astimezone(UTC)
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, at, body.decode()),
    }
