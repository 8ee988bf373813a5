"""Reads the bodies of requests, whatever was sent: too large is 413, wrong type 415, undecodable 400."""

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
    """A form as it was sent: every name with all its values, blank ones too. Twilio's validator asks `getall`."""

    def getall(self, name: str) -> list[str]:
        return self[name]


def require_type(mimetype: str) -> None:
    """Raises Problem 415 unless the body is announced as `mimetype`, in UTF-8."""
    if _announced(request.content_type or "") != (mimetype, "utf-8"):
        raise Problem(415, "unsupported_media_type", f"This address takes {mimetype} in UTF-8.")


@lru_cache(maxsize=64)  # a sender announces the same type every time
def _announced(content_type: str) -> tuple[str, str]:
    mimetype, parameters = parse_options_header(content_type)
    charset = parameters.get("charset", "utf-8").lower()
    return mimetype.lower(), "utf-8" if charset == "utf8" else charset


def text() -> str:
    """The body as text. Raises Problem 413 if it is too large, 400 if it is cut off, malformed on the wire or not
    UTF-8."""
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
    except Exception:  # each server has its own for a body that breaks off or is badly chunked
        raise Problem(400, "incomplete", "The body did not arrive whole.") from None


def form() -> Form:
    """The fields of a form-encoded body, decoded once. Raises Problem 400 on undecodable bytes or too many fields."""
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
