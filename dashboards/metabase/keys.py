"""The API key that provisioning makes for itself: who runs it again, or clears the cache after a build, needs no
password."""

from __future__ import annotations

from dashboards.metabase import kept_key
from dashboards.metabase.changes import Changes
from warehouse.settings import Settings

NAME = "Kabar"
ADMINISTRATORS = "admin"


def ensure(changes: Changes, settings: Settings) -> None:
    """Make the key where none is given and none that was kept was let in; one that nobody knows any more is changed."""
    if settings.metabase_api_key or changes.metabase.is_by_kept_key:
        return
    row = next((row for row in changes.metabase.listed("/api/api-key") if row["name"] == NAME), None)
    if row:
        path = f"/api/api-key/{row['id']}/regenerate"
        made = changes.write(f"change the API key {NAME}, which is not known here", "PUT", path, {})
    else:
        body = {"name": NAME, "group_id": _administrators(changes)}
        made = changes.write(f"make the API key {NAME}", "POST", "/api/api-key", body)
    if not changes.is_plan:
        kept_key.write(settings, made["unmasked_key"])


def _administrators(changes: Changes) -> int:
    """The group whose rights provisioning needs; its name is translated, and older versions do not say its type."""
    rows = changes.metabase.listed("/api/permissions/group")
    return next(
        int(row["id"])
        for row in rows
        if row.get("magic_group_type") == ADMINISTRATORS or row["name"] == "Administrators"
    )
