"""Places in a list that is newest first: after which row the next page begins, as it stands in an address."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from warehouse.i18n import N_
from webhook.inbox.errors import Refusal

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Place(NamedTuple):
    """The time (exact to the microsecond) and id of a row."""

    at: datetime
    id: str

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // timedelta(microseconds=1)}-{self.id}"


def parse(text: str | None) -> Place | None:
    """The place that an address names; None for none. Raises Refusal 400."""
    if not text:
        return None
    microseconds, _, row_id = text.partition("-")
    try:
        return Place(_EPOCH + timedelta(microseconds=int(microseconds)), row_id)
    except (ValueError, OverflowError):
        raise Refusal(400, "error_400", N_("The page sent invalid data. Reload it and try again.")) from None
