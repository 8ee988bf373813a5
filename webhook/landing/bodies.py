"""Reads request bodies strictly: 413 if too large, 415 for a wrong type, 400 if undecodable."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import parse_qsl

from flask import request
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_options_header

from webhook.errors import Problem
from webhook.services import services

MOST_FIELDS = 1000


class Form(dict[str, list[str]]):
    """A form with all values of each name, blank ones included. Twilio's validator calls `getall`."""

    def getall(self, name: str) -> list[str]:
        return self[name]


def require_type(mimetype: str) -> None:
    """Raises Problem 415 unless the content type is `mimetype` in UTF-8."""
    if _announced(request.content_type or "") != (mimetype, "utf-8"):
        raise Problem(415, "unsupported_media_type", f"This address takes {mimetype} in UTF-8.")


@lru_cache(maxsize=64)  # senders repeat the same few types
def _announced(content_type: str) -> tuple[str, str]:
    mimetype, parameters = parse_options_header(content_type)
    charset = parameters.get("charset", "utf-8").lower()
    return mimetype.lower(), "utf-8" if charset == "utf8" else charset


def text() -> str:
    """The body as text. Raises Problem 413 if it is too large, 400 if it is incomplete, malformed or not UTF-8."""
    body = _read()
    if len(body) > services().settings.max_body_bytes:
        raise Problem(413, "too_large", "The body is too large.")
    announced = request.content_length
    if announced is not None and len(body) != announced:
        raise Problem(400, "incomplete", "The body did not arrive whole.")
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise Problem(400, "undecodable", "The body is not UTF-8.") from None


def _read() -> bytes:
    try:
        return request.get_data(cache=False)
    except HTTPException:
        raise
    except Exception:  # servers raise different errors for broken bodies
        raise Problem(400, "incomplete", "The body did not arrive whole.") from None


def form() -> Form:
    """The fields of a form-encoded body. Raises Problem 400 for undecodable bytes or too many fields."""
    try:
        pairs = parse_qsl(text(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except UnicodeDecodeError:
        raise Problem(400, "undecodable", "A field is not UTF-8.") from None
    except ValueError:
        raise Problem(400, "too_many_fields", f"A form has at most {MOST_FIELDS} fields.") from None
    fields = Form()
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields
