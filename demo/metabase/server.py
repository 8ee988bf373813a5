"""The stand-in itself: an HTTP server on loopback over a Metabase in memory, which can be made to fail."""

from __future__ import annotations

import json
import threading
from copy import deepcopy
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from demo.metabase import (  # noqa: F401 (each fills the table of routes)
    alerts,
    cache,
    cards,
    collections,
    dashboards,
    databases,
    notifications,
    people,
    permissions,
    pulses,
)
from demo.metabase.answers import Answer, Request, found
from demo.metabase.postgres import catalog
from demo.metabase.refusals import Refused, Row
from demo.metabase.state import ADMINISTRATORS, Catalog, State

FAILURE = {"via": [], "trace": [], "message": "Server Error", "cause": "Server Error"}
_READING = ("/api/session", "/query", "/api/dataset/native")


@dataclass(frozen=True)
class Logged:
    """One request that was answered, and how."""

    method: str
    path: str
    status: int
    body: Row

    @property
    def is_write(self) -> bool:
        """Whether it would change something that Metabase keeps; who signs in changes nothing."""
        return self.method != "GET" and not self.path.endswith(_READING)


@dataclass
class MetabaseStandIn:
    """The stand-in, as a context manager: `with MetabaseStandIn(version=57) as metabase: metabase.url`.

    `version` is the minor one (56 is 0.56); from 57 on queries come back as MBQL 5. `requests` are those answered so
    far, `writes` those among them that change something.
    """

    version: int = 57
    catalog: Catalog = catalog
    is_paid: bool = False
    requests: list[Logged] = field(default_factory=list)
    _server: ThreadingHTTPServer | None = None
    _fails_at: int | None = None
    _fails: Literal["before", "after"] = "before"

    def __post_init__(self) -> None:
        self.state = State(self.version, self.catalog, self.is_paid)
        self._lock = threading.Lock()

    @classmethod
    def like(cls, other: MetabaseStandIn) -> MetabaseStandIn:
        """Another one with the same in it, which goes its own way from then on."""
        made = cls(other.version, other.catalog, other.is_paid)
        made.state = deepcopy(other.state)
        return made

    def __enter__(self) -> MetabaseStandIn:
        server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"metabase": self}))
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

    @property
    def writes(self) -> list[Logged]:
        return [request for request in self.requests if request.is_write]

    def give_key(self) -> str:
        """An API key of the group Administrators."""
        request = Request("POST", "/api/api-key", {}, {"name": "given", "group_id": ADMINISTRATORS})
        request.user = next(user for user in self.state.all("user") if user["is_superuser"])
        return str(people.make_api_key(self.state, request)["unmasked_key"])

    def fail_at_write(self, number: int | None, when: Literal["before", "after"] = "before") -> None:
        """From now on the write of this number (0 is the next), and whatever comes later, fails, before or after it
        took effect; None heals it."""
        self._fails_at = None if number is None else len(self.writes) + number
        self._fails = when

    def answer(self, request: Request, session: str | None, key: str | None) -> Answer:
        """The answer to a request, errors included; it is noted."""
        with self._lock:
            fault = self._fault(request)
            if fault == "before":
                answer = Answer(FAILURE, 500)
            else:
                answer = self._true_answer(request, session, key)
                answer = Answer(FAILURE, 500) if fault else answer
            self.requests.append(Logged(request.method, request.path, answer.status, request.body))
            return answer

    def _fault(self, request: Request) -> str | None:
        """How this request is to fail: the write that was named as asked for, all that follows before."""
        if self._fails_at is None or len(self.writes) < self._fails_at:
            return None
        if len(self.writes) > self._fails_at:
            return "before"
        return self._fails if Logged(request.method, request.path, 0, {}).is_write else None

    def _true_answer(self, request: Request, session: str | None, key: str | None) -> Answer:
        try:
            route, request.ids = found(request.method, request.path, self.version)
            request.user = people.caller(self.state, session, key)
            if request.user is None and not route.is_public:
                raise Refused(401, "Unauthenticated")
            body = route.handler(self.state, request)
        except Refused as refused:
            return Answer(refused.body, refused.status)
        return body if isinstance(body, Answer) else Answer(body)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet an answer; in two, the second waits for the first to be acknowledged
    metabase: MetabaseStandIn

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        given = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            body: Any = json.loads(given) if given else {}
        except ValueError:
            self._write(Answer("Malformed JSON in request body.", 400))
            return
        request = Request(self.command, parts.path, parse_qs(parts.query, keep_blank_values=True), body)
        self._write(
            self.metabase.answer(request, self.headers.get("X-Metabase-Session"), self.headers.get("X-API-Key"))
        )

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 (the names that http.server calls)

    def _write(self, answer: Answer) -> None:
        is_text = isinstance(answer.body, str)
        body = b"" if answer.body is None else (answer.body if is_text else json.dumps(answer.body)).encode()
        self.send_response(204 if answer.body is None and answer.status == 200 else answer.status)
        self.send_header("Content-Type", "text/plain" if is_text else "application/json;charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing: callers ask `requests`."""
