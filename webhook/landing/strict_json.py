"""Strict JSON (RFC 7493)."""

from __future__ import annotations

import json
from typing import Any

from webhook.errors import Problem


def parse(text: str, depth: int) -> Any:
    """Parse JSON. Raises Problem 400 for invalid JSON, repeated names, NaN, numbers out of range, and more than `depth`
    levels."""
    try:
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse, parse_float=_finite)
        if not _is_flat(value, depth):
            raise ValueError
    except (ValueError, RecursionError):
        sentence = f"The body is no JSON, or has repeated names, numbers out of range or more than {depth} levels."
        raise Problem(400, "not_json", sentence) from None
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError
    return fields


def _refuse(_: str) -> float:
    raise ValueError


def _finite(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise ValueError
    return number


def _is_flat(value: Any, depth: int) -> bool:
    """Whether no value is nested deeper than `depth`, so that later code may recurse."""
    level = [value]
    for _ in range(depth):
        containers = [item for item in level if isinstance(item, dict | list)]
        if not containers:
            return True
        level = [inner for item in containers for inner in (item.values() if isinstance(item, dict) else item)]
    return not any(isinstance(item, dict | list) for item in level)
