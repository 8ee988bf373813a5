"""The shop's REST API over HTTP, asked patiently: what may pass is tried again, what cannot is said in plain words.

Basic authentication over https, OAuth 1.0a over http. The key goes to the shop's own host and to no other.
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

from sources.retries import CONNECTION_FAILURES, Busy, TryAgain, described, passing_status, retrying
from sources.woocommerce.responses import Broken, NotThere, ShopRefused, array_in, json_in, object_in, refusal

WORKERS = 4
ATTEMPTS = 7
CONNECT_SECONDS = 10.0
SILENCE_SECONDS = 60.0
ANSWER_SECONDS = 180.0
LARGEST_ANSWER = 64 * 1024 * 1024
REDIRECTS = 5
ODD_ANSWERS = 3
INDEX = "/wp-json/"


@dataclass(frozen=True)
class Answer:
    """What the shop answered: `value` is the JSON, `total` the X-WP-Total of a listing, `asked_at` when the request
    left, `shop_time` the latest moment (by the shop's clock) that the answer surely knows of."""

    value: Any
    total: int | None
    asked_at: datetime
    shop_time: datetime


class _AsIs(requests.auth.AuthBase):
    """Leaves a request alone; given, it keeps `requests` from looking for a password in ~/.netrc."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class ShopClient:
    """A shop's API. `clock` gives the time that `asked_at` is told in. May be used by any number of threads: so many
    requests as there are `WORKERS` are under way at once, and when the shop is in trouble all of them wait."""

    def __init__(self, url: str, key: str, secret: str, clock: Callable[[], datetime] | None = None) -> None:
        self.url = url.rstrip("/")
        self._key, self._secret = key, secret
        self._clock = clock or (lambda: datetime.now(UTC))
        self._session = requests.Session()
        self._session.headers.update({"Accept": "application/json", "User-Agent": "Kabar"})
        # A shop's cookies would make sessions there, and tie requests together that are not.
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        adapter = requests.adapters.HTTPAdapter(pool_connections=2, pool_maxsize=WORKERS * 2)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)
        self._lock = threading.Lock()
        self._slots = threading.Semaphore(WORKERS)
        self._quiet_until = 0.0
        self.requests = 0

    def __enter__(self) -> ShopClient:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def now(self) -> datetime:
        """The time that `asked_at` is told in."""
        return self._clock()

    def listing(self, path: str, **params: Any) -> Answer:
        """A page of a listing, `value` a list and `total` known. Raises ShopRefused."""
        answer = self._patiently("GET", path, params, None, _read_listing)
        for _ in range(ODD_ANSWERS):
            if all(map(_is_identified, answer.value)):
                break
            # What has no id could not be asked for again later. Once is an accident, always is data.
            answer = self._patiently("GET", path, params, None, _read_listing)
        return answer

    def array(self, path: str, **params: Any) -> Answer:
        """An answer that is a list and no page of a listing. Raises ShopRefused."""
        return self._patiently("GET", path, params, None, array_in)

    def object(self, path: str, **params: Any) -> Answer:
        """One object. Raises NotThere if the shop says that it has none such, and ShopRefused."""
        return self._patiently("GET", path, params, None, object_in)

    def send(self, method: str, path: str, body: dict[str, Any]) -> Answer:
        """Have something made or changed, `value` being the object afterwards. Raises as `object`. Tried again only
        where the shop said that it did nothing, so that nothing is made twice."""
        return self._patiently(method, path, {}, body, object_in)

    def _patiently(
        self, method: str, path: str, params: dict[str, Any], body: Any, read: Callable[[Any, Any], Any]
    ) -> Answer:
        passing = (TryAgain, *CONNECTION_FAILURES) if method == "GET" else (Busy,)
        attempts = retrying("woocommerce", ATTEMPTS, passing, self._keep_quiet)
        try:
            return attempts(self._once, method, path, params, body, read)
        except (TryAgain, requests.RequestException) as error:
            # Not with its cause: over http that holds the address with the key in it.
            tries = f"{ATTEMPTS} tries" if isinstance(error, passing) else "1 try"
            raise ShopRefused(
                f"the shop gave no answer that can be used: {described(error)} ({path}, {tries})"
            ) from None

    def _once(
        self, method: str, path: str, params: dict[str, Any], body: Any, read: Callable[[Any, Any], Any]
    ) -> Answer:
        time.sleep(max(0.0, self._quiet_until - time.monotonic()))
        url = f"{self.url}/wp-json{path}"
        if params:
            url += "?" + urlencode({name: _written(value) for name, value in params.items()}, quote_via=quote)
        with self._slots:
            asked_at, started = self._clock(), time.monotonic()
            response, content = self._follow(method, url, body)
        _require_success(response, content)
        value = json_in(content)
        answer = read(value, response.headers)
        total = response.headers.get("X-WP-Total", "")
        # The answer was put together before it was dated: what happened meanwhile may not be in it.
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
        auth: Any = _AsIs()
        # WooCommerce looks at its key only where an address is its own; WordPress itself would take it for a user's
        # password, and refuse its index to whoever has a wrong one.
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
        """Where a redirect leads, if the key may go there. Raises ShopRefused."""
        target = urlsplit(urljoin(url, response.headers.get("Location", "")))
        if not _same_place(urlsplit(self.url), target):
            place = f"{target.scheme}://{target.netloc.rpartition('@')[2]}"
            raise ShopRefused(
                f"the shop sends us on to {place}, which is not the address that its key was given for: "
                "connect the shop under the address that it answers at itself"
            )
        if method != "GET" and response.status_code not in (307, 308):
            raise ShopRefused("the shop sends us on where it should have done something: check its address")
        asked = [pair for pair in parse_qsl(target.query, keep_blank_values=True) if not pair[0].startswith("oauth_")]
        return target._replace(query=urlencode(asked, quote_via=quote), fragment="").geturl()

    def _keep_quiet(self, error: BaseException, seconds: float) -> None:
        if not isinstance(error, Broken):
            self._quiet_until = max(self._quiet_until, time.monotonic() + seconds)


def _read_listing(value: Any, headers: Any) -> list[Any]:
    if not str(headers.get("X-WP-Total", "")).isdecimal():
        raise Broken("a listing without the header X-WP-Total (does a proxy take it away?)")
    return array_in(value, headers)


def _is_identified(each: Any) -> bool:
    return isinstance(each, dict) and bool(each.get("id") or each.get("order_id"))


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        # Naive UTC: with a zone in it the shop shifts the time once more and loses rows.
        return value.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat()
    if isinstance(value, list | tuple):
        return ",".join(map(str, value))
    return str(value)


def _content(response: requests.Response) -> bytes:
    """The body, within a limit of size and time: a read's own timeout only bounds the silence between two bytes."""
    until = time.monotonic() + ANSWER_SECONDS
    parts, size = [], 0
    for part in response.iter_content(64 * 1024):
        parts.append(part)
        size += len(part)
        if size > LARGEST_ANSWER or time.monotonic() > until:
            raise Broken("an answer without an end")
    return b"".join(parts)


def _same_place(ours: Any, target: Any) -> bool:
    """Whether a redirect stays with the shop: same host and port, or the same host's https instead of its http."""
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
    refused = refusal(response.status_code, content)
    passing = passing_status(response.status_code, response.headers.get("Retry-After"))
    raise passing if passing and not isinstance(refused, NotThere) else refused


__all__ = ["ATTEMPTS", "WORKERS", "Answer", "NotThere", "ShopClient", "ShopRefused"]
