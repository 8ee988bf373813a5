"""A client for a shop's REST API, with retries.

Uses Basic authentication over https and OAuth 1.0a over http. The key is sent to the shop's own host only.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit

import oauthlib.oauth1
import requests
import requests.adapters
import requests.auth

from sources.retries import CONNECTION_FAILURES, Busy, TransientError, describe, retrying, transient_error
from sources.woocommerce.responses import (
    InvalidResponse,
    NotFound,
    ShopRefused,
    error_for,
    parse_array,
    parse_json,
    parse_object,
)

WORKERS = 4
ATTEMPTS = 7
CONNECT_SECONDS = 10.0
SILENCE_SECONDS = 60.0
ANSWER_SECONDS = 180.0
MAX_ANSWER_BYTES = 64 * 1024 * 1024
REDIRECTS = 5
ODD_ANSWERS = 3
INDEX = "/wp-json/"


@dataclass(frozen=True)
class Answer:
    """`value` is the JSON, `total` the X-WP-Total of a listing, `asked_at` when the request was sent, `shop_time` the
    latest time by the shop's clock that the answer is certain to include."""

    value: Any
    total: int | None
    asked_at: datetime
    shop_time: datetime


class _NoAuth(requests.auth.AuthBase):
    """Sends no credentials, and keeps `requests` from reading ~/.netrc."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class ShopClient:
    """A shop's API. `clock` returns the time for `asked_at`. Thread-safe: at most `WORKERS` requests run at once, and
    all of them wait while the shop is in trouble."""

    def __init__(self, url: str, key: str, secret: str, clock: Callable[[], datetime] | None = None) -> None:
        self.url = url.rstrip("/")
        self._key, self._secret = key, secret
        self._clock = clock or (lambda: datetime.now(UTC))
        self._session = requests.Session()
        self._session.headers.update({"Accept": "application/json", "User-Agent": "Kabar"})
        # Cookies would create sessions in the shop.
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        adapter = requests.adapters.HTTPAdapter(pool_connections=2, pool_maxsize=WORKERS * 2)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)
        self._lock = threading.Lock()
        self._slots = threading.Semaphore(WORKERS)
        self._paused_until = 0.0
        self.requests = 0

    def __enter__(self) -> ShopClient:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def now(self) -> datetime:
        """The time by the clock of `asked_at`."""
        return self._clock()

    def listing(self, path: str, **params: Any) -> Answer:
        """A page of a listing: `value` is a list and `total` is known. Raises ShopRefused."""
        answer = self._request_with_retries("GET", path, params, None, _read_listing)
        for _ in range(ODD_ANSWERS):
            if all(map(_is_identified, answer.value)):
                break
            # An object without an id cannot be fetched again later, so ask again in case it was an accident.
            answer = self._request_with_retries("GET", path, params, None, _read_listing)
        return answer

    def array(self, path: str, **params: Any) -> Answer:
        """A list that is not paged. Raises ShopRefused."""
        return self._request_with_retries("GET", path, params, None, parse_array)

    def object(self, path: str, **params: Any) -> Answer:
        """One object. Raises NotFound and ShopRefused."""
        return self._request_with_retries("GET", path, params, None, parse_object)

    def send(self, method: str, path: str, body: dict[str, Any]) -> Answer:
        """Create or change an object; `value` is the result. Raises as `object` does. Retried only if the shop said
        that it did nothing, so that nothing is created twice."""
        return self._request_with_retries(method, path, {}, body, parse_object)

    def _request_with_retries(
        self, method: str, path: str, params: dict[str, Any], body: Any, read: Callable[[Any, Any], Any]
    ) -> Answer:
        retried = (TransientError, *CONNECTION_FAILURES) if method == "GET" else (Busy,)
        attempts = retrying("woocommerce", ATTEMPTS, retried, self._pause)
        try:
            return attempts(self._once, method, path, params, body, read)
        except (TransientError, requests.RequestException) as error:
            # Without its cause, whose URL contains the signature over http.
            tries = f"{ATTEMPTS} tries" if isinstance(error, retried) else "1 try"
            raise ShopRefused(
                f"the shop gave no answer that can be used: {describe(error)} ({path}, {tries})"
            ) from None

    def _once(
        self, method: str, path: str, params: dict[str, Any], body: Any, read: Callable[[Any, Any], Any]
    ) -> Answer:
        time.sleep(max(0.0, self._paused_until - time.monotonic()))
        url = f"{self.url}/wp-json{path}"
        if params:
            url += "?" + urlencode({name: _query_value(value) for name, value in params.items()}, quote_via=quote)
        with self._slots:
            asked_at, started = self._clock(), time.monotonic()
            response, content = self._follow(method, url, body)
        _require_success(response, content)
        value = parse_json(content)
        answer = read(value, response.headers)
        total = response.headers.get("X-WP-Total", "")
        # The answer was assembled before it was dated.
        shop_time = _date(response) - timedelta(seconds=time.monotonic() - started)
        return Answer(answer, int(total) if total.isdecimal() else None, asked_at, shop_time)

    def _follow(self, method: str, url: str, body: Any) -> tuple[requests.Response, bytes]:
        for _ in range(REDIRECTS):
            with self._request(method, url, body) as response:
                content = _content(response)
            if response.status_code not in (301, 302, 303, 307, 308):
                return response, content
            url = self._redirected(method, response, url)
        raise ShopRefused(f"the shop sends every request on to another address ({REDIRECTS} in a row)")

    def _request(self, method: str, url: str, body: Any) -> requests.Response:
        with self._lock:
            self.requests += 1
        auth: Any = _NoAuth()
        # On its index WordPress would take the key for a user's password and refuse the request.
        if not urlsplit(url).path.endswith(INDEX):
            if urlsplit(url).scheme == "https":
                auth = (self._key, self._secret)
            else:
                url = self._signed(method, url)
        return self._session.request(
            method, url, json=body, auth=auth, allow_redirects=False, stream=True,
            timeout=(CONNECT_SECONDS, SILENCE_SECONDS),
        )  # fmt: skip

    def _signed(self, method: str, url: str) -> str:
        signer = oauthlib.oauth1.Client(
            self._key,
            client_secret=self._secret,
            signature_method=oauthlib.oauth1.SIGNATURE_HMAC_SHA256,
            signature_type=oauthlib.oauth1.SIGNATURE_TYPE_QUERY,
        )
        return str(signer.sign(url, http_method=method)[0])  # type: ignore[arg-type]

    def _redirected(self, method: str, response: requests.Response, url: str) -> str:
        """The target of a redirect, if the key may be sent there. Raises ShopRefused."""
        target = urlsplit(urljoin(url, response.headers.get("Location", "")))
        if not _is_same_shop(urlsplit(self.url), target):
            place = f"{target.scheme}://{target.netloc.rpartition('@')[2]}"
            raise ShopRefused(
                f"the shop sends us on to {place}, which is not the address that its key was given for: "
                "connect the shop under the address that it answers at itself"
            )
        if method != "GET" and response.status_code not in (307, 308):
            raise ShopRefused("the shop sends us on where it should have done something: check its address")
        asked = [pair for pair in parse_qsl(target.query, keep_blank_values=True) if not pair[0].startswith("oauth_")]
        return target._replace(query=urlencode(asked, quote_via=quote), fragment="").geturl()

    def _pause(self, error: BaseException, seconds: float) -> None:
        if not isinstance(error, InvalidResponse):
            self._paused_until = max(self._paused_until, time.monotonic() + seconds)


def _read_listing(value: Any, headers: Any) -> list[Any]:
    if not str(headers.get("X-WP-Total", "")).isdecimal():
        raise InvalidResponse("a listing without the header X-WP-Total (does a proxy take it away?)")
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


def _content(response: requests.Response) -> bytes:
    """The body, limited in size and time: the read timeout only limits the wait between two bytes."""
    until = time.monotonic() + ANSWER_SECONDS
    parts, size = [], 0
    for part in response.iter_content(64 * 1024):
        parts.append(part)
        size += len(part)
        if size > MAX_ANSWER_BYTES or time.monotonic() > until:
            raise InvalidResponse("an answer without an end")
    return b"".join(parts)


def _is_same_shop(ours: Any, target: Any) -> bool:
    """Whether a redirect stays on the shop's host and port, or only changes http to https."""
    if target.scheme not in ("http", "https") or target.username or ours.hostname != target.hostname:
        return False
    if (ours.scheme, target.scheme) == ("http", "https"):
        return (ours.port or 80, target.port or 443) == (80, 443) or ours.port == target.port
    return bool(ours.scheme == target.scheme and ours.port == target.port)


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
