"""Sends requests to a shop's REST API: where it is, how the key is sent, and which redirects are followed.

The key is sent to the shop's own host only. Over http requests are signed (OAuth 1.0a). Over https the key is in the
header `Authorization`; servers that drop the header are sent a signature, and if that fails the key in the address.
"""

from __future__ import annotations

import re
import secrets
import threading
import time
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit

import oauthlib.oauth1
import requests
import requests.adapters
import requests.auth
import structlog

from sources.woocommerce.responses import (
    InvalidResponse,
    ShopRefused,
    TooLarge,
    error_code,
    is_wordpress,
    parse_json,
)

WORKERS = 4
CONNECT_SECONDS = 10.0
SILENCE_SECONDS = 60.0
ANSWER_SECONDS = 180.0
MAX_ANSWER_BYTES = 64 * 1024 * 1024
MAX_HOME_BYTES = 1024 * 1024
REDIRECTS = 5
PREFIX = "/wp-json"
BASIC, SIGNATURE, QUERY = "basic", "signature", "query"
# Not a random parameter over http, where each signature makes the address new.
UNIQUE = "_"
_LINK = re.compile(r"<link\b[^>]*>", re.IGNORECASE)
_REL = re.compile(r"""\brel\s*=\s*["']?https://api\.w\.org/""", re.IGNORECASE)
_HREF = re.compile(r"""\bhref\s*=\s*["']([^"']+)["']""", re.IGNORECASE)

log = structlog.get_logger()


