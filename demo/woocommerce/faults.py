"""Faults of answers, as hosts, proxies, plugins and old data cause them."""

from __future__ import annotations

import json
import random
import threading
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from demo.woocommerce.answers import encode
from demo.woocommerce.object_faults import ObjectFaults

KINDS = (
    "throttled",  # 429 with Retry-After
    "error_500",  # a critical error in JSON
    "bad_gateway",  # 502 with an HTML page
    "slow",  # the correct answer, late
    "silent",  # no answer at all: the connection stays open, then closes
    "reset",  # the connection is reset
    "truncated",  # truncated JSON with a matching Content-Length
    "cut",  # the connection closes in the middle
    "html_200",  # an HTML page with status 200
    "warnings",  # PHP's warnings, then the JSON
    "redirect",  # 301 to the same host, with a trailing slash or under /index.php
    "nulls",  # null instead of empty strings
    "retyped",  # numbers as strings, amounts as numbers
    "missing_keys",  # no keys with empty values
    "bad_object",  # one object of the page lacks required fields
)
HARMLESS = ("slow", "warnings", "redirect", "nulls", "retyped", "missing_keys")
# Faults that replace the answer, with their status and the title of the page of HTML. WordPress's own 500 is JSON.
PAGES = {
    "throttled": (429, b"429 Too Many Requests"),
    "error_500": (500, b""),
    "bad_gateway": (502, b"502 Bad Gateway"),
    "gateway_timeout": (504, b"504 Gateway Time-out"),
    "firewall": (403, b"403 Forbidden"),
}
_MONEY = {"total", "total_tax", "subtotal", "subtotal_tax", "amount", "shipping_total", "discount_total", "cart_tax"}
_WARNING = (
    b'<br />\n<b>Warning</b>:  Undefined array key "tracking" in <b>/var/www/html/wp-content/plugins/parcels/'
    b"class-parcels.php</b> on line <b>214</b><br />\n"
)
_PAGE = b"<!DOCTYPE html><html><head><title>%s</title></head><body><h1>%s</h1></body></html>"


@dataclass
class Faults:
    """A request fails with `probability` in one of `kinds`, by a seeded generator; `always` applies to every answer.
    `objects` are the faults of single objects.

    `fail(...)` sets the faults of the next requests, one each, None for none. `only` limits faults to paths with that
    text. `retry_after` is the value for a 429 in seconds (an earlier request gets 429 again if `minds_haste`),
    `slow_seconds` the delay of a slow answer, `silent_seconds` the time before a silent connection closes.
    """

    probability: float = 0
    kinds: tuple[str, ...] = KINDS
    seed: int = 0
    always: tuple[str, ...] = ()
    only: str = ""
    retry_after: int = 1
    minds_haste: bool = False
    objects: ObjectFaults = field(default_factory=ObjectFaults)
    slow_seconds: float = 0.2
    silent_seconds: float = 5
    _next: deque[str | None] = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)

    def fail(self, *kinds: str | None) -> None:
        unknown = [kind for kind in kinds if kind is not None and kind not in KINDS]
        if unknown:
            raise ValueError(f"no such fault: {', '.join(unknown)}")
        with self._lock:
            self._next.extend(kinds)

    def draw(self, path: str) -> str | None:
        """Choose the fault of a request."""
        with self._lock:
            if self.only not in path:
                return None
            if self._next:
                return self._next.popleft()
            return self._dice.choice(self.kinds) if self._dice.random() < self.probability else None

    def reshape(self, kind: str | None, answer: Any) -> Any:
        """The answer's objects as a shop with old data and faulty plugins returns them."""
        for each in (*self.always, kind):
            if each == "nulls":
                answer = _mapped(answer, _null)
            elif each == "retyped":
                answer = _mapped(answer, _retyped)
            elif each == "missing_keys":
                answer = _without_empty(answer)
            elif each == "bad_object":
                answer = self._broken(answer)
        return answer

    def spoil(self, kind: str | None, body: bytes) -> bytes:
        """The answer's bytes as a broken transport or a plugin leaves them."""
        if kind == "warnings" or "warnings" in self.always:
            return _WARNING + body
        if kind == "truncated":
            return body[: len(body) * 2 // 3]
        if kind == "html_200":
            return _PAGE % (b"One moment", b"One moment, please")
        return body

    def _broken(self, answer: Any) -> Any:
        whole = [place for place, each in enumerate(answer) if _is_object(each)] if isinstance(answer, list) else []
        if not whole:
            return _break(answer, self._dice) if _is_object(answer) else answer
        place = self._dice.choice(whole)
        return [_break(each, self._dice) if n == place else each for n, each in enumerate(answer)]


def _is_object(answer: Any) -> bool:
    return isinstance(answer, dict) and {"id", "date_created_gmt"} <= answer.keys()


def _break(record: dict[str, Any], dice: random.Random) -> Any:
    """An unreadable object: not an object, without an id, or an order or refund without time or amount."""
    money = [name for name in ("total", "amount") if name in record]
    names = [*money, "date_created_gmt"] if money else []
    choices: list[Any] = [{**record, name: None} for name in names]
    choices += [{n: value for n, value in record.items() if n != name} for name in names]
    choices += [{**record, name: "broken"} for name in names]
    return dice.choice([*choices, {**record, "id": None}, False, "", None])


def _mapped(value: Any, change: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _mapped(each, change, key) for key, each in value.items()}
    if isinstance(value, list):
        return [_mapped(each, change, name) for each in value]
    return change(name, value)


def _null(name: str, value: Any) -> Any:
    return None if value == "" else value


def _retyped(name: str, value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if name in _MONEY and isinstance(value, str) and value:
        return json.loads(value) if _is_number(value) else value
    return value


def _is_number(text: str) -> bool:
    try:
        return isinstance(json.loads(text), int | float)
    except ValueError:
        return False


def _without_empty(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_empty(each) for key, each in value.items() if each not in ("", None)}
    return [_without_empty(each) for each in value] if isinstance(value, list) else value


def page(kind: str) -> tuple[int, str, bytes]:
    """Status, content type and body of a fault that replaces the answer."""
    status, title = PAGES[kind]
    if kind == "error_500":
        message = "<p>There has been a critical error on this website.</p>"
        body = {"code": "internal_server_error", "message": message, "data": {"status": status}}
        return status, "application/json; charset=UTF-8", encode(body)
    return status, "text/html", _PAGE % (title, title)
