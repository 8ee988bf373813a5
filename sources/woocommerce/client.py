"""A client for a shop's REST API, with retries."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlencode

import requests

from sources.retries import CONNECTION_FAILURES, Busy, TransientError, describe, retrying, transient_error
from sources.woocommerce.responses import (
    InvalidResponse,
    NotFound,
    ShopRefused,
    TooLarge,
    Unanswered,
    error_for,
    parse_array,
    parse_json,
    parse_object,
)
from sources.woocommerce.transport import ANSWER_SECONDS, WORKERS, Transport

ATTEMPTS = 7
ODD_ANSWERS = 3


@dataclass(frozen=True)
class Answer:
    """`value` is the JSON, `total` the X-WP-Total of a listing, `asked_at` when the request was sent, `shop_time` the
    latest time by the shop's clock that the answer is certain to include."""

    value: Any
    total: int | None
    asked_at: datetime
    shop_time: datetime


class ShopClient:
    """A shop's API. `clock` returns the time for `asked_at`. Thread-safe: at most `WORKERS` requests run at once, and
    all of them wait after a failure. `page_size` is how many objects the shop can list at once."""

    def __init__(
        self,
        url: str,
        key: str,
        secret: str,
        clock: Callable[[], datetime] | None = None,
        page_size: int | None = None,
        patience: float = ANSWER_SECONDS,
    ) -> None:
        self._transport = Transport(url, key, secret, patience)
        self._clock = clock or (lambda: datetime.now(UTC))
        self._slots = threading.Semaphore(WORKERS)
        self._paused_until = 0.0
        self.page_size = page_size

    def __enter__(self) -> ShopClient:
        return self

    def __exit__(self, *_: object) -> None:
        self._transport.close()

    @property
    def requests(self) -> int:
        return self._transport.requests

    def now(self) -> datetime:
        """The time by the clock of `asked_at`."""
        return self._clock()

    def listing(self, path: str, *, attempts: int = ATTEMPTS, **params: Any) -> Answer:
        """A page of a listing: `value` is a list and `total` is known. Raises ShopRefused."""
        answer = self._request_with_retries("GET", path, params, None, _read_listing, attempts)
        for _ in range(ODD_ANSWERS):
            if all(map(_is_identified, answer.value)):
                break
            # An object without an id cannot be fetched again later, so ask again in case it was an accident.
            answer = self._request_with_retries("GET", path, params, None, _read_listing, attempts)
        return answer

    def array(self, path: str, **params: Any) -> Answer:
        """A list that is not paged. Raises ShopRefused."""
        return self._request_with_retries("GET", path, params, None, parse_array)

    def object(self, path: str, *, attempts: int = ATTEMPTS, **params: Any) -> Answer:
        """One object. Raises NotFound and ShopRefused."""
        return self._request_with_retries("GET", path, params, None, parse_object, attempts)

    def send(self, method: str, path: str, body: dict[str, Any]) -> Answer:
        """Create or change an object; `value` is the result. Raises as `object` does. Retried only if the shop said
        that it did nothing, so that nothing is created twice."""
        return self._request_with_retries(method, path, {}, body, parse_object)

    def _request_with_retries(
        self,
        method: str,
        path: str,
        params: dict[str, Any],
        body: Any,
        read: Callable[[Any, Any], Any],
        attempts: int = ATTEMPTS,
    ) -> Answer:
        """An answer. `attempts` bounds the tries of requests that fail, not of those that the shop asks to repeat."""
        retried = (TransientError, *CONNECTION_FAILURES) if method == "GET" else (Busy,)
        call = retrying("woocommerce", lambda error: _attempts(error, attempts), retried, self._pause)
        try:
            return call(self._once, method, path, params, body, read)
        except (TransientError, requests.RequestException) as error:
            # Without its cause, whose URL contains the signature over http.
            count = _attempts(error, attempts) if isinstance(error, retried) else 1
            reason = f"{describe(error)} ({path}, {count} {'try' if count == 1 else 'tries'})"
            refused = ShopRefused if isinstance(error, Busy) else Unanswered
            raise refused(f"the shop gave no usable answer: {reason}") from None

    def _once(
        self, method: str, path: str, params: dict[str, Any], body: Any, read: Callable[[Any, Any], Any]
    ) -> Answer:
        time.sleep(max(0.0, self._paused_until - time.monotonic()))
        query = urlencode({name: _query_value(value) for name, value in params.items()}, quote_via=quote)
        with self._slots:
            asked_at, started = self._clock(), time.monotonic()
            response, content = self._transport.exchange(method, path, query, body)
        _require_success(response, content)
        value = parse_json(content)
        answer = read(value, response.headers)
        total = response.headers.get("X-WP-Total", "")
        # The answer was assembled before it was dated.
        shop_time = _date(response) - timedelta(seconds=time.monotonic() - started)
        return Answer(answer, int(total) if total.isdecimal() else None, asked_at, shop_time)

    def _pause(self, error: BaseException, seconds: float) -> None:
        if not isinstance(error, InvalidResponse):
            self._paused_until = max(self._paused_until, time.monotonic() + seconds)


def _attempts(error: BaseException, attempts: int) -> int:
    """How often a request that fails with an error is tried: less often if fewer objects may help."""
    if isinstance(error, Busy):
        return ATTEMPTS
    if attempts < ATTEMPTS and isinstance(error, TooLarge | requests.Timeout):
        return 1
    return attempts


def _read_listing(value: Any, headers: Any) -> list[Any]:
    if not str(headers.get("X-WP-Total", "")).isdecimal():
        raise InvalidResponse("a listing without the header X-WP-Total (does a proxy remove it?)")
    return parse_array(value, headers)


def _is_identified(each: Any) -> bool:
    return isinstance(each, dict) and bool(each.get("id") or each.get("order_id"))


def _query_value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        # Naive UTC: WooCommerce shifts a time with an offset once more, and rows are lost.
        return value.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat()
    if isinstance(value, list | tuple):
        return ",".join(map(str, value))
    return str(value)


def _date(response: requests.Response) -> datetime:
    try:
        return parsedate_to_datetime(response.headers.get("Date", "")).astimezone(UTC)
    except (TypeError, ValueError):
        return datetime.now(UTC) - timedelta(minutes=1)


def _require_success(response: requests.Response, content: bytes) -> None:
    if response.status_code < 400:
        return
    refused = error_for(response.status_code, content)
    transient = transient_error(response.status_code, response.headers.get("Retry-After"))
    raise transient if transient and not isinstance(refused, NotFound) else refused
