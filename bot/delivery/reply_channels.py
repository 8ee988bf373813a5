"""Replies on channels of the events API: posted to the shop's URL, signed as Standard Webhooks defines."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests
import structlog
import urllib3.exceptions
from standardwebhooks import Webhook

from bot.conversation.reasons import Undelivered
from bot.delivery import events_secrets, public_http
from bot.delivery.carriers import LookupFailed, NotNow, Outcome, Outgoing, Refused, Sent
from warehouse.connection import read_sql
from warehouse.pool import Pool
from warehouse.settings import Settings, SettingsMissing

_log = structlog.get_logger()

SQL = Path(__file__).parent / "sql"
SECONDS = 10.0
_UNUSABLE = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
    urllib3.exceptions.LocationParseError,
)


class ReplyChannels:
    """The carrier of those channels. An attempt without a result is repeated: the event's id is the reply's, so the
    receiver recognises it."""

    def __init__(self, settings: Settings, connections: Pool) -> None:
        self._settings = settings
        self._connections = connections
        self._own = threading.local()

    def send(self, outgoing: Outgoing) -> Outcome:
        secrets = self._secrets(outgoing.store_id)
        if not secrets:
            return NotNow()
        event = self._event(outgoing)
        body = json.dumps(event, ensure_ascii=False)
        now = datetime.now(UTC)
        headers = {
            "Content-Type": "application/json",
            "webhook-id": outgoing.reply_id,
            "webhook-timestamp": str(int(now.timestamp())),
            # While a secret is being replaced there are two: the receiver accepts either signature.
            "webhook-signature": " ".join(secret.sign(outgoing.reply_id, now, body) for secret in secrets),
        }
        try:
            # Only the status matters; the body is not read.
            with self._http().post(
                str(outgoing.reply_url),
                data=body.encode(),
                headers=headers,
                timeout=SECONDS,
                allow_redirects=False,
                stream=True,
            ) as answer:
                return _outcome(answer.status_code, event)
        except _UNUSABLE:
            return Refused(Undelivered.BAD_ADDRESS)
        except requests.RequestException as error:
            return Refused(Undelivered.PRIVATE_ADDRESS) if public_http.leads_inside(error) else NotNow()

    def find(self, outgoing: Outgoing, message_id: str | None, known: frozenset[str]) -> Sent | None:
        if not self._secrets(outgoing.store_id):
            raise LookupFailed
        return None

    def _secrets(self, store_id: str) -> list[Webhook]:
        """The shop's valid secrets; none if they cannot be used yet."""
        try:
            with self._connections.transaction() as connection, connection.cursor() as cursor:
                return events_secrets.valid(cursor, self._settings).get(store_id, [])
        except SettingsMissing as missing:
            _log.error("events_secrets_unusable", reason=str(missing))
            return []

    def _http(self) -> requests.Session:
        if not hasattr(self._own, "http"):
            self._own.http = public_http.session(self._settings)
        http: requests.Session = self._own.http
        return http

    def _event(self, outgoing: Outgoing) -> dict[str, Any]:
        """The reply as an event (`/webhooks/chatbot/schema.json`)."""
        event: dict[str, Any] = {
            "event_id": outgoing.reply_id,
            "type": "message",
            "occurred_at": (outgoing.sending_at or datetime.now(UTC)).isoformat(),
            "channel": outgoing.channel,
            "store": outgoing.store_id,
            "customer": self._customer(outgoing),
            "author": outgoing.author,
            "text": outgoing.body or "",
        }
        if outgoing.author == "bot" and outgoing.answered is not None:
            event["answered"] = outgoing.answered
        if outgoing.media_url:
            event["media_url"] = outgoing.media_url
        return event

    def _customer(self, outgoing: Outgoing) -> dict[str, Any]:
        """The customer as in their last event, since Kabar itself stores hashes."""
        values = {name: getattr(outgoing, name) for name in ("store_id", "channel", "customer_key")}
        with self._connections.transaction() as connection, connection.cursor() as cursor:
            cursor.execute(read_sql(SQL / "customer_of_events.sql"), values)
            row = cursor.fetchone()
        return dict(row[0]) if row else {}


def _outcome(status: int, event: dict[str, Any]) -> Outcome:
    if 200 <= status < 300:
        return Sent(event["event_id"], event)
    if status in (408, 425, 429) or status >= 500:
        return NotNow()
    return Refused(f"http_{status}")
