"""The collections: one with the dashboards, in it one with their cards, and one for the support team's own work."""

from __future__ import annotations

from dataclasses import dataclass

from dashboards.definition import Language, Text
from dashboards.metabase.client import Row
from dashboards.metabase.objects import Changes, Desired, ensure, managed
from warehouse.i18n import N_


@dataclass(frozen=True)
class Collection:
    name: str
    title: Text
    text: Text
    parent: str | None = None


COLLECTIONS = (
    Collection(
        "dashboards",
        N_("Kabar"),
        N_("Dashboards managed by Kabar. Duplicate one to change it; changes made here are overwritten."),
    ),
    Collection(
        "cards",
        N_("Cards"),
        N_("Cards shown on the dashboards."),
        parent="dashboards",
    ),
    Collection(
        "support",
        N_("Support team"),
        N_("The support team's own dashboards and copies. Kabar never changes anything in here."),
    ),
)


def ensure_all(changes: Changes, language: Language) -> dict[str, int]:
    """Create or update the collections and return their ids by name."""
    rows = changes.metabase.listed("/api/collection") + changes.metabase.listed("/api/collection", archived="true")
    existing = managed(_with_parent(row) for row in rows if isinstance(row["id"], int))
    numbers: dict[str, int] = {}
    for each in COLLECTIONS:
        fields = {"parent_id": numbers[each.parent] if each.parent else None}
        key, title, text = f"collection/{each.name}", each.title.to(language), each.text.to(language)
        numbers[each.name] = ensure(changes, Desired("collection", key, title, text, fields), existing)
    return numbers


def _with_parent(row: Row) -> Row:
    """Add the parent's id, which a listing gives only as a path such as `/3/`."""
    inside = str(row.get("location") or "/").strip("/").split("/")[-1]
    return {**row, "archived": bool(row.get("archived")), "parent_id": int(inside) if inside else None}
