"""How often somebody may try: counted in the database, so that all processes count together."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from flask import request
from psycopg2.extras import Json

from warehouse.connection import read_sql
from webhook.inbox import database
from webhook.services import services

SQL = Path(__file__).parent / "sql"


@dataclass(frozen=True)
class Limit:
    """How many failed attempts of a purpose there may be within a time: at one account, from one address, or both."""

    purpose: str
    window: timedelta
    most: dict[str, int]


# Few at one account from one address; more in all, so that a stranger does not lock the account's owner out at once.
SIGN_IN = Limit("sign-in", timedelta(minutes=15), {"both": 8, "account": 40, "address": 60})
# A code has more bits than can be guessed; this bounds the work that one address makes.
REGISTRATION = Limit("registration", timedelta(minutes=1), {"address": 20})
_KEPT = max(SIGN_IN.window, REGISTRATION.window)


@dataclass(frozen=True)
class Attempt:
    """An attempt that was noted; `seconds_to_wait`: 0 if it may go on."""

    attempt_id: str
    seconds_to_wait: int


def begin(limit: Limit, account: str = "") -> Attempt:
    """Note an attempt, and say whether it is one too many. An account that does not exist counts as others do."""
    address = request.remote_addr or ""
    named = {"account": account, "address": address, "both": f"{account} {address}"}
    attempt_id = str(uuid.uuid4())
    values = {
        "attempt_id": attempt_id,
        "keys": Json({kind: _key(f"{limit.purpose} {kind}:{named[kind]}") for kind in limit.most}),
        "window": limit.window,
    }
    with database.transaction() as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(SQL / "note_attempt.sql"), values)
    with database.transaction() as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(SQL / "attempts.sql"), values)
        waits = [seconds for kind, count, seconds in cursor.fetchall() if count > limit.most[kind]]
    return Attempt(attempt_id, max([0, *waits]))


def forget(attempt: Attempt) -> None:
    """The attempt succeeded, or was turned away unlooked at and counts no more; what is old is forgotten with it."""
    with database.transaction() as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(SQL / "forget_attempts.sql"), {"attempt_id": attempt.attempt_id, "window": _KEPT})


def _key(name: str) -> str:
    return hmac.new(services().hash_key, name.encode(), hashlib.sha256).hexdigest()[:32]
