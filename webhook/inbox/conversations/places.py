"""Places in lists ordered newest first, which mark in addresses where the next page begins."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from flask import abort

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Place(NamedTuple):
    """The time (exact to the microsecond) and id of a row."""

    at: datetime
    id: str

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // timedelta(microseconds=1)}-{self.id}"


def parse(text: str | None) -> Place | None:
    """The place in an address, or None. Raises BadRequest."""
    if not text:
        return None
    microseconds, _, row_id = text.partition("-")
    try:
        return Place(_EPOCH + timedelta(microseconds=int(microseconds)), row_id)
    except (ValueError, OverflowError):
        abort(400)
