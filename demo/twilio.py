"""A stand-in for Twilio's API, as strict as the original: lists and sends messages, shows typing, serves media.

It stores message resources as the API returns them, checks basic authentication and every parameter, sends signed
status callbacks, and fails on demand: with a status, with a delay, or by closing the connection, before or after it
accepted a message.
"""

from __future__ import annotations

import base64
import binascii
import re
import threading
import time
import uuid
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import ceil
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from demo import twilio_listing, twilio_sending
from demo.delivery import Receiver
from demo.http_server import HttpStandIn
from demo.shapes import RFC_2822, SHOP, status_form, statuses
from demo.twilio_callbacks import Callbacks
from demo.twilio_errors import Refused
from demo.twilio_server import Answer, Fault, Handler

__all__ = ["Fault", "Refused", "TwilioStandIn"]

Record = dict[str, Any]

_ACCOUNT = r"/2010-04-01/Accounts/(?P<account>[^/]+)"
_MESSAGES = re.compile(_ACCOUNT + r"/Messages\.json")
_MESSAGE = re.compile(_ACCOUNT + r"/Messages/(?P<sid>[^/]+)\.json")
_MEDIA = re.compile(_ACCOUNT + r"/Messages/[^/]+/Media/(?P<media>[^/]+)")
_TYPING = "/v2/Indicators/Typing.json"
_STORE = "/media-store/"


