"""Sends replies through Twilio. A POST is never retried here, since one without an answer may have been accepted."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
import urllib3.exceptions
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client

from bot.delivery.carriers import LookupFailed, NotNow, Outcome, Outgoing, Refused, Sent, Unknown
from sources.twilio_client import BaseUrlHttpClient, twilio_client
from warehouse.settings import Settings

ANSWER_SECONDS = 10.0
TYPING_SECONDS = 3.0
# Clocks may differ, and Twilio's times have whole seconds.
CLOCKS_DIFFER = timedelta(seconds=30)
# Newest first; the reply is among these or was never accepted.
LOOKED_THROUGH = 50
STATUS_PATH = "/webhooks/twilio/status"
RFC_2822 = "%a, %d %b %Y %H:%M:%S %z"


class TwilioMessages:
    """The carrier of Twilio's channels. Raises SettingsMissing without an account."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._own = threading.local()
        self._typing = ThreadPoolExecutor(1, "typing")
        self._client(ANSWER_SECONDS)

    def send(self, outgoing: Outgoing) -> Outcome:
        client = self._client(ANSWER_SECONDS)
        try:
            record = client.api.v2010.create(
                method="POST",
                uri=f"/Accounts/{client.account_sid}/Messages.json",
                data=self._form(outgoing),
                headers={"Accept": "application/json"},
            )
        except TwilioRestException as error:
            return _outcome(error)
        except requests.ConnectionError as error:
            return NotNow() if _never_connected(error) else Unknown()
        except (requests.RequestException, TwilioException, ValueError):
            return Unknown()
        return Sent(record["sid"], record) if _is_record(record) else Unknown()

    def find(self, outgoing: Outgoing, message_id: str | None, known: frozenset[str]) -> Sent | None:
        client = self._client(ANSWER_SECONDS)
        try:
            if message_id:
                return _sent(self._fetch(client, f"Messages/{message_id}.json"))
            query = {"To": outgoing.address, "From": outgoing.own_address, "PageSize": LOOKED_THROUGH}
            page = self._fetch(client, "Messages.json", query)
        except (requests.RequestException, TwilioException, ValueError) as error:
            raise LookupFailed from error
        candidates = [record for record in page.get("messages", []) if _is_record(record)]
        candidates = [each for each in candidates if each["sid"] not in known and _looks_like(each, outgoing)]
        return _sent(min(candidates, key=_created)) if candidates else None

    def show_typing(self, message_sid: str) -> None:
        """Show the customer a typing indicator, which also marks the message as read. Runs in the background and may
        fail."""
        self._typing.submit(self._show_typing, message_sid)

    def _show_typing(self, message_sid: str) -> None:
        with suppress(requests.RequestException, TwilioException, ValueError):
            client = self._client(TYPING_SECONDS)
            client.messaging.v2.typing_indicator.create(channel="whatsapp", message_id=message_sid)

    def _client(self, seconds: float) -> Client:
        if not hasattr(self._own, "client"):
            http_client = BaseUrlHttpClient(self._settings.twilio_api_base, seconds)
            self._own.client = twilio_client(self._settings, http_client)
        return self._own.client

    def _form(self, outgoing: Outgoing) -> dict[str, str]:
        form = {
            "To": outgoing.address,
            "From": outgoing.own_address,
            "Body": outgoing.body,
            "MediaUrl": outgoing.media_url,
            "ContentSid": outgoing.content_sid,
            "ContentVariables": json.dumps(outgoing.content_variables) if outgoing.content_variables else None,
            "StatusCallback": self._callback(outgoing),
        }
        return {name: value for name, value in form.items() if value}

    def _callback(self, outgoing: Outgoing) -> str | None:
        public = self._settings.public_url
        return f"{public.rstrip('/')}{STATUS_PATH}?reply={outgoing.reply_id}" if public else None

    @staticmethod
    def _fetch(client: Client, path: str, query: dict[str, Any] | None = None) -> dict[str, Any]:
        found: dict[str, Any] = client.api.v2010.fetch(
            method="GET",
            uri=f"/Accounts/{client.account_sid}/{path}",
            params=query,
            headers={"Accept": "application/json"},
        )
        return found


def _outcome(error: TwilioRestException) -> Outcome:
    """429 and 503 mean that nothing was accepted; other 5xx are unclear."""
    if error.status in (429, 503):
        return NotNow()
    if error.status >= 500:
        return Unknown()
    return Refused(str(error.code or error.status))


def _never_connected(error: requests.ConnectionError) -> bool:
    reason = error.args[0] if error.args else None
    cause = getattr(reason, "reason", reason)
    connecting = (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError)
    return isinstance(cause, connecting) or isinstance(error, requests.ConnectTimeout)


def _is_record(record: Any) -> bool:
    return isinstance(record, dict) and isinstance(record.get("sid"), str)


def _sent(record: dict[str, Any]) -> Sent:
    return Sent(record["sid"], record)


def _looks_like(record: dict[str, Any], outgoing: Outgoing) -> bool:
    """Whether a record may be an attempt at this reply; a template is recognised by its time only."""
    assert outgoing.sending_at
    if record.get("direction") == "inbound" or _created(record) < outgoing.sending_at - CLOCKS_DIFFER:
        return False
    return bool(outgoing.content_sid) or (record.get("body") or "").strip() == (outgoing.body or "").strip()


def _created(record: dict[str, Any]) -> datetime:
    try:
        return datetime.strptime(str(record.get("date_created")), RFC_2822).astimezone(UTC)
    except ValueError:
        return datetime.max.replace(tzinfo=UTC)
