"""Parses a shop's responses, and explains its errors."""

from __future__ import annotations

import json
import re
from typing import Any

from sources.retries import TransientError

# Hosts and plugins print around the JSON: warnings of PHP, comments of caches, byte order marks. JSON starts at the
# beginning of a line or after a tag, or else anywhere. WordPress writes JSON on one line, so no part of a truncated
# response can be taken for the whole.
_START = r"(?=[\[{]\s*[\"\[\]{}])"
_STARTS = (re.compile(rf"(?:^|\n|>)[\s\ufeff\0]*{_START}"), re.compile(_START))
# What follows inside JSON, but never after it.
_INNER = (",", ":", "]", "}", '"')
_AROUND = "\ufeff\0 \t\r\n"


class ShopRefused(RuntimeError):
    """The shop refused, or gave no usable answer after all attempts; the message says what to do. `code` is
    WooCommerce's error code."""

    def __init__(self, message: str, code: str = "", status: int = 0) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


class NotFound(ShopRefused):
    """WooCommerce has no such object: one that was fetched by its id is gone."""


class Unanswered(ShopRefused):
    """The shop gave no usable answer, which may be due to what was asked for."""


class InvalidResponse(TransientError):
    """A response that cannot be parsed, such as a page of HTML; the next one may be."""


class TooLarge(InvalidResponse):
    """A response that is larger, or takes longer, than is read."""


def parse_json(content: bytes) -> Any:
    """The JSON of a response, whatever is printed around it. Of several values the longest counts. Raises
    InvalidResponse."""
    text = content.decode("utf-8", "replace").strip(_AROUND)
    if not text:
        raise InvalidResponse("an empty answer")
    for starts in _STARTS:
        if found := starts.search(text):
            return _longest(text, found.end(), starts)
    raise InvalidResponse("a page of HTML" if text.startswith("<") else "an answer that is not JSON")


def _longest(text: str, start: int, starts: re.Pattern[str]) -> Any:
    values: list[tuple[int, Any]] = []
    while True:
        try:
            value, end = _DECODER.raw_decode(text, start)
        except (ValueError, RecursionError) as error:
            if not values or _is_cut_off(error, text):
                raise InvalidResponse("JSON that is cut off or broken") from None
            value, end = None, start + 1
        else:
            values.append((end - start, value))
            if text[end:].lstrip(_AROUND).startswith(_INNER):
                raise InvalidResponse("JSON that is cut off or broken")
        following = starts.search(text, end)
        if following is None:
            return max(values, key=lambda each: each[0])[1]
        start = following.end()


def _is_cut_off(error: Exception, text: str) -> bool:
    is_at_end = isinstance(error, json.JSONDecodeError) and error.pos >= len(text)
    return is_at_end or isinstance(error, RecursionError) or "Unterminated" in str(error)


def parse_array(value: Any, _headers: Any) -> list[Any]:
    """A list. PHP writes one with gaps as an object with numeric keys. Raises InvalidResponse."""
    if isinstance(value, dict) and value and all(name.isdecimal() for name in value):
        return list(value.values())
    if not isinstance(value, list):
        raise InvalidResponse("an answer that is no list")
    return value


def parse_object(value: Any, _headers: Any) -> dict[str, Any]:
    """An object that is not an error. Raises InvalidResponse."""
    if not isinstance(value, dict) or ("code" in value and "message" in value and "data" in value):
        raise InvalidResponse("an error with the status of a success" if isinstance(value, dict) else "no object")
    return value


def error_for(status: int, content: bytes) -> Exception:
    """The error of a response: InvalidResponse if it is not WordPress's own and may pass, else ShopRefused."""
    code, error_status = _error_in(content)
    if status in (401, 403):
        return ShopRefused(_denied(status, code), code, status)
    # The codes for "not found" differ by object, version and plugin. For a refund's order WooCommerce sets `data` to
    # 404, which WordPress then sends as a 500.
    if code not in ("", "rest_no_route") and error_status in (404, 410) and status in (error_status, 500):
        return NotFound(f"the shop has no such object ({code[:80]})", code, status)
    if not code and status == 404:
        return InvalidResponse("HTTP 404 that is not WordPress's own (is this the shop's whole address, and are its "
                               "permalinks other than plain?)")  # fmt: skip
    if not code:
        return InvalidResponse(f"HTTP {status} that is not WordPress's own")
    if code == "rest_no_route":
        return ShopRefused("the shop has no such WooCommerce address: is WooCommerce active, version 3.5 or newer, and "
                           "are permalinks other than plain?", code, status)  # fmt: skip
    return ShopRefused(f"the shop refused with HTTP {status} ({code[:80]})", code, status)


def error_code(content: bytes) -> str:
    """The code of a WordPress error; empty for any other response."""
    return _error_in(content)[0]


def is_wordpress(content: bytes) -> bool:
    """Whether a response comes from WordPress's API, and not from a page around it."""
    try:
        parse_json(content)
    except InvalidResponse:
        return False
    return True


def _error_in(content: bytes) -> tuple[str, Any]:
    """The code and status of a WordPress error; empty and None for any other response."""
    try:
        error = parse_json(content)
    except InvalidResponse:
        return "", None
    if not isinstance(error, dict):
        return "", None
    data = error.get("data")
    return str(error.get("code", "")), data.get("status") if isinstance(data, dict) else data


def _denied(status: int, code: str) -> str:
    if code == "woocommerce_rest_authentication_error" or (status == 401 and code == "rest_forbidden"):
        return ("the shop does not accept the key for this: check the consumer key, the secret and the key's "
                "permission (WooCommerce, Settings, Advanced, REST API)")  # fmt: skip
    if code.startswith("woocommerce_rest_cannot"):
        return ("the shop does not accept the key, or the key's user may not see this: it needs a key of an "
                "administrator or shop manager, with permission Read/Write")  # fmt: skip
    if code:
        return f"the shop refused with HTTP {status} ({code[:80]}): check the key and its user"
    return (f"something in front of the shop refused with HTTP {status} (a firewall, a security plugin, or a password "
            "on the whole site?): let this server's address through")  # fmt: skip


def _no_number(_name: str) -> Any:
    raise ValueError("not a number")


_DECODER = json.JSONDecoder(parse_constant=_no_number)