@dataclass
class TwilioStandIn(HttpStandIn):
    """The stand-in as a context manager: `with TwilioStandIn(...) as twilio: twilio.url`.

    `whole_days` says whether a bound of DateSent means its whole day or that instant; Twilio's documentation can be
    read both ways, and a caller must get everything either way. `senders` are the addresses that may send,
    `unsubscribed` those that have opted out, `templates` the texts of approved templates by ContentSid, `typed` the
    messages for which typing was shown, and `taken_at` the times at which messages were accepted (seconds since the
    epoch).
    """

    handler = Handler
    account_sid: str
    auth_token: str
    whole_days: bool = False
    senders: set[str] = field(default_factory=lambda: {SHOP})
    unsubscribed: set[str] = field(default_factory=set)
    templates: dict[str, str] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    taken_at: dict[str, float] = field(default_factory=dict)
    media_leads_to: str | None = None
    _records: dict[str, Any] = field(default_factory=dict)
    _media: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    _callbacks: Callbacks | None = None
    _callback_urls: dict[str, str] = field(default_factory=dict)
    _faults: deque[Fault | None] = field(default_factory=deque)
    _sending_faults: deque[Fault | None] = field(default_factory=deque)
    _quiet_until: float = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __exit__(self, *error: object) -> None:
        self.call_back_nobody()
        super().__exit__(*error)

    @property
    def sent(self) -> list[Record]:
        """The messages that were sent through the API, in the order in which they were accepted."""
        with self._lock:
            return [self._records[sid] for sid in self._callback_urls]

    def put(self, records: Iterable[Any]) -> None:
        """Store message resources; one with a known sid replaces the other. What is not a resource is listed as the
        newest, so that callers can be tested with it."""
        with self._lock:
            for record in records:
                sid = record.get("sid") if isinstance(record, dict) else None
                self._records[sid or f"odd-{len(self._records)}"] = record

    def forget(self) -> None:
        """Forget every message."""
        with self._lock:
            self._records.clear()
            self._callback_urls.clear()

    def put_media(self, content: bytes, media_type: str, message_sid: str = "MM" + "0" * 32) -> str:
        """Store a file from a customer and return its URL as in a webhook."""
        sid = f"ME{uuid.uuid4().hex}"
        self._media[sid] = (media_type, content)
        return f"{self.url}/2010-04-01/Accounts/{self.account_sid}/Messages/{message_sid}/Media/{sid}"

    def call_back(self, receiver: Receiver) -> None:
        """Send status callbacks to the URL that comes with each message."""
        self._callbacks = Callbacks(receiver)

    def call_back_nobody(self) -> None:
        """Stop sending status callbacks."""
        if self._callbacks:
            self._callbacks.close()
        self._callbacks = None

    def take(self, to: str, body: str, sender: str = SHOP) -> str:
        """Accept a message as if it had been sent through the API, and return its sid."""
        return str(self._send({"To": [to], "From": [sender], "Body": [body]})["sid"])

    def fail(self, *faults: Fault | None) -> None:
        """Make the next requests fail, one per fault; None lets one succeed."""
        with self._lock:
            self._faults.extend(faults)

    def fail_sending(self, *faults: Fault | None) -> None:
        """Like `fail`, for requests that send a message only."""
        with self._lock:
            self._sending_faults.extend(faults)

    def next_fault(self, method: str, path: str) -> Fault | None:
        with self._lock:
            self.requests.append(path)
            if path == _TYPING:
                return None
            if time.monotonic() < self._quiet_until:
                return Fault(status=429, retry_after=ceil(self._quiet_until - time.monotonic()))
            faults = self._sending_faults if method == "POST" and self._sending_faults else self._faults
            fault = faults.popleft() if faults else None
            self._quiet_until = time.monotonic() + (fault.retry_after or 0) if fault else 0
            return fault

    def answer(self, method: str, path: str, authorization: str | None, body: str) -> Answer:
        """The answer to a request. Raises Refused."""
        parts = urlsplit(path)
        if parts.path.startswith(_STORE):
            return self._file(parts.path.removeprefix(_STORE), authorization)
        self._authenticate(authorization)
        if method == "POST" and parts.path == _TYPING:
            return Answer(200, self._show_typing(parse_qs(body)))
        if match := _MESSAGES.fullmatch(parts.path):
            self._require_account(match, parts.path)
            if method == "POST":
                return Answer(201, self._send(parse_qs(body)))
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
            with self._lock:
                records = list(self._records.values())
            return Answer(200, twilio_listing.page(records, parts.path, query, self.whole_days))
        return self._one(parts.path)

    def _one(self, path: str) -> Answer:
        if match := _MESSAGE.fullmatch(path):
            self._require_account(match, path)
            if record := self._records.get(match["sid"]):
                return Answer(200, record)
        if match := _MEDIA.fullmatch(path):
            self._require_account(match, path)
            if match["media"] in self._media:
                return Answer(307, location=self.media_leads_to or f"{self.url}{_STORE}{match['media']}")
        raise Refused(404, 20404, f"The requested resource {path} was not found")

    def _require_account(self, match: re.Match[str], path: str) -> None:
        if match["account"] != self.account_sid:
            raise Refused(404, 20404, f"The requested resource {path} was not found")

    def _authenticate(self, authorization: str | None) -> None:
        try:
            given = base64.b64decode((authorization or "").removeprefix("Basic "), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            given = ""
        if given != f"{self.account_sid}:{self.auth_token}":
            raise Refused(401, 20003, "Authenticate")

    def _file(self, media_sid: str, authorization: str | None) -> Answer:
        """A file in the store that Twilio redirects to. It refuses requests with credentials."""
        if authorization or media_sid not in self._media:
            raise Refused(400, 20400, "Only one auth mechanism allowed")
        media_type, content = self._media[media_sid]
        return Answer(200, content=content, media_type=media_type)

    def _show_typing(self, form: Mapping[str, list[str]]) -> Record:
        if form.get("channel") != ["whatsapp"] or not form.get("messageId"):
            raise Refused(400, 20001, "channel must be whatsapp, and messageId a message")
        self.typed += form["messageId"]
        return {"success": True}

    def _send(self, form: Mapping[str, list[str]]) -> Record:
        resource = twilio_sending.taken(form, self.account_sid, self.senders, self.templates)
        if resource["to"] in self.unsubscribed:
            raise Refused(400, 21610, "Attempt to send to unsubscribed recipient")
        with self._lock:
            is_open = "ContentSid" in form or twilio_sending.is_window_open(self._records.values(), resource)
            self._records[resource["sid"]] = resource
            self.taken_at[resource["sid"]] = time.time()
            self._callback_urls[resource["sid"]] = form.get("StatusCallback", [""])[0]
        self._deliver(resource, is_open)
        return resource

    def _deliver(self, resource: Record, is_open: bool) -> None:
        """Deliver a message, or let it fail, and send the status callbacks."""
        later = {**resource, "date_sent": datetime.now(UTC).strftime(RFC_2822)}
        later = {**later, "status": "delivered"} if is_open else twilio_sending.failed(later, 63016)
        with self._lock:
            self._records[resource["sid"]] = later
        if self._callbacks and (address := self._callback_urls[resource["sid"]]):
            self._callbacks.send(address, [status_form(later, status) for status in statuses(later)])
