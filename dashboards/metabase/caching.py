"""Metabase's cache: a result is kept for a multiple of the time its query took. Clearing is a paid feature."""

from __future__ import annotations

from dashboards.metabase import database
from dashboards.metabase.authentication import sign_in
from dashboards.metabase.client import MetabaseRefused, NotSetUp, Row
from dashboards.metabase.objects import Changes
from warehouse.settings import Settings, SettingsMissing

# In the free edition, and in a paid one that has no results of the database.
_NOTHING_TO_CLEAR = (402, 404)
# A result that took a second is kept for a minute: new figures show soon even where the cache cannot be cleared.
POLICY: Row = {"type": "ttl", "multiplier": 60, "min_duration_ms": 100}


def ensure(changes: Changes) -> None:
    """Set a caching policy, unless somebody chose one."""
    if changes.metabase.listed("/api/cache", model="root"):
        return
    body = {"model": "root", "model_id": 0, "strategy": POLICY}
    changes.write("keep answers for a while", "PUT", "/api/cache", body)


def clear(settings: Settings) -> str:
    """Clear the cached results of our database, so that the figures of a build show at once. Returns `cleared`, or the
    reason why that is not possible. Raises MetabaseRefused, MetabaseAway."""
    try:
        metabase = sign_in(settings, set_up=False)
    except (SettingsMissing, NotSetUp) as not_yet:
        return str(not_yet)
    row = database.find(metabase, settings)
    if row is None:
        return f"the database {database.NAME} is not in this Metabase yet"
    try:
        metabase.send("POST", f"/api/cache/invalidate?include=overrides&database={row['id']}", {})
    except MetabaseRefused as refused:
        if refused.status in _NOTHING_TO_CLEAR:
            return str(refused)
        raise
    return "cleared"
