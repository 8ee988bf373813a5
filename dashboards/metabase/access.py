"""Who may see and change what: groups, and no more rights than each needs.

`admin` may change our dashboards (what they change is mended by the next run) and write SQL; `business` reads them and
may ask questions of its own without SQL; `support` likewise, and has a collection to put copies and own work into.
Everybody else sees neither the dashboards nor the data.
"""

from __future__ import annotations

from collections.abc import Mapping

from dashboards.metabase.changes import Changes, holds
from dashboards.metabase.client import Row

GROUPS = ("admin", "business", "support")
EVERYBODY = "all-internal-users"
Levels = Mapping[str, Mapping[str, object]]
COLLECTION_LEVELS = {
    "dashboards": {"admin": "write", "business": "read", "support": "read", EVERYBODY: "none"},
    "cards": {"admin": "write", "business": "read", "support": "read", EVERYBODY: "none"},
    "support": {"admin": "write", "business": "none", "support": "write", EVERYBODY: "none"},
}
QUERIES = {
    "admin": "query-builder-and-native",
    "business": "query-builder",
    "support": "query-builder",
    EVERYBODY: "no",
}


def ensure(changes: Changes, database: int, collections: Mapping[str, int]) -> None:
    """Make the groups, and let each see and change what it should; other groups and collections stay as they are."""
    groups = _groups(changes)
    levels = {
        str(groups[group]): {str(collections[name]): levels[group] for name, levels in COLLECTION_LEVELS.items()}
        for group in groups
    }
    _ensure_graph(changes, "/api/collection/graph", levels, "none", "set who may see the collections")
    # The free version can only withhold asking, not seeing.
    nothing = {"view-data": "unrestricted", "create-queries": "no"}
    data = {
        str(number): {str(database): {"view-data": "unrestricted", "create-queries": QUERIES[group]}}
        for group, number in groups.items()
    }
    _ensure_graph(changes, "/api/permissions/graph", data, nothing, "set who may query the database")


def _groups(changes: Changes) -> dict[str, int]:
    """The numbers of our groups, and of the one that everybody is in."""
    rows = changes.metabase.listed("/api/permissions/group")
    numbers = {row["name"]: int(row["id"]) for row in rows}
    found = {}
    for group in GROUPS:
        name = f"Kabar {group}"
        if name not in numbers:
            made = changes.write(f"make the group {name}", "POST", "/api/permissions/group", {"name": name})
            numbers[name] = int(made["id"])
        found[group] = numbers[name]
    # Its name is translated, and older versions do not say its type.
    everybody = [row for row in rows if row.get("magic_group_type") == EVERYBODY or row["name"] == "All Users"]
    return {**found, EVERYBODY: int(everybody[0]["id"])}


def _ensure_graph(changes: Changes, path: str, wanted: Levels, nothing: object, says: str) -> None:
    """Put our part into a graph as it stands; a change by somebody else in between is refused by its revision. What a
    graph leaves out is `nothing`."""
    graph: Row = changes.metabase.get(path)
    existing = {group: graph["groups"].get(group) or {} for group in wanted}
    missing = {
        group: levels
        for group, levels in wanted.items()
        if not all(holds(existing[group].get(key) or nothing, level) for key, level in levels.items())
    }
    if missing:
        groups = {group: {**existing[group], **levels} for group, levels in missing.items()}
        changes.write(says, "PUT", path, {"revision": graph["revision"], "groups": groups})
