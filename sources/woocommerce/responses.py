"""What a shop's answer says: the JSON in it, whatever stands around it, and in plain words what it refuses."""

from __future__ import annotations

import json
import re
from typing import Any

from sources.retries import TryAgain

# Where JSON can start behind what PHP printed before it: at a line's beginning or right behind a tag. WordPress writes
# its JSON on one line, so that nothing within an answer that was cut off can be taken for the whole.
_JSON_START = re.compile(r"(?:^|\n|>)\s*(?=[\[{]\s*[\"\[\]{}])")


class ShopRefused(RuntimeError):
    """The shop will not do this and asking again would not help, or it gave no usable answer however often it was
    asked; the message says what to do. `code` is WooCommerce's own name for it."""

    def __init__(self, message: str, code: str = "", status: int = 0) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


class NotThere(ShopRefused):
    """WooCommerce itself says that it has no such object. For one that was asked for by its id: it is gone."""


class Broken(TryAgain):
    """An answer that says nothing, such as a page of HTML; the next one may."""


def json_in(content: bytes) -> Any:
    """The JSON of an answer, a plugin's warnings before it left out. Raises Broken."""
    text = content.decode("utf-8-sig", "replace").strip()
    if not text:
        raise Broken("an empty answer")
    start = 0
    if text[0] not in "[{":
        found = _JSON_START.search(text)
        if found is None:
            raise Broken("a page of HTML" if text.startswith("<") else "an answer that is not JSON")
        start = found.end()
    try:
        return json.loads(text[start:], parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Broken("JSON that is cut off or broken") from None


def array_in(value: Any, _headers: Any) -> list[Any]:
    """An answer that must be a list. PHP writes one with gaps as an object with numbers for names. Raises Broken."""
    if isinstance(value, dict) and value and all(name.isdecimal() for name in value):
        return list(value.values())
    if not isinstance(value, list):
        raise Broken("an answer that is no list")
    return value


def object_in(value: Any, _headers: Any) -> dict[str, Any]:
    """An answer that must be an object and no error. Raises Broken."""
    if not isinstance(value, dict) or ("code" in value and "message" in value and "data" in value):
        raise Broken("an error with the status of a success" if isinstance(value, dict) else "no object")
    return value


def refusal(status: int, content: bytes) -> Exception:
    """What an error's answer says: Broken if it is not WordPress that speaks and it may pass, else ShopRefused."""
    code, said_status = _error_in(content)
    if status in (401, 403):
        return ShopRefused(_denied(status, code), code, status)
    # Each kind of object has its own code for it, and versions and plugins have others. WooCommerce gives 404 in place
    # of its data to an error about a refund's order, which WordPress then sends as a 500.
    if code not in ("", "rest_no_route") and said_status in (404, 410) and status in (said_status, 500):
        return NotThere(f"the shop has no such object ({code[:80]})", code, status)
    if not code and status == 404:
        return Broken("HTTP 404 that is not WordPress's own (is this the shop's whole address, and are its permalinks "
                      "other than plain?)")  # fmt: skip
    if not code:
        return Broken(f"HTTP {status} that is not WordPress's own")
    if code == "rest_no_route":
        return ShopRefused("the shop has no such WooCommerce address: is WooCommerce active, version 3.5 or newer, and "
                           "are permalinks other than plain?", code, status)  # fmt: skip
    return ShopRefused(f"the shop refused with HTTP {status} ({code[:80]})", code, status)


def _error_in(content: bytes) -> tuple[str, Any]:
    """Code and status that an error of WordPress names; empty and None for any other answer."""
    try:
        said = json_in(content)
    except Broken:
        return "", None
    if not isinstance(said, dict):
        return "", None
    data = said.get("data")
    return str(said.get("code", "")), data.get("status") if isinstance(data, dict) else data


def _denied(status: int, code: str) -> str:
    if code == "woocommerce_rest_authentication_error" or (status == 401 and code == "rest_forbidden"):
        return ("the shop does not accept the key for this: check the consumer key, the secret and the key's "
                "permission (WooCommerce, Settings, Advanced, REST API)")  # fmt: skip
    if code.startswith("woocommerce_rest_cannot"):
        return ("the shop does not accept the key, or the key's user may not see this: it needs a key of an "
                "administrator or shop manager, with permission Read/Write")  # fmt: skip
    if code:
        return f"the shop refused with HTTP {status} ({code[:80]}): check the key and its user"
    return (f"something before the shop refused with HTTP {status} (a firewall, a security plugin, or a password on "
            "the whole site?): let this server's address through")  # fmt: skip


def _no_number(_name: str) -> Any:
    raise ValueError("not a number")
