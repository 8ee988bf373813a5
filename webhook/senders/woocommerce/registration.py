"""Shops connect and disconnect themselves. To connect, our plugin sends its API keys with a one-time code from
`sources.woocommerce invite`; to disconnect, it sends a request signed like its clicks."""

from __future__ import annotations

import hashlib
import ipaddress
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import psycopg2
import structlog
from flask import Blueprint, Response, g, jsonify, request

from sources.woocommerce import shops
from warehouse import encryption
from warehouse.connection import read_sql
from warehouse.settings import SettingsMissing
from webhook.accounts import attempts
from webhook.errors import Problem
from webhook.landing import bodies, strict_json
from webhook.senders.events import parse_time
from webhook.senders.woocommerce.deliveries import CLOCKS_DIFFER, parsed, verified_text
from webhook.services import Services, services

_log = structlog.get_logger()

blueprint = Blueprint("woocommerce_registration", __name__, url_prefix="/webhooks/woocommerce")

_REGISTER = Path(__file__).parent / "sql" / "register_store.sql"
_DISCONNECT = Path(__file__).parent / "sql" / "disconnect_store.sql"
_SECRETS = Path(__file__).parent / "sql" / "webhook_secrets.sql"
_MOST_DEPTH = 4
# The plugin waits for 15 seconds; a request and one that finds the API's address take up to twice as long as this.
_REACHED_IN_SECONDS = 3.0
_FIELDS = ("code", "url", "consumer_key", "consumer_secret")
_CODE = re.compile(r"[0-9A-Za-z_-]{16,128}")
_KEY = {"consumer_key": re.compile(r"ck_[0-9A-Za-z]{1,80}"), "consumer_secret": re.compile(r"cs_[0-9A-Za-z]{1,80}")}
_HOST = re.compile(r"(?!-)[0-9a-z-]{1,63}(?:\.[0-9a-z-]{1,63})*")


@blueprint.post("/register")
def register() -> Response:
    """Connect the shop that the code was made for, and say whether its orders could be read. Unknown, used and expired
    codes get the same response. Everything else is validated first, so that an error does not use up the code."""
    bodies.require_type("application/json")
    fields = _require_fields(strict_json.parse(bodies.text(), _MOST_DEPTH))
    try:
        store, webhook_secret = _registered(fields)
    except SettingsMissing as error:
        raise Problem(503, "not_configured", f"{error}.") from None
    except psycopg2.Error as error:
        _log.warning("database_away", kind=type(error).__name__, code=error.pgcode)
        raise Problem(503, "database_away", "Nothing was stored; send it again.") from None
    g.ids = store
    reached = shops.is_reachable(fields["url"], fields["consumer_key"], fields["consumer_secret"], _REACHED_IN_SECONDS)
    return jsonify(store=store, webhook_secret=webhook_secret, reached=reached)


@blueprint.post("/<store>/disconnect")
def disconnect(store: str) -> Response:
    """Delete the shop's keys and secret. Its later requests are refused like a stranger's, also this one if repeated.
    Other processes may accept the secret for up to `secrets.LONGEST` seconds more."""
    text = verified_text(store, "X-Kabar-Signature")
    _require_disconnection(parsed(text))
    app = services()
    # A replayed request must not end a newer connection.
    if not app.shops.is_signed_now(store, text.encode(), request.headers["X-Kabar-Signature"]):
        raise Problem(403, "wrong_signature", "The signature is missing or wrong.")
    with _transaction(app) as cursor:
        cursor.execute(read_sql(_DISCONNECT), {"store": store})
    app.shops.forget()
    g.ids = store
    return jsonify(disconnected=1)


def shop_url(text: str) -> str | None:
    """The shop's address without a trailing slash, or None if it is invalid. Plain http is only valid for localhost."""
    try:
        parts = urlsplit(text)
        port_is_good = parts.port is None or parts.port > 0
    except ValueError:
        return None
    if not port_is_good or not _is_plain(text, parts) or not _is_safe(parts):
        return None
    return f"{parts.scheme}://{parts.netloc.lower()}{shops.without_prefix(parts.path)}"