class _NoAuth(requests.auth.AuthBase):
    """Sends no credentials, and keeps `requests` from reading ~/.netrc."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class Transport:
    """One shop's address and key. Thread-safe. `requests` counts the requests."""

    def __init__(self, url: str, key: str, secret: str, patience: float = ANSWER_SECONDS) -> None:
        """`patience` is how many seconds an answer may take."""
        self._patience = patience
        self._timeout = (min(CONNECT_SECONDS, patience), min(SILENCE_SECONDS, patience))
        self.url = url.rstrip("/")
        self._key, self._secret = key, secret
        self._root = self.url + PREFIX
        self._is_root_certain = self._has_looked = False
        self._https_auth, self._is_auth_certain = BASIC, False
        self._lock, self._finding = threading.Lock(), threading.Lock()
        self.requests = 0
        self._session = requests.Session()
        # Hosts and plugins cache answers of the API.
        self._session.headers.update(
            {"Accept": "application/json", "User-Agent": "Kabar", "Cache-Control": "no-cache", "Pragma": "no-cache"}
        )
        # Cookies would create sessions in the shop.
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        adapter = requests.adapters.HTTPAdapter(pool_connections=2, pool_maxsize=WORKERS * 2)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def close(self) -> None:
        self._session.close()

    def exchange(self, method: str, path: str, query: str, body: Any) -> tuple[requests.Response, bytes]:
        """The response to a request below the API's root, and its body. Raises ShopRefused and InvalidResponse."""
        root = self._root
        response, content = self._authorised(method, root, path, query, body)
        if self._is_root_certain:
            return response, content
        if is_wordpress(content) and error_code(content) != "rest_no_route":
            self._is_root_certain = True
        elif response.status_code in (200, 404) and self._find_root(root):
            return self._authorised(method, self._root, path, query, body)
        return response, content

    def _authorised(self, method: str, root: str, path: str, query: str, body: Any) -> tuple[requests.Response, bytes]:
        """The response, with the key sent in the first way that the shop accepts."""
        url = root + path + (f"?{query}" if query else "")
        # On its index WordPress would take the key for a user's password and refuse the request.
        is_index = path == "/"
        first = self._follow(method, url, body, None if is_index else self._https_auth)
        if is_index or self._is_auth_certain or not first[0].url.startswith("https:"):
            return first
        if first[0].status_code != 401:
            self._is_auth_certain = first[0].status_code < 400
            return first
        for way in (SIGNATURE, QUERY):
            other = self._follow(method, url, body, way)
            if other[0].status_code < 400:
                log.info("woocommerce_other_authentication", way=way)
                self._https_auth, self._is_auth_certain = way, True
                return other
        return first

    def _follow(self, method: str, url: str, body: Any, way: str | None) -> tuple[requests.Response, bytes]:
        for _ in range(REDIRECTS):
            with self._request(method, url, body, way) as response:
                content = _content(response, MAX_ANSWER_BYTES, self._patience)
            if response.status_code not in (301, 302, 303, 307, 308):
                return response, content
            url = self._redirected(method, response, url)
        raise ShopRefused(f"the shop redirects every request to another address ({REDIRECTS} times in a row)")

    def _request(self, method: str, url: str, body: Any, way: str | None) -> requests.Response:
        with self._lock:
            self.requests += 1
        auth: Any = _NoAuth()
        if way and not url.startswith("https:"):
            url = self._signed(method, url)
        elif way == SIGNATURE:
            url = self._signed(method, _with(url, {UNIQUE: secrets.token_hex(8)}))
        elif way:
            auth = (self._key, self._secret) if way == BASIC else auth
            keys = {"consumer_key": self._key, "consumer_secret": self._secret} if way == QUERY else {}
            url = _with(url, {**keys, **({UNIQUE: secrets.token_hex(8)} if method == "GET" else {})})
        return self._session.request(
            method, url, json=body, auth=auth, allow_redirects=False, stream=True,
            timeout=self._timeout,
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
        if not is_same_shop(self.url, target):
            place = f"{target.scheme}://{target.netloc.rpartition('@')[2]}"
            raise ShopRefused(
                f"the shop redirects to {place}, which is not the address that its key was given for: "
                "connect the shop under the address that it redirects to, if it is the shop's own"
            )
        if method != "GET" and response.status_code not in (307, 308):
            raise ShopRefused("the shop redirects a request that should change something: check its address")
        ours = ("consumer_key", "consumer_secret", UNIQUE)
        asked = [
            pair
            for pair in parse_qsl(target.query, keep_blank_values=True)
            if not pair[0].startswith("oauth_") and pair[0] not in ours
        ]
        return target._replace(query=urlencode(asked, quote_via=quote), fragment="").geturl()

    def _find_root(self, tried: str) -> bool:
        """Whether the API is under another address than the one tried: the shop's address itself, or what its home page
        names. Looked up once."""
        with self._finding:
            if self._has_looked:
                return self._root != tried
            self._has_looked = True
            try:
                root = self._root_at_home()
            except (ShopRefused, InvalidResponse, requests.RequestException):
                return False
            self._is_root_certain = root is not None
            if root:
                log.info("woocommerce_other_root", path=urlsplit(root).path)
                self._root = root
            return self._root != tried

    def _root_at_home(self) -> str | None:
        with self._lock:
            self.requests += 1
        with self._session.get(self.url + "/", auth=_NoAuth(), stream=True, timeout=self._timeout) as home:
            content = _content(home, MAX_HOME_BYTES, self._patience)
        if is_index(content):
            return self.url
        link = home.links.get("https://api.w.org/", {}).get("url") or _link_in(content.decode("utf-8", "replace"))
        if not link:
            return None
        target = urlsplit(urljoin(home.url, link))
        if "rest_route=" in target.query:
            raise ShopRefused(
                "the shop's permalinks are plain, with which WooCommerce accepts no keys: choose others in WordPress, "
                "Settings, Permalinks"
            )
        return target._replace(query="", fragment="").geturl().rstrip("/") if is_same_shop(self.url, target) else None


def is_index(content: bytes) -> bool:
    """Whether a response is WordPress's index."""
    try:
        value = parse_json(content)
    except InvalidResponse:
        return False
    return isinstance(value, dict) and "namespaces" in value and not error_code(content)


def is_same_shop(ours_url: str, target: Any) -> bool:
    """Whether an address is on the shop's host and port, or only changes http to https."""
    ours = urlsplit(ours_url)
    if target.scheme not in ("http", "https") or target.username or ours.hostname != target.hostname:
        return False
    if (ours.scheme, target.scheme) == ("http", "https"):
        return (ours.port or 80, target.port or 443) == (80, 443) or ours.port == target.port
    return bool(ours.scheme == target.scheme and ours.port == target.port)


def _link_in(page: str) -> str | None:
    """The address of the API that a page's head names."""
    for tag in _LINK.findall(page):
        if _REL.search(tag) and (href := _HREF.search(tag)):
            return href[1].replace("&#038;", "&").replace("&amp;", "&")
    return None


def _with(url: str, params: dict[str, str]) -> str:
    added = urlencode(params, quote_via=quote)
    return f"{url}{'&' if '?' in url else '?'}{added}" if added else url


def _content(response: requests.Response, most: int, seconds: float) -> bytes:
    """The body, limited in size and time: the read timeout only limits the wait between two bytes."""
    until = time.monotonic() + seconds
    parts, size = [], 0
    for part in response.iter_content(64 * 1024):
        parts.append(part)
        size += len(part)
        if size > most or time.monotonic() > until:
            raise TooLarge("an answer that is too large or takes too long")
    return b"".join(parts)
