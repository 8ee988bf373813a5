"""Authentication: Basic over https, OAuth 1.0a over http, as strict as WooCommerce."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import time
from dataclasses import dataclass
from urllib.parse import quote, unquote

from demo.woocommerce.answers import Refused

_NAMES = ("oauth_consumer_key", "oauth_timestamp", "oauth_nonce", "oauth_signature", "oauth_signature_method")
_DIGESTS = {"HMAC-SHA1": hashlib.sha1, "HMAC-SHA256": hashlib.sha256}
_WINDOW_SECONDS = 15 * 60


@dataclass(frozen=True)
class ApiKey:
    """A REST key; `permissions` is read, write or read_write."""

    key: str
    secret: str
    permissions: str = "read_write"


class Gate:
    """The keys, and the nonces that were used."""

    def __init__(self, keys: list[ApiKey]) -> None:
        self.keys = keys
        self._nonces: dict[str, float] = {}

    def admit(
        self, method: str, url: str, pairs: list[tuple[str, str]], authorization: str | None, is_https: bool
    ) -> ApiKey | None:
        """The key of a request, None without credentials. `url` has no query; `pairs` are those of the query. Raises
        Refused (401)."""
        known = self._by_basic(pairs, authorization) if is_https else None
        known = known or self._by_oauth(method, url, pairs, authorization)
        if known is not None:
            _check_permission(known, method)
        return known

    def _find(self, key: str) -> ApiKey | None:
        return next((each for each in self.keys if each.key == key), None)

    def _by_basic(self, pairs: list[tuple[str, str]], authorization: str | None) -> ApiKey | None:
        query = dict(pairs)
        key, secret = query.get("consumer_key", ""), query.get("consumer_secret", "")
        if authorization and authorization.lower().startswith("basic "):
            try:
                key, _, secret = base64.b64decode(authorization[6:], validate=True).decode().partition(":")
            except (binascii.Error, UnicodeDecodeError):
                return None
        known = self._find(key)
        if known is not None and not hmac.compare_digest(known.secret.encode(), secret.encode()):
            raise _refused("Consumer secret is invalid.")
        return known

    def _by_oauth(
        self, method: str, url: str, pairs: list[tuple[str, str]], authorization: str | None
    ) -> ApiKey | None:
        given = dict(pairs) | _from_header(authorization)
        missing = [name for name in _NAMES if not given.get(name)]
        if len(missing) == len(_NAMES):
            return None
        if missing:
            text = f"Missing OAuth parameter{'s' if len(missing) > 1 else ''} {', '.join(missing)}"
            raise Refused(401, "woocommerce_rest_authentication_missing_parameter", text)
        known = self._find(given["oauth_consumer_key"])
        if known is None:
            raise _refused("Consumer key is invalid.")
        _check_signature(known, method, url, given)
        self._check_time(given["oauth_timestamp"], f"{known.key} {given['oauth_nonce']}")
        return known

    def _check_time(self, timestamp: str, nonce: str) -> None:
        now = time.time()
        if not timestamp.isdigit() or abs(int(timestamp) - now) > _WINDOW_SECONDS:
            raise _refused("Invalid timestamp.")
        self._nonces = {each: at for each, at in self._nonces.items() if now - at < _WINDOW_SECONDS}
        if nonce in self._nonces:
            raise _refused("Invalid nonce - nonce has already been used.")
        self._nonces[nonce] = now


def _refused(message: str) -> Refused:
    return Refused(401, "woocommerce_rest_authentication_error", message)


def _from_header(authorization: str | None) -> dict[str, str]:
    if not authorization or not authorization.startswith("OAuth "):
        return {}
    pairs = re.findall(r'(oauth_\w+)="([^"]*)"', authorization)
    return {name: unquote(value) for name, value in pairs}


def _check_signature(known: ApiKey, method: str, url: str, given: dict[str, str]) -> None:
    digest = _DIGESTS.get(given["oauth_signature_method"])
    if digest is None:
        raise _refused("Invalid signature - signature method is invalid.")
    signed = sorted((name, value) for name, value in given.items() if name != "oauth_signature")
    query = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in signed)
    text = f"{method}&{quote(url, safe='')}&{quote(query, safe='')}"
    expected = base64.b64encode(hmac.new(f"{known.secret}&".encode(), text.encode(), digest).digest()).decode()
    if not hmac.compare_digest(expected, unquote(given["oauth_signature"].replace(" ", "+"))):
        raise _refused("Invalid signature - provided signature does not match.")


def _quoted(text: str) -> str:
    return quote(unquote(text), safe="~")


def _check_permission(known: ApiKey, method: str) -> None:
    needed = "read" if method in ("GET", "HEAD") else "write"
    if needed not in known.permissions:
        raise _refused(f"The API key provided does not have {needed} permissions.")
