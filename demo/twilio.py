"""A stand-in of Twilio's API: the list of an account's messages, over HTTP, as strict as the original.

It keeps message resources as the API shows them, pages newest first by cursor, checks basic authentication and every
parameter, and fails on request: with a status, with a silence, or by hanging up.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import threading
import time
from calendar import isleap, monthrange
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import ceil
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

Record = dict[str, Any]

_PATH = re.compile(r"/2010-04-01/Accounts/(?P<account>[^/]+)/Messages\.json")
_KNOWN = {"To", "From", "DateSent", "DateSent<", "DateSent>", "PageSize", "Page", "PageToken"}
_DATES = ("%Y", "%Y-%m", "%Y-%m-%d")
_TIMES = ("%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.%f%z")
_LARGEST_PAGE = 1000


@dataclass(frozen=True)
class Fault:
    """How one request fails: `status` answered (with `retry_after` as a header: who comes back sooner gets 429), or a
    silence of `seconds` before the true answer, or a connection that closes after `cut` bytes of the true answer."""

    status: int | None = None
    retry_after: int | None = None
    seconds: float = 0
    cut: int | None = None


class Refused(Exception):
    """An answer that is an error, in Twilio's JSON."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message

    def body(self) -> Record:
        more_info = f"https://www.twilio.com/docs/errors/{self.code}"
        return {"code": self.code, "message": self.message, "more_info": more_info, "status": self.status}


