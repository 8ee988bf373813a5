"""The stand-in: an HTTP server over a Metabase in memory, which can be made to fail."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit

from demo import http_server
from demo.metabase import (  # noqa: F401 (each fills the table of routes)
    cache,
    cards,
    collections,
    dashboard_copies,
    dashboards,
    databases,
    notifications,
    people,
    permissions,
    pulses,
    settings,
)
from demo.metabase.answers import Answer, Request, find
from demo.metabase.postgres import catalog
from demo.metabase.refusals import Refused, Row
from demo.metabase.state import ADMINISTRATORS, NEWEST, Catalog, State

FAILURE = {"via": [], "trace": [], "message": "Server Error", "cause": "Server Error"}
_READING = ("/api/session", "/query", "/api/dataset/native")


@dataclass(frozen=True)
class Logged:
    """A request and the status of its answer."""

    method: str
    path: str
    status: int
    body: Row

    @property
    def is_write(self) -> bool:
        """Whether it changes something in Metabase. Signing in does not."""
        return self.method != "GET" and not self.path.endswith(_READING)


class _Handler(http_server.Handler):
    stand_in: MetabaseStandIn

    def respond(self) -> None:
        parts = urlsplit(self.path)
        given = self.body()
        try:
            body: Any = json.loads(given) if given else {}
        except ValueError:
            self._send(Answer("Malformed JSON in request body.", 400))
            return
        request = Request(self.command, unquote(parts.path), parse_qs(parts.query, keep_blank_values=True), body)
        session, key = self.headers.get("X-Metabase-Session"), self.headers.get("X-API-Key")
        self._send(self.stand_in.answer(request, session, key))

    def _send(self, answer: Answer) -> None:
        is_text = isinstance(answer.body, str)
        body = b"" if answer.body is None else (answer.body if is_text else json.dumps(answer.body)).encode()
        status = 204 if answer.body is None and answer.status == 200 else answer.status
        self.write(status, "text/plain" if is_text else "application/json;charset=utf-8", body)


@dataclass
class MetabaseStandIn(http_server.HttpStandIn):
    """The stand-in as a context manager: `with MetabaseStandIn() as metabase: metabase.url`.

    `catalog` gives the tables of a database; `is_paid` allows clearing the cache; `version` is 62 or 63. Two properties
    of 0.63 are unknown: whether template tags are a list in the legacy format too (`has_legacy_tag_list`),
    and whether a filter's `required` and `isMultiSelect` are kept (`declares_editor_keys`).
    `delay_seconds` is how long a sync and the columns of a saved card take, `environment` the settings that environment
    variables give to Metabase. `requests` are the requests so far, `writes` those among them that change something.
    """

    handler = _Handler
    catalog: Catalog = catalog
    is_paid: bool = False
    version: int = NEWEST
    has_legacy_tag_list: bool = True
    declares_editor_keys: bool = True
    delay_seconds: float = 0.05
    environment: Mapping[str, str] = field(default_factory=dict)
    requests: list[Logged] = field(default_factory=list)
    _fails_at: int | None = None
    _fails: Literal["before", "after"] = "before"

    def __post_init__(self) -> None:
        self.state = State(
            self.catalog, self.is_paid, self.version, self.has_legacy_tag_list, self.declares_editor_keys,
            self.delay_seconds, self.environment,
        )  # fmt: skip
        self._lock = threading.Lock()

    @classmethod
    def like(cls, other: MetabaseStandIn) -> MetabaseStandIn:
        """A copy of another stand-in and its state."""
        made = cls(other.catalog)
        made.state = deepcopy(other.state)
        return made

    @property
    def writes(self) -> list[Logged]:
        return [request for request in self.requests if request.is_write]

    def give_key(self) -> str:
        """An API key of the group Administrators."""
        request = Request("POST", "/api/api-key", {}, {"name": "given", "group_id": ADMINISTRATORS})
        request.user = next(user for user in self.state.all("user") if user["is_superuser"])
        return str(people.make_api_key(self.state, request)["unmasked_key"])

    def fail_at_write(self, number: int | None, when: Literal["before", "after"] = "before") -> None:
        """Let the write of this number (0 is the next) and all later requests fail, that write before or after it took
        effect. None ends the failure."""
        self._fails_at = None if number is None else len(self.writes) + number
        self._fails = when

    def answer(self, request: Request, session: str | None, key: str | None) -> Answer:
        """Answer a request, with an error if need be, and record it."""
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
        """How this request fails: the chosen write as requested, all later ones before they take effect."""
        if self._fails_at is None or len(self.writes) < self._fails_at:
            return None
        if len(self.writes) > self._fails_at:
            return "before"
        return self._fails if Logged(request.method, request.path, 0, {}).is_write else None

    def _true_answer(self, request: Request, session: str | None, key: str | None) -> Answer:
        self.state.catch_up()
        try:
            route, request.ids = find(request.method, request.path)
            request.user = people.caller(self.state, session, key)
            if request.user is None and not route.is_public:
                raise Refused(401, "Unauthenticated")
            body = route.handler(self.state, request)
        except Refused as refused:
            return Answer(refused.body, refused.status)
        return body if isinstance(body, Answer) else Answer(body)
