"""Groups, and what each may see and change.

`admin` may change the managed dashboards (the next run reverts that) and write SQL. `business` reads them and may ask
its own questions without SQL. `support` may do the same, and owns a collection for copies and its own work. Everybody
else sees neither dashboards nor data.
"""

from __future__ import annotations

from collections.abc import Mapping

from dashboards.metabase.client import MetabaseAway, Row
from dashboards.metabase.objects import Changes, matches

EVERYBODY = "all-internal-users"
Levels = Mapping[str, Mapping[str, object]]
COLLECTION_LEVELS = {
    "dashboards": {"admin": "write", "business": "read", "support": "read", EVERYBODY: "none"},
    "cards": {"admin": "write", "business": "read", "support": "read", EVERYBODY: "none"},
    "support": {"admin": "write", "business": "none", "support": "write", EVERYBODY: "none"},
}
QUERY_LEVELS = {
    "admin": "query-builder-and-native",
    "business": "query-builder",
    "support": "query-builder",
    EVERYBODY: "no",
}


def ensure(changes: Changes, database: int, collections: Mapping[str, int]) -> None:
    """Create the groups and set their permissions. Other groups and collections are not touched."""
    groups = _groups(changes)
    levels = {
        str(groups[group]): {str(collections[name]): levels[group] for name, levels in COLLECTION_LEVELS.items()}
        for group in groups
    }
    _ensure_graph(changes, "/api/collection/graph", levels, "none", "set who may see the collections")
    # Only a paid Metabase can withhold viewing data.
    nothing = {"view-data": "unrestricted", "create-queries": "no"}
    data = {
        str(number): {str(database): {"view-data": "unrestricted", "create-queries": QUERY_LEVELS[group]}}
        for group, number in groups.items()
    }
    _ensure_graph(changes, "/api/permissions/graph", data, nothing, "set who may query the database")


def _groups(changes: Changes) -> dict[str, int]:
    """The ids of our groups and of the built-in group of all users."""
    rows = changes.metabase.listed("/api/permissions/group")
    # Metabase allows no two names that differ in case alone.
    numbers = {row["name"].lower(): int(row["id"]) for row in rows}
    # The built-in group is known by its type: its name is translated.
    found = {EVERYBODY: next(int(row["id"]) for row in rows if row["magic_group_type"] == EVERYBODY)}
    for group in [each for each in QUERY_LEVELS if each != EVERYBODY]:
        name = f"Kabar {group}"
        number = numbers.get(name.lower())
        if number is None:
            created = changes.write(f"make the group {name}", "POST", "/api/permissions/group", {"name": name})
            number = int(created["id"])
        found[group] = number
    return found


def _ensure_graph(changes: Changes, path: str, desired: Levels, default: object, message: str) -> None:
    """Set our part of a permission graph. `default` is the level of what the graph leaves out. The revision makes
    Metabase refuse the change if somebody else changed the graph in between."""
    graph: Row = changes.metabase.get(path)
    missing = _missing(graph, desired, default)
    if not missing:
        return
    groups = {group: {**(graph["groups"].get(group) or {}), **levels} for group, levels in missing.items()}
    changes.write(message, "PUT", path, {"revision": graph["revision"], "groups": groups})
    if not changes.is_plan and _missing(changes.metabase.get(path), desired, default):
        # Metabase silently drops what it does not know.
        raise MetabaseAway(f"PUT {path}: Metabase answered, but did not store the levels")


def _missing(graph: Row, desired: Levels, default: object) -> Levels:
    """The groups of which the graph has other levels than they should have."""
    existing = {group: graph["groups"].get(group) or {} for group in desired}
    return {
        group: levels
        for group, levels in desired.items()
        if not all(matches(existing[group].get(key) or default, level) for key, level in levels.items())
    }