@dataclass
class TwilioStandIn:
    """The stand-in, as a context manager that listens on loopback: `with TwilioStandIn(...) as twilio: twilio.url`.

    `whole_days` reads a bound of DateSent as its whole day, which is one reading of Twilio's documents; without it the
    bound is that instant, which is the other. A caller must get everything under both.
    """

    account_sid: str
    auth_token: str
    whole_days: bool = False
    requests: list[str] = field(default_factory=list)
    _records: dict[str, Any] = field(default_factory=dict)
    _faults: deque[Fault | None] = field(default_factory=deque)
    _server: ThreadingHTTPServer | None = None
    _quiet_until: float = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> TwilioStandIn:
        server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"twilio": self}))
        server.daemon_threads = True
        self._server = server
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def put(self, records: Iterable[Any]) -> None:
        """Keep message resources; one with a sid that is known replaces it. What is no resource at all is shown too,
        as the newest, so that callers can be tried with it."""
        with self._lock:
            for record in records:
                sid = record.get("sid") if isinstance(record, dict) else None
                self._records[sid or f"odd-{len(self._records)}"] = record

    def fail(self, *faults: Fault | None) -> None:
        """The next requests fail this way, one each; None lets one through."""
        with self._lock:
            self._faults.extend(faults)

    def next_fault(self, path: str) -> Fault | None:
        with self._lock:
            self.requests.append(path)
            if time.monotonic() < self._quiet_until:
                return Fault(status=429, retry_after=ceil(self._quiet_until - time.monotonic()))
            fault = self._faults.popleft() if self._faults else None
            self._quiet_until = time.monotonic() + (fault.retry_after or 0) if fault else 0
            return fault

    def answer(self, path: str, authorization: str | None) -> Record:
        """The page that a GET of `path` (with its query) gives. Raises Refused."""
        parts = urlsplit(path)
        match = _PATH.fullmatch(parts.path)
        self._authenticate(authorization)
        if match is None or match["account"] != self.account_sid:
            raise Refused(404, 20404, f"The requested resource {parts.path} was not found")
        return self._page(parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)))

    def _authenticate(self, authorization: str | None) -> None:
        try:
            given = base64.b64decode((authorization or "").removeprefix("Basic "), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            given = ""
        if given != f"{self.account_sid}:{self.auth_token}":
            raise Refused(401, 20003, "Authenticate")

    def _page(self, path: str, query: dict[str, str]) -> Record:
        query = {name: value for name, value in query.items() if name in _KNOWN}
        size = _whole_number(query, "PageSize", 50, 1, _LARGEST_PAGE)
        number = _whole_number(query, "Page", 0, 0, 10**9)
        token = query.get("PageToken")
        if number and not token:
            raise Refused(400, 20001, "Page number out of range: follow next_page_uri")
        with self._lock:
            found = [record for record in self._records.values() if self._fits(record, query)]
        found.sort(key=_newest_first, reverse=True)
        start = _after_token(found, token)
        page = found[start : start + size]
        more = start + size < len(found)
        filters = {name: value for name, value in query.items() if name not in ("Page", "PageToken", "PageSize")}
        here = {**filters, "PageSize": str(size)}
        following = {**here, "Page": str(number + 1), "PageToken": f"PA{_sid(page[-1])}"} if more else None
        return {
            "messages": page,
            "page": number,
            "page_size": size,
            "start": start,
            "end": start + max(len(page) - 1, 0),
            "first_page_uri": f"{path}?{urlencode({**here, 'Page': '0'})}",
            "next_page_uri": f"{path}?{urlencode(following)}" if following else None,
            "previous_page_uri": None,
            "uri": f"{path}?{urlencode({**here, 'Page': str(number)})}",
        }

    def _fits(self, record: Any, query: dict[str, str]) -> bool:
        bounds = {name: _bound(query[name]) for name in ("DateSent", "DateSent<", "DateSent>") if query.get(name)}
        if not isinstance(record, dict):
            return True
        if any(query.get(name) and record.get(name.lower()) != query[name] for name in ("To", "From")):
            return False
        if not bounds:
            return True
        # Twilio's documents leave open where a message without a time of sending stands: here, where it was created.
        sent = _time(record.get("date_sent") or record.get("date_created"))
        if sent is None:
            return True  # shown, so that callers can be tried with it
        return all(self._within(sent, name, *bound) for name, bound in bounds.items())

    def _within(self, sent: datetime, name: str, start: datetime, end: datetime) -> bool:
        if self.whole_days:
            start = start.replace(hour=0, minute=0, second=0)
            end = max(end, start + timedelta(days=1))
        if name == "DateSent":
            return start <= sent < end
        if name == "DateSent>":
            return sent >= start
        return sent < end if self.whole_days else sent <= start


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet an answer; in two, the second waits for the first to be acknowledged
    twilio: TwilioStandIn

    def do_GET(self) -> None:
        fault = self.twilio.next_fault(self.path) or Fault()
        time.sleep(fault.seconds)
        try:
            if fault.status:
                raise Refused(fault.status, 20429 if fault.status == 429 else 20500, "Not now")
            self._send(200, self.twilio.answer(self.path, self.headers.get("Authorization")), fault)
        except Refused as refused:
            self._send(refused.status, refused.body(), fault)

    def do_POST(self) -> None:
        self.close_connection = True
        self._send(405, Refused(405, 20004, "Method not allowed").body(), Fault())

    do_PUT = do_DELETE = do_POST  # noqa: N815 (the names that http.server calls)

    def _send(self, status: int, answer: Record, fault: Fault) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if status == 401:
            self.send_header("WWW-Authenticate", 'Basic realm="Twilio API"')
        if fault.retry_after is not None:
            self.send_header("Retry-After", str(fault.retry_after))
        self.end_headers()
        if fault.cut is not None:
            self.close_connection = True
        with suppress(ConnectionError):  # a caller may have stopped waiting
            self.wfile.write(body[: fault.cut])

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing: callers ask `requests`."""


def _whole_number(query: dict[str, str], name: str, default: int, least: int, most: int) -> int:
    text = query.get(name, str(default))
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise Refused(400, 20001, f"Invalid {name} value.")
    return int(text)


def _bound(text: str) -> tuple[datetime, datetime]:
    """The first instant that a value of DateSent names, and the first one after it."""
    for form in _TIMES:
        try:
            start = datetime.strptime(text, form).astimezone(UTC)
        except ValueError:
            continue
        return start, start + timedelta(seconds=1)
    for form in _DATES:
        try:
            start = datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
        days = {"%Y": 366 if isleap(start.year) else 365, "%Y-%m": monthrange(start.year, start.month)[1]}
        return start, start + timedelta(days=days.get(form, 1))
    raise Refused(400, 20001, "Invalid date value.")


def _after_token(found: list[Any], token: str | None) -> int:
    if token is None:
        return 0
    for position, record in enumerate(found):
        if token == f"PA{_sid(record)}":
            return position + 1
    raise Refused(400, 20001, "Invalid PageToken.")


def _sid(record: Any) -> str:
    return str(record.get("sid")) if isinstance(record, dict) else ""


@cache
def _parsed(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except ValueError:
        return None


def _time(text: Any) -> datetime | None:
    return _parsed(text) if isinstance(text, str) else None


def _newest_first(record: Any) -> tuple[datetime, str]:
    fields = record if isinstance(record, dict) else {}
    newest = datetime.max.replace(tzinfo=UTC)
    return _time(fields.get("date_sent")) or _time(fields.get("date_created")) or newest, _sid(record)
