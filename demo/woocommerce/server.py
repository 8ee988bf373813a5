"""The stand-in: an HTTP server over a shop in memory."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from email.utils import format_datetime
from math import ceil
from urllib.parse import urlsplit

from demo import http_server
from demo.woocommerce.answers import Refused, encode
from demo.woocommerce.caches import Cache
from demo.woocommerce.faults import PAGES, Faults, page
from demo.woocommerce.oauth import ApiKey, Gate
from demo.woocommerce.query import pairs_of
from demo.woocommerce.routes import Answer, Routes
from demo.woocommerce.shop import Shop
from demo.woocommerce.webhooks import Webhooks

_SECONDS_A_REQUEST = 0.1
_SECONDS_AN_OBJECT = 0.018
_SECONDS_A_CUT_OBJECT = 0.004


@dataclass
class Request:
    """A request; times are of `time.monotonic()` in seconds. `fault` names how it was made to fail."""

    method: str
    path: str
    params: dict[str, str]
    started: float
    ended: float = 0
    status: int = 0
    rows: int = 0
    fault: str | None = None


@dataclass
class Speed:
    """How long answers take. `factor` 1 is as measured at a real shop (a full page of 100 orders 1.9 s, with `_fields`
    0.5 s), 0 is without delay. The PHP `workers` share the `cores`: four workers take half as long as one."""

    factor: float = 0
    workers: int = 4
    cores: int = 2


class _Handler(http_server.Handler):
    stand_in: WooCommerceStandIn

    def respond(self) -> None:
        stand_in, faults = self.stand_in, self.stand_in.faults
        body = self.body()
        authorization = self.headers.get("Authorization")
        request = stand_in.started(self.command, self.path)
        try:
            if not self._fails(request):
                answer = stand_in.cache.through(
                    self.command, self.path, lambda: stand_in.answer(request, self.path, authorization, body)
                )
                self._send(request, answer, faults)
        finally:
            request.ended = time.monotonic()

    def _fails(self, request: Request) -> bool:
        """Whether a fault replaced the answer."""
        faults = self.stand_in.faults
        if request.fault == "slow":
            time.sleep(faults.slow_seconds)
        if request.fault in ("silent", "reset"):
            time.sleep(faults.silent_seconds if request.fault == "silent" else 0)
            self._hang_up()
            return True
        if request.fault in PAGES:
            status, kind, body = page(request.fault)
            extra = {"Retry-After": str(self.stand_in.retry_after)} if status == 429 else {}
            self._write(request, status, kind, body, extra)
            return True
        if request.fault == "redirect":
            return self._redirects(request)
        return False

    def _redirects(self, request: Request) -> bool:
        path, _, query = self.path.partition("?")
        path = f"/index.php{path}" if not path.startswith("/index.php") else path.rstrip("/") + "/"
        location = f"{self.stand_in.url}{path}{'?' if query else ''}{query}"
        self._write(request, 301, "text/html", b"", {"Location": location})
        return True

    def _send(self, request: Request, answer: Answer, faults: Faults) -> None:
        if request.fault is None and answer.status == 200:
            request.fault = faults.objects.way(request.path, request.params, answer.body)
            if request.fault and self._fails(request):
                return
        if isinstance(answer.body, bytes):
            self._write(request, answer.status, "text/html; charset=UTF-8", answer.body, answer.headers)
            return
        shown = faults.reshape(request.fault, answer.body) if answer.status == 200 else answer.body
        body = faults.spoil(request.fault, encode(shown))
        kind = "text/html" if request.fault == "html_200" else "application/json; charset=UTF-8"
        status = 200 if request.fault == "html_200" else answer.status
        self._write(request, status, kind, body, answer.headers)

    def _write(self, request: Request, status: int, kind: str, body: bytes, headers: dict[str, str]) -> None:
        request.status = status
        self.write(status, kind, body, headers, len(body) // 2 if request.fault == "cut" else None)

    def date_time_string(self, timestamp: float | None = None) -> str:
        return format_datetime(self.stand_in.shop.clock(), usegmt=True)

    def _hang_up(self) -> None:
        with suppress(OSError):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.shutdown(socket.SHUT_RD)
            self.connection.close()
        self.close_connection = True


@dataclass
class WooCommerceStandIn(http_server.HttpStandIn):
    """The stand-in as a context manager: `with WooCommerceStandIn(shop) as stand_in: stand_in.url`.

    Over plain http WooCommerce accepts OAuth 1.0a only. With `trusts_basic` it behaves as behind https and accepts
    Basic as well. With `certificate` it answers over https; with `drops_authorization` the server in front passes no
    header `Authorization` on. The API is below `prefix`, which the home page names unless `announces_prefix` is False.
    `cache` is a cache in front of it. `requests` are the requests so far; `webhooks.send()` delivers pending webhooks.
    """

    handler = _Handler
    shop: Shop
    trusts_basic: bool = False
    drops_authorization: bool = False
    prefix: str = "/wp-json"
    announces_prefix: bool = True
    certificate: tuple[str, str] | None = None
    cache: Cache = field(default_factory=Cache)
    key: str = "ck_0123456789abcdef0123456789abcdef01234567"
    secret: str = "cs_0123456789abcdef0123456789abcdef01234567"  # noqa: S105 (of a stand-in)
    read_only_key: str = "ck_00000000000000000000000000000000readonly"
    faults: Faults = field(default_factory=Faults)
    speed: Speed = field(default_factory=Speed)
    requests: list[Request] = field(default_factory=list)
    _quiet_until: float = 0

    def __post_init__(self) -> None:
        self.webhooks = Webhooks(self.shop, lambda: self.url)
        self._routes = Routes(self.shop, self.webhooks)
        self._gate = Gate([ApiKey(self.key, self.secret), ApiKey(self.read_only_key, self.secret, "read")])
        self._workers = threading.Semaphore(self.speed.workers)
        self._cores = threading.Semaphore(self.speed.cores)

    def started(self, method: str, target: str) -> Request:
        """Record a request and decide how it fails."""
        parts = urlsplit(target)
        request = Request(method, parts.path, dict(pairs_of(parts.query)), time.monotonic())
        request.fault = self._hasty() or self.faults.draw(parts.path)
        if request.fault == "throttled" and self.faults.minds_haste:
            self._quiet_until = max(self._quiet_until, time.monotonic() + self.faults.retry_after)
        self.requests.append(request)
        return request

    def _hasty(self) -> str | None:
        return "throttled" if time.monotonic() < self._quiet_until else None

    @property
    def retry_after(self) -> int:
        return max(self.faults.retry_after, ceil(self._quiet_until - time.monotonic()))

    def _prefixes(self) -> tuple[str, ...]:
        """The API's address with and without `index.php`, which WordPress both answers."""
        return (self.prefix,) if "index.php" in self.prefix else (f"/index.php{self.prefix}", self.prefix)

    def _home(self) -> Answer:
        link = f'<{self.url}{self.prefix}/>; rel="https://api.w.org/"'
        headers = {"Link": link} if self.announces_prefix else {}
        return Answer(b"<!DOCTYPE html><title>A shop</title>", headers=headers)

    def answer(self, request: Request, target: str, authorization: str | None, body: bytes) -> Answer:
        """Answer a request, with an error if need be, as slowly as the shop would."""
        with self._workers, self._cores if self.speed.factor else nullcontext():
            begun = time.monotonic()
            try:
                answer = self._true_answer(request, target, authorization, body)
            except Refused as refused:
                answer = Answer(refused.body, refused.status, rows=0)
            request.rows = answer.rows
            each = _SECONDS_A_CUT_OBJECT if "_fields" in request.params else _SECONDS_AN_OBJECT
            due = begun + self.speed.factor * (_SECONDS_A_REQUEST + each * answer.rows)
            time.sleep(max(0, due - time.monotonic()))
        return answer

    def _true_answer(self, request: Request, target: str, authorization: str | None, body: bytes) -> Answer:
        parts = urlsplit(target)
        prefix = next((each for each in self._prefixes() if f"{parts.path}/".startswith(f"{each}/")), None)
        if parts.path == "/":
            return self._home()
        if prefix is None:
            return Answer(b"<!DOCTYPE html><title>Page not found</title>", 404)
        pairs = pairs_of(parts.query)
        authorization = None if self.drops_authorization else authorization
        is_https = self.trusts_basic or self.certificate is not None
        known = self._gate.admit(request.method, self.url + parts.path, pairs, authorization, is_https)
        try:
            given = json.loads(body) if body else None
        except ValueError as error:
            raise Refused(400, "rest_invalid_json", "Invalid JSON body passed.") from error
        path = parts.path.removeprefix(prefix)
        if path in ("", "/") and authorization and authorization.lower().startswith("basic "):
            # WordPress takes the key for an application password of a user.
            raise Refused(401, "incorrect_password", "The provided password is an invalid application password.")
        return self._routes.answer(request.method, path, pairs, given, known is not None)
