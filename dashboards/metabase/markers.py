"""How our own objects are known: by the last line of their description, `kabar:<key>#<number>`.

It survives renaming and moving. The number is the object's own, so that a copy that somebody makes, description and
all, is theirs; whoever takes the line out owns the object from then on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from dashboards.metabase.client import Row

_LINE = re.compile(r"^kabar:(?P<key>[\w/]+)(?:#(?P<number>\d+))?$", re.MULTILINE)


def marker(key: str, number: int | None = None) -> str:
    """The line of an object; without a number while it is being made, as it gets one only then."""
    return f"kabar:{key}" if number is None else f"kabar:{key}#{number}"


def described(text: str, key: str, number: int | None = None) -> str:
    return f"{text}\n\n{marker(key, number)}"


def key_of(row: Row) -> str | None:
    """The key of an object of ours; None for what is somebody else's."""
    found = _LINE.search(row.get("description") or "")
    if found is None or found["number"] not in (None, str(row["id"])):
        return None
    return found["key"]


def ours(rows: Iterable[Row]) -> dict[str, Row]:
    """Our objects among the rows by key. One whose making was cut short has no number yet; the oldest such counts."""
    found: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: (not _is_signed(row), row["id"])):
        if key := key_of(row):
            found.setdefault(key, row)
    return found


def _is_signed(row: Row) -> bool:
    return marker(key_of(row) or "", row["id"]) in (row.get("description") or "")
