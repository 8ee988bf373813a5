"""Validation of request bodies, with errors in Metabase's words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from demo.metabase.refusals import Refused, Row


@dataclass(frozen=True)
class Kind:
    """A type of value, and its name in Metabase's errors."""

    says: str
    fits: Callable[[Any], bool]


TEXT = Kind("value must be a non-blank string.", lambda value: isinstance(value, str) and bool(value.strip()))
STRING = Kind("value must be a string.", lambda value: isinstance(value, str))
MAP = Kind("value must be a map.", lambda value: isinstance(value, dict))
MAPS = Kind(
    "value must be an array. Each value must be a map.",
    lambda value: isinstance(value, list) and all(isinstance(each, dict) for each in value),
)
SOME_MAPS = Kind("one or more map.", lambda value: MAPS.fits(value) and bool(value))
FLAG = Kind("value must be a boolean.", lambda value: isinstance(value, bool))
NUMBER = Kind("value must be an integer.", lambda value: isinstance(value, int) and not isinstance(value, bool))
POSITIVE = Kind("value must be an integer greater than zero.", lambda value: NUMBER.fits(value) and value > 0)
FROM_ZERO = Kind(
    "value must be an integer greater or equal to than zero.", lambda value: NUMBER.fits(value) and value >= 0
)
EMAIL = Kind("value must be a valid email address.", lambda value: isinstance(value, str) and "@" in value[1:-1])
PASSWORD = Kind("password is too common.", lambda value: isinstance(value, str) and len(value) >= 8)


def one_of(*values: str) -> Kind:
    return Kind(f"enum of {', '.join(values)}", lambda value: value in values)


def maybe(kind: Kind) -> Kind:
    return Kind(f"nullable {kind.says}", lambda value: value is None or kind.fits(value))


def check(
    body: Row,
    required: Mapping[str, Kind] | None = None,
    optional: Mapping[str, Kind] | None = None,
    *,
    closed: bool = False,
    within: str = "",
) -> None:
    """Refuse a body whose keys are not of these kinds. Optional keys may be absent or null; `closed` allows no others.
    Errors of a part of a body are reported under the key `within`."""
    required, optional = required or {}, optional or {}
    errors: Row = {}
    specific: Row = {}
    for name, kind in required.items():
        if not kind.fits(body.get(name)):
            errors[name] = kind.says
            received = repr(body[name]) if name in body else "nil"
            specific[name] = [f"{'' if name in body else 'missing required key, '}received: {received}"]
    for name, kind in optional.items():
        if not maybe(kind).fits(body.get(name)):
            errors[name] = maybe(kind).says
            specific[name] = [f"received: {body[name]!r}"]
    for name in set(body) - set(required) - set(optional) if closed else ():
        errors[name] = specific[name] = "disallowed key"
    if errors:
        raise refusal({within: errors} if within else errors, {within: specific} if within else specific)


def refusal(errors: Row, specific: Row | None = None) -> Refused:
    return Refused(400, {"specific-errors": specific or errors, "errors": errors})
