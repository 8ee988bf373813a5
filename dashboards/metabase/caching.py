"""Caching: answers are kept for a multiple of the time that they took. Clearing is a paid feature."""

from __future__ import annotations

from dashboards.metabase.changes import Changes
from dashboards.metabase.client import Metabase, MetabaseRefused, Row

PAYMENT_REQUIRED = 402
# An answer of one second is kept for a minute: a build is seen soon, although the free version cannot clear.
POLICY: Row = {"type": "ttl", "multiplier": 60, "min_duration_ms": 100}


def ensure(changes: Changes) -> None:
    """Set a policy where there is none; one that somebody chose stays."""
    if changes.metabase.listed("/api/cache", model="root"):
        return
    body = {"model": "root", "model_id": 0, "strategy": POLICY}
    changes.write("keep answers for a while", "PUT", "/api/cache", body)


def clear(metabase: Metabase, database: int) -> str | None:
    """Forget the kept answers of a database; what Metabase says instead where that is not to be had."""
    try:
        metabase.send("POST", f"/api/cache/invalidate?include=overrides&database={database}", {})
    except MetabaseRefused as refused:
        if refused.status == PAYMENT_REQUIRED:
            return str(refused)
        raise
    return None
