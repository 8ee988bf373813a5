"""Rate limits of sign-in, registration and surveys, counted in the database and so across processes."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import structlog
from flask import request
from psycopg2.extras import Json

from webhook.inbox import database
from webhook.services import services

SQL = Path(__file__).parent / "sql"
log = structlog.get_logger()


@dataclass(frozen=True)
class Limit:
    """How many failed attempts are allowed within a time: per account, address, both together or device."""

    purpose: str
    window: timedelta
    most: dict[str, int]


# Strict per account and address, looser per account, so that a stranger cannot easily lock out the account's owner.
SIGN_IN = Limit("sign-in", timedelta(minutes=15), {"both": 8, "account": 40, "address": 60})
# In a browser known to the account, which others' attempts must not lock out.
KNOWN_DEVICE = Limit("sign-in", timedelta(minutes=15), {"device": 8})
# Codes are too long to guess; this limits the load from one address.
REGISTRATION = Limit("registration", timedelta(minutes=1), {"address": 20})
# New respondents from one address, such as a shop's Wi-Fi.
SURVEY = Limit("survey", timedelta(hours=1), {"address": 60})
_is_warned = False
_KEPT = max(SIGN_IN.window, REGISTRATION.window, SURVEY.window)


@dataclass(frozen=True)
class Attempt:
    """A recorded attempt; `seconds_to_wait` is 0 if it may proceed."""

    attempt_id: str
    seconds_to_wait: int


def begin(limit: Limit, account: str = "", device: str = "") -> Attempt:
    """Record an attempt and check the limits. Unknown accounts count like any other."""
    address = request.remote_addr or ""
    named = {"account": account, "address": address, "both": f"{account} {address}", "device": device}
    _warn_of_untrusted_proxy()
    attempt_id = str(uuid.uuid4())
    values = {
        "attempt_id": attempt_id,
        "keys": Json({kind: key_of(f"{limit.purpose} {kind}:{named[kind]}") for kind in limit.most}),
        "window": limit.window,
    }
    with database.transaction() as connection:
        database.rows(connection, SQL / "note_attempt.sql", values)
    with database.transaction() as connection:
        counted = database.rows(connection, SQL / "attempts.sql", values)
    waits = [seconds for kind, count, seconds in counted if count > limit.most[kind]]
    return Attempt(attempt_id, max([0, *waits]))


def forget(attempt: Attempt) -> None:
    """Stop counting an attempt that succeeded or was refused by a limit. Also deletes expired attempts."""
    with database.transaction() as connection:
        database.rows(connection, SQL / "forget_attempts.sql", {"attempt_id": attempt.attempt_id, "window": _KEPT})


def _warn_of_untrusted_proxy() -> None:
    """Behind a proxy that is not trusted, everybody has its address, so a few wrong passwords lock out everybody."""
    global _is_warned
    if not _is_warned and "X-Forwarded-For" in request.headers and not services().settings.trusted_proxies:
        _is_warned = True
        log.warning("proxy_not_trusted", setting="KABAR_TRUSTED_PROXIES")


def key_of(name: str) -> str:
    """A keyed hash, so that neither tables nor cookies hold addresses."""
    return hmac.new(services().hash_key, name.encode(), hashlib.sha256).hexdigest()[:32]
