"""A connected shop that signs as WooCommerce and our plugin do, and an invitation for another."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import uuid
from collections.abc import Callable
from typing import Any

from warehouse import encryption
from warehouse.settings import Settings

SECRET = "s3cr3t-local"
CODE = "an-invitation-of-the-tests"
KEYS = {"consumer_key": "ck_" + "0a" * 20, "consumer_secret": "cs_" + "b1" * 20}
Query = Callable[..., list[tuple[Any, ...]]]


def connect(query: Query, settings: Settings, store: str = "batik", secret: str = SECRET) -> None:
    """Connect a shop, or connect it again."""
    query(
        "insert into app.stores (store_id, webhook_secret, connected_at) values (%s, %s, now())"
        " on conflict (store_id) do update set webhook_secret = excluded.webhook_secret",
        store,
        encryption.encrypt(secret, settings),
    )


def invite(query: Query, store: str = "batik", code: str = CODE, expires_in: str = "1 hour") -> None:
    query(
        "insert into app.store_invitations (code_hash, store_id, expires_at) values (%s, %s, now() + %s::interval)",
        hashlib.sha256(code.encode()).hexdigest(),
        store,
        expires_in,
    )


def signature(body: bytes, secret: str = SECRET) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), body, "sha256")).decode()


def delivery(payload: Any, topic: str = "order.updated", secret: str = SECRET, **headers: str) -> dict[str, Any]:
    """The body and headers of a webhook; `payload` is what becomes JSON, or the bytes themselves."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    named = {
        "Content-Type": "application/json",
        "X-WC-Webhook-Topic": topic,
        "X-WC-Webhook-Resource": topic.partition(".")[0],
        "X-WC-Webhook-Delivery-ID": uuid.uuid4().hex,
        "X-WC-Webhook-Signature": signature(body, secret),
    }
    return {"data": body, "headers": named | headers}


def click(secret: str = SECRET, **changes: Any) -> dict[str, Any]:
    """The body and headers of a click."""
    fields = {
        "click_id": str(uuid.uuid4()),
        "code": "k7x2m3qa",
        "product_id": 69,
        "clicked_at": "2026-11-01T03:00:00Z",
    }
    body = json.dumps(fields | changes).encode()
    return {"data": body, "headers": {"Content-Type": "application/json", "X-Kabar-Signature": signature(body, secret)}}
