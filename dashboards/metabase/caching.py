"""Caching: answers are kept for a multiple of the time that they took. Clearing is a paid feature."""

from __future__ import annotations

from dashboards.metabase import database
from dashboards.metabase.changes import Changes
from dashboards.metabase.client import MetabaseRefused, NotSetUp, Row, sign_in
from warehouse.settings import Settings, SettingsMissing

PAYMENT_REQUIRED = 402
# An answer of one second is kept for a minute: a build is seen soon, although the free version cannot clear.
POLICY: Row = {"type": "ttl", "multiplier": 60, "min_duration_ms": 100}


def ensure(changes: Changes) -> None:
    """Set a policy where there is none; one that somebody chose stays."""
    if changes.metabase.listed("/api/cache", model="root"):
        return
    body = {"model": "root", "model_id": 0, "strategy": POLICY}
    changes.write("keep answers for a while", "PUT", "/api/cache", body)


def clear(settings: Settings) -> str:
    """Let the Metabase of the settings forget its kept answers about our database, so that the figures of a build are
    seen at once: `cleared`, or why not in a sentence. Raises MetabaseRefused, MetabaseAway."""
    try:
        metabase = sign_in(settings, set_up=False)
    except (SettingsMissing, NotSetUp) as not_yet:
        return str(not_yet)
    number = database.ensure(Changes(metabase, is_plan=True), settings)
    if number < 0:
        return f"the database {database.NAME} is not in this Metabase yet"
    try:
        metabase.send("POST", f"/api/cache/invalidate?include=overrides&database={number}", {})
    except MetabaseRefused as refused:
        if refused.status == PAYMENT_REQUIRED:
            return str(refused)
        raise
    return "cleared"
