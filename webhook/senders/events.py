"""Parses chatbot events and validates them against the published schema."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from jsonschema import Draft202012Validator, FormatChecker, ValidationError

from warehouse.identity import normalise_phone
from warehouse.twilio_shape import without_nul
from webhook.errors import Problem
from webhook.landing import strict_json

MOST_EVENTS = 500
MOST_DEPTH = 32
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
# A sender's clock may be ahead; a time further in the future is an error.
LATEST_AHEAD = timedelta(days=1)

SCHEMA: dict[str, Any] = json.loads(
    (Path(__file__).parent / "schemas" / "chatbot_event.schema.json").read_text(encoding="utf-8")
)
_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2}):([0-9]{2})(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})", re.IGNORECASE
)
_WORDS = {
    "type": "must be of type {}",
    "minLength": "must have at least {} characters",
    "maxLength": "must have at most {} characters",
    "minimum": "must be at least {}",
    "maximum": "must be at most {}",
    "anyOf": "needs phone or id",
    "not": "is reserved",
}
_FORMATS = {
    "date-time": "must be a date and time with an offset, after RFC 3339",
    "phone": "must be a telephone number, best in E.164",
}


@dataclass(frozen=True)
class BadField:
    """An invalid field. `field` is a path of names in the schema, empty for the event itself."""

    field: str
    error: str


def parse(text: str) -> list[Any]:
    """The events of a body (a JSON object or an array of 1 to 500), without NUL characters. Raises Problem 400 (not
    strict JSON, or nested too deep) and 422 (no events or too many)."""
    body = strict_json.parse(text, MOST_DEPTH)
    events = without_nul(body if isinstance(body, list) else [body])
    if not 1 <= len(events) <= MOST_EVENTS:
        raise Problem(422, "wrong_count", f"A delivery has 1 to {MOST_EVENTS} events.")
    return list(events)


def parse_time(text: str) -> datetime | None:
    """An RFC 3339 time as UTC, to the microsecond, or None. A leap second becomes the following second."""
    match = _TIME.fullmatch(text)
    if not match:
        return None
    day, minute, second, fraction, offset = match.groups()
    is_leap = second == "60"
    iso = f"{day}T{minute}:{'59' if is_leap else second}{(fraction or '.')[:7]:0<7}{offset.upper()}"
    try:
        return datetime.fromisoformat(iso).astimezone(UTC) + timedelta(seconds=is_leap)
    except (ValueError, OverflowError):
        return None


class Checker:
    """Validates events against the schema. Phone numbers without a country code are read as numbers of `region`."""

    def __init__(self, region: str) -> None:
        formats = FormatChecker(formats=())
        formats.checks("date-time")(lambda value: not isinstance(value, str) or parse_time(value) is not None)
        formats.checks("phone")(lambda value: not isinstance(value, str) or normalise_phone(value, region) is not None)
        self._validator = Draft202012Validator(SCHEMA, format_checker=formats)

    def faults(self, event: Any, store: str) -> list[BadField]:
        """The errors of an event that the shop `store` signed, without repetitions and without anything that was sent.
        Unknown shops and other shops are the same error, so that nobody finds out which shops exist."""
        if isinstance(event, dict) and (broken := _broken_text(event)) is not None:
            return [BadField(broken, "has half of a surrogate pair")]
        found = [fault for error in self._validator.iter_errors(event) for fault in _explain(error)]
        if isinstance(event, dict) and _is_implausible(event.get("occurred_at")):
            found.append(BadField("occurred_at", f"must lie between {EARLIEST.year} and tomorrow"))
        if isinstance(event, dict) and isinstance(named := event.get("store"), str) and named != store:
            found.append(BadField("store", "must be the shop whose secret signed, or be left out"))
        return list(dict.fromkeys(found))


def _is_implausible(written: Any) -> bool:
    """Whether a time is before 2000 or over a day ahead, such as that of a clock that was never set."""
    at = parse_time(written) if isinstance(written, str) else None
    return at is not None and not EARLIEST <= at <= datetime.now(UTC) + LATEST_AHEAD


def _explain(error: ValidationError) -> Iterator[BadField]:
    path = [str(step) for step in error.absolute_path]
    keyword, wanted = str(error.validator), cast(Any, error.validator_value)
    if keyword == "required":
        for name in wanted:
            if name not in cast(dict[str, Any], error.instance):
                yield BadField(".".join([*path, name]), "is missing")
    elif keyword == "enum":
        yield BadField(".".join(path), f"must be one of {', '.join(wanted)}")
    elif keyword == "format":
        yield BadField(".".join(path), _FORMATS[wanted])
    else:
        yield BadField(".".join(path), _WORDS[keyword].format(wanted))


def _broken_text(event: dict[str, Any]) -> str | None:
    """The top-level field with a lone surrogate, which UTF-8 cannot encode. Unknown names are not repeated."""
    for name, value in event.items():
        try:
            json.dumps([name, value], ensure_ascii=False).encode()
        except UnicodeEncodeError:
            return name if name in SCHEMA["properties"] or name in ("text", "author") else "(a field of your own)"
    return None
