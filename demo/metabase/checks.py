"""Decoding of request bodies: what does not fit is refused in Metabase's words, and undeclared keys are dropped."""

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


def one_of(*values: str) -> Kind:
    return Kind(f"enum of {', '.join(values)}", lambda value: value in values)


def maybe(kind: Kind) -> Kind:
    return Kind(f"nullable {kind.says}", lambda value: value is None or kind.fits(value))


def list_of(kind: Kind) -> Kind:
    says = f"value must be an array. Each {kind.says}"
    return Kind(says, lambda value: isinstance(value, list) and all(kind.fits(each) for each in value))


def _has_unique_ids(value: Any) -> bool:
    numbers = [each.get("id") for each in value] if MAPS.fits(value) else []
    return MAPS.fits(value) and len(set(numbers)) == len(numbers)


COMMON_PASSWORDS = ("password1", "passw0rd", "123456", "12345678", "123456789", "qwerty123", "abc123", "letmein1")


def _is_complex(value: Any) -> bool:
    """Metabase's complexity `normal`: six characters, one of them a digit, and not a common one."""
    is_long = isinstance(value, str) and len(value) >= 6
    return is_long and any(each.isdigit() for each in value) and value.lower() not in COMMON_PASSWORDS


ANY = Kind("value must be anything.", lambda value: True)
TEXT = Kind("value must be a non-blank string.", lambda value: isinstance(value, str) and bool(value.strip()))
STRING = Kind("value must be a string.", lambda value: isinstance(value, str))
MAP = Kind("value must be a map.", lambda value: isinstance(value, dict))
LIST = Kind("value must be an array.", lambda value: isinstance(value, list))
MAPS = list_of(MAP)
SOME_MAPS = Kind("one or more map.", lambda value: MAPS.fits(value) and bool(value))
UNIQUE_MAPS = Kind("value must be seq of maps in which ids are unique", _has_unique_ids)
FLAG = Kind("value must be a boolean.", lambda value: isinstance(value, bool))
NUMBER = Kind("value must be an integer.", lambda value: isinstance(value, int) and not isinstance(value, bool))
POSITIVE = Kind("value must be an integer greater than zero.", lambda value: NUMBER.fits(value) and value > 0)
FROM_ZERO = Kind(
    "value must be an integer greater or equal to than zero.", lambda value: NUMBER.fits(value) and value >= 0
)
EMAIL = Kind("value must be a valid email address.", lambda value: isinstance(value, str) and "@" in value[1:-1])
PASSWORD = Kind("password is too common.", _is_complex)


def check(
    body: Row,
    required: Mapping[str, Kind] | None = None,
    optional: Mapping[str, Kind] | None = None,
    *,
    closed: bool = False,
    within: str = "",
) -> Row:
    """The declared keys of a body; the others are dropped silently, as Metabase does since 0.62.17 and 0.63.14.
    Optional keys may be absent; null fits only a `maybe`.

    Raises Refused for values that are not of these kinds, and for other keys if `closed`. Errors of a part of a body
    are reported under the key `within`.
    """
    required, optional = required or {}, optional or {}
    errors: Row = {}
    specific: Row = {}
    for name, kind in required.items():
        if not kind.fits(body.get(name)):
            errors[name] = kind.says
            received = repr(body[name]) if name in body else "nil"
            specific[name] = [f"{'' if name in body else 'missing required key, '}received: {received}"]
    for name, kind in optional.items():
        if name in body and not kind.fits(body[name]):
            errors[name] = kind.says
            specific[name] = [f"received: {body[name]!r}"]
    for name in set(body) - set(required) - set(optional) if closed else ():
        errors[name] = specific[name] = "disallowed key"
    if errors:
        raise refusal({within: errors} if within else errors, {within: specific} if within else specific)
    return {name: value for name, value in body.items() if name in required or name in optional}


def check_each(parts: list[Row] | None, required: Mapping[str, Kind], optional: Mapping[str, Kind], within: str) -> Any:
    """The declared keys of each part of a body; None stays None."""
    return None if parts is None else [check(part, required, optional, within=within) for part in parts]


def refusal(errors: Row, specific: Row | None = None) -> Refused:
    return Refused(400, {"specific-errors": specific or errors, "errors": errors})