def _is_plain(text: str, parts: SplitResult) -> bool:
    """Whether the address has only a host and a path, in visible ASCII."""
    if len(text) > 1000 or not re.fullmatch(r"[!-~]+", text) or re.search(r"[?#\\@]", text):
        return False
    return "[" in parts.netloc or _HOST.fullmatch(parts.hostname or "") is not None


def _is_safe(parts: SplitResult) -> bool:
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname or ""))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _require_fields(body: Any) -> dict[str, str]:
    if not isinstance(body, dict) or any(not isinstance(body.get(name), str) for name in _FIELDS):
        raise Problem(422, "bad_registration", f"A registration has these texts: {', '.join(_FIELDS)}.")
    url = shop_url(body["url"])
    if url is None:
        raise Problem(422, "bad_url", "The shop's address has to begin with https:// and to have no query or user.")
    for name, shape in _KEY.items():
        if not shape.fullmatch(body[name]):
            raise Problem(422, "bad_key", f"{name} is not a WooCommerce key.")
    return {name: body[name] for name in _FIELDS} | {"url": url}


def _require_disconnection(fields: dict[str, Any]) -> None:
    """Raises Problem 422 unless these are the plugin's fields to disconnect, with the current time. No webhook and no
    click has them."""
    at = parse_time(fields["disconnected_at"]) if isinstance(fields.get("disconnected_at"), str) else None
    if len(fields) != 1 or at is None or abs(at - datetime.now(UTC)) > CLOCKS_DIFFER:
        raise Problem(422, "bad_disconnection", "To disconnect, send disconnected_at, the present time, alone.")


def _registered(fields: dict[str, str]) -> tuple[str, str]:
    """Connect the shop; returns its id and webhook secret. Raises Problem 403 for an invalid code, 429 after too many
    of them."""
    attempt = attempts.begin(attempts.REGISTRATION)
    if wait := attempt.seconds_to_wait:
        attempts.forget(attempt)
        raise Problem(429, "too_many_attempts", "Too many invalid codes; try again later.", retry_after=wait)
    registered = _redeemed(fields) if _CODE.fullmatch(fields["code"]) else None
    if registered is None:
        raise Problem(403, "bad_code", "This code is invalid or expired; ask for a new one.")
    attempts.forget(attempt)
    return registered


def _redeemed(fields: dict[str, str]) -> tuple[str, str] | None:
    app = services()
    values = {
        "code_hash": hashlib.sha256(fields["code"].encode()).hexdigest(),
        "url": fields["url"],
        "key": encryption.encrypt(fields["consumer_key"], app.settings),
        "secret": encryption.encrypt(fields["consumer_secret"], app.settings),
    }
    return _called(app, values)


def _called(app: Services, values: dict[str, str]) -> tuple[str, str] | None:
    """Redeem the code. A shop that was connected before keeps its secret, as its webhooks sign with it. Which shop it
    is shows only once the code is redeemed, so that is rolled back and repeated with the old secret."""
    fresh = secrets.token_urlsafe(32)
    with _transaction(app) as cursor:
        cursor.execute(read_sql(_SECRETS))
        stored = dict(cursor.fetchall())
        store = _connect(cursor, values, encryption.encrypt(fresh, app.settings))
        kept = _readable(stored[store], app) if store in stored else None
        if store is None or kept is None:
            return (store, fresh) if store else None
        cursor.connection.rollback()
        store = _connect(cursor, values, stored[store])
        return (store, kept) if store else None


@contextmanager
def _transaction(app: Services) -> Iterator[Any]:
    """A cursor whose work is durable when the block ends. Raises Problem 503 if the database is away."""
    try:
        with app.database.transaction() as connection, connection.cursor() as cursor:
            yield cursor
    except psycopg2.Error as error:
        _log.warning("database_away", kind=type(error).__name__, code=error.pgcode)
        raise Problem(503, "database_away", "Nothing was stored; send it again.") from None


def _connect(cursor: Any, values: dict[str, str], webhook_secret: str) -> str | None:
    cursor.execute(read_sql(_REGISTER), {**values, "webhook_secret": webhook_secret})
    row = cursor.fetchone()
    return str(row[0]) if row and row[0] else None


def _readable(stored: str, app: Services) -> str | None:
    try:
        return encryption.decrypt(stored, app.settings)
    except encryption.Undecryptable:
        return None
