"""Copies of dashboards, with their cards or with copies of those."""

from __future__ import annotations

from demo.metabase.answers import Request, route
from demo.metabase.checks import FLAG, POSITIVE, STRING, TEXT, check, maybe
from demo.metabase.dashboards import dashboard
from demo.metabase.refusals import Row
from demo.metabase.state import State


@route("POST", "/api/dashboard/:id/copy")
def copy(state: State, request: Request) -> Row:
    original = dashboard(state, request)
    optional = {"name": TEXT, "description": STRING, "collection_id": POSITIVE, "is_deep_copy": FLAG}
    body = check(request.body, optional={name: maybe(kind) for name, kind in optional.items()})
    target = body.get("collection_id")
    state.require(request.user, target, "write")
    assert request.user
    kept = {name: original[name] for name in ("parameters", "width", "auto_apply_filters")}
    row = state.add(
        "dashboard", **kept, name=body.get("name") or original["name"], collection_id=target, archived=False,
        archived_directly=False, description=body.get("description") or original["description"],
        creator_id=request.user["id"],
    )  # fmt: skip
    tabs = {
        tab["id"]: state.add("tab", dashboard_id=row["id"], name=tab["name"], position=tab["position"])["id"]
        for tab in original["tabs"]
    }
    copies = _copied_cards(state, original, request, target) if body.get("is_deep_copy") else {}
    for dashcard in original["dashcards"]:
        fields = {name: value for name, value in dashcard.items() if name not in ("id", "entity_id", "card")}
        number = copies.get(dashcard["card_id"], dashcard["card_id"])
        mappings = [{**mapping, "card_id": number} for mapping in dashcard["parameter_mappings"]]
        fields |= {"card_id": number, "parameter_mappings": mappings, "dashboard_id": row["id"]}
        state.add("dashcard", **{**fields, "dashboard_tab_id": tabs.get(dashcard["dashboard_tab_id"])})
    request.ids = {"id": str(row["id"])}
    return dashboard(state, request)


def _copied_cards(state: State, original: Row, request: Request, collection: int | None) -> dict[int, int]:
    """New cards like those of a dashboard: their numbers by those of the originals."""
    assert request.user
    copies: dict[int, int] = {}
    for number in {each["card_id"] for each in original["dashcards"] if each["card_id"]}:
        fields = {name: value for name, value in state.get("card", number).items() if name not in ("id", "entity_id")}
        owner = {"collection_id": collection, "creator_id": request.user["id"]}
        copies[number] = state.add("card", **{**fields, **owner})["id"]
    return copies
