"""HTTP of the Twilio stand-in: its requests, answers and faults."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any, Protocol

from demo import http_server
from demo.twilio_errors import Refused


@dataclass(frozen=True)
class Fault:
    """How one request fails: with `status` (and `retry_after` as a header; requests before that get 429), with a delay
    of `seconds` before the true answer, or by closing the connection after `cut` bytes of it. With `after` the request
    takes effect before it fails."""

    status: int | None = None
    retry_after: int | None = None
    seconds: float = 0
    cut: int | None = None
    after: bool = False


@dataclass(frozen=True)
class Answer:
    """A JSON resource, a file, or a redirect."""

    status: int
    resource: Any = None
    content: bytes | None = None
    media_type: str = "application/json; charset=utf-8"
    location: str | None = None


class Twilio(Protocol):
    def next_fault(self, method: str, path: str) -> Fault | None: ...

    def answer(self, method: str, path: str, authorization: str | None, body: str) -> Answer: ...


class Handler(http_server.Handler):
    disable_nagle_algorithm = True
    stand_in: Twilio

    def respond(self) -> None:
        body = self.body().decode()
        if self.command not in ("GET", "POST"):
            self.close_connection = True
            self._send(Answer(405, Refused(405, 20004, "Method not allowed").body()), Fault())
            return
        fault = self.stand_in.next_fault(self.command, self.path) or Fault()
        try:
            self._send(self._answer(fault, body), fault)
        except Refused as refused:
            self._send(Answer(refused.status, refused.body()), fault)

    def _answer(self, fault: Fault, body: str) -> Answer:
        request = (self.command, self.path, self.headers.get("Authorization"), body)
        answer = self.stand_in.answer(*request) if fault.after else None
        time.sleep(fault.seconds)
        if fault.status:
            raise Refused(fault.status, 20429 if fault.status == 429 else 20500, "Not now")
        return answer or self.stand_in.answer(*request)

    def _send(self, answer: Answer, fault: Fault) -> None:
        body = answer.content if answer.content is not None else json.dumps(answer.resource).encode()
        headers = {"Location": answer.location} if answer.location else {}
        if answer.status == 401:
            headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
        if fault.retry_after is not None:
            headers["Retry-After"] = str(fault.retry_after)
        self.write(answer.status, answer.media_type, body, headers, fault.cut)
