"""Hands rows to the group commit for an endpoint, in the words of HTTP."""

from __future__ import annotations

from collections.abc import Sequence

from webhook.errors import Problem
from webhook.landing.group_commit import Refused, Unavailable
from webhook.landing.rows import Row
from webhook.services import services


def land(rows: Sequence[Row]) -> None:
    """Make the rows durable. Raises Problem 503 when that cannot be done now, 422 when never."""
    try:
        services().landing.land(rows)
    except Unavailable:
        raise Problem(503, "database_away", "Nothing was stored; send it again.") from None
    except Refused:
        raise Problem(422, "refused", "The database refuses what this delivery holds.") from None
