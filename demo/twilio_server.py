"""The HTTP of the stand-in: requests in, answers out, and how they fail when they are told to."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any, Protocol

from demo.twilio_errors import Refused


@dataclass(frozen=True)
class Fault:
    """How one request fails: `status` answered (with `retry_after` as a header: who comes back sooner gets 429), or a
    silence of `seconds` before the true answer, or a connection that closes after `cut` bytes of the true answer. With
    `after` what was asked for happens first, and the answer fails then."""

    status: int | None = None
    retry_after: int | None = None
    seconds: float = 0
    cut: int | None = None
    after: bool = False


@dataclass(frozen=True)
class Answer:
    """A JSON resource, a file, or a way to elsewhere."""

    status: int
    resource: Any = None
    content: bytes | None = None
    media_type: str = "application/json; charset=utf-8"
    location: str | None = None


class Twilio(Protocol):
    def next_fault(self, method: str, path: str) -> Fault | None: ...

    def answer(self, method: str, path: str, authorization: str | None, body: str) -> Answer: ...


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet an answer; in two, the second waits for the first to be acknowledged
    disable_nagle_algorithm = True
    twilio: Twilio

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        fault = self.twilio.next_fault(self.command, self.path) or Fault()
        try:
            self._send(self._answer(fault, body), fault)
        except Refused as refused:
            self._send(Answer(refused.status, refused.body()), fault)

    do_POST = do_GET  # noqa: N815 (the names that http.server calls)

    def do_PUT(self) -> None:
        self.close_connection = True
        self._send(Answer(405, Refused(405, 20004, "Method not allowed").body()), Fault())

    do_DELETE = do_PUT  # noqa: N815

    def _answer(self, fault: Fault, body: str) -> Answer:
        request = (self.command, self.path, self.headers.get("Authorization"), body)
        answer = self.twilio.answer(*request) if fault.after else None
        time.sleep(fault.seconds)
        if fault.status:
            raise Refused(fault.status, 20429 if fault.status == 429 else 20500, "Not now")
        return answer or self.twilio.answer(*request)

    def _send(self, answer: Answer, fault: Fault) -> None:
        body = answer.content if answer.content is not None else json.dumps(answer.resource).encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.media_type)
        self.send_header("Content-Length", str(len(body)))
        if answer.location:
            self.send_header("Location", answer.location)
        if answer.status == 401:
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
