"""Collections, their items, and their permissions."""

from __future__ import annotations

from typing import Any

from demo.metabase.answers import Request, route
from demo.metabase.checks import FLAG, MAP, NUMBER, POSITIVE, TEXT, check, one_of
from demo.metabase.refusals import Refused, Row
from demo.metabase.state import ADMINISTRATORS, ROOT, State

OUT_OF_DATE = (
    "Looks like someone else edited the permissions and your data is out of date. Please fetch new data and try again."
)
_LEVEL = one_of("read", "write", "none")


@route("GET", "/api/collection")
def collections(state: State, request: Request) -> list[Row]:
    archived = request.asked("archived") == "true"
    root: Row = {"id": ROOT, "name": "Our analytics", "parent_id": None, "is_personal": False, "can_write": True}
    visible = [
        row for row in state.where("collection", archived=archived) if state.may(request.user, row["id"], "read")
    ]
    return ([] if archived else [root]) + visible


@route("POST", "/api/collection")
def make(state: State, request: Request) -> Row:
    body = request.body
    check(body, {"name": TEXT}, {"description": TEXT, "parent_id": POSITIVE, "namespace": TEXT})
    parent = body.get("parent_id")
    state.require(request.user, parent, "write")
    location = f"{state.get('collection', parent)['location']}{parent}/" if parent else "/"
    row = state.add(
        "collection", name=body["name"], description=body.get("description"), location=location, parent_id=parent,
        archived=False, is_personal=False, personal_owner_id=None,
    )  # fmt: skip
    for levels in state.collection_graph.values():
        if inherited := levels.get(parent or ROOT):
            levels[row["id"]] = inherited
    return row


@route("GET", "/api/collection/:id")
def collection(state: State, request: Request) -> Row:
    state.require(request.user, request.id, "read")
    return state.get("collection", request.id)


@route("PUT", "/api/collection/:id")
def change(state: State, request: Request) -> Row:
    row, body = state.get("collection", request.id), request.body
    check(
        body, {"name": TEXT} if "name" in body else {}, {"description": TEXT, "archived": FLAG, "parent_id": POSITIVE}
    )
    state.require(request.user, row["id"], "write")
    if "parent_id" in body:
        parent = body["parent_id"]
        state.require(request.user, parent, "write")
        row["location"] = f"{state.get('collection', parent)['location']}{parent}/" if parent else "/"
    if "archived" in body:
        _archive(state, row, body["archived"])
    state.change(row, body, ("name", "description", "parent_id"))
    return row


@route("GET", "/api/collection/:id/items")
def items(state: State, request: Request) -> Row:
    state.require(request.user, request.id, "read")
    models = request.query.get("models") or ["card", "dashboard"]
    found = [
        {"id": row["id"], "name": row["name"], "description": row["description"], "model": model}
        for model in ("card", "dashboard")
        if model in models
        for row in state.where(model, collection_id=request.id, archived=False)
    ]
    return {"data": found, "total": len(found)}


@route("GET", "/api/collection/graph")
def graph(state: State, request: Request) -> Row:
    state.require_administrator(request.user)
    keys: list[Any] = [ROOT, *(row["id"] for row in state.where("collection", is_personal=False))]
    groups = {
        str(group["id"]): {
            str(key): "write"
            if group["id"] == ADMINISTRATORS
            else state.collection_graph.get(group["id"], {}).get(key, "none")
            for key in keys
        }
        for group in state.all("group")
    }
    return {"revision": state.collection_revision, "groups": groups}


@route("PUT", "/api/collection/graph")
def change_graph(state: State, request: Request) -> Row:
    state.require_administrator(request.user)
    check(request.body, {"revision": NUMBER, "groups": MAP})
    for group, levels in request.body["groups"].items():
        state.get("group", int(group))
        check(levels, dict.fromkeys(levels, _LEVEL), within="groups")
        if int(group) == ADMINISTRATORS and set(levels.values()) != {"write"}:
            raise Refused(400, "You cannot create or revoke permissions for the 'Admin' group.")
    if request.body["revision"] != state.collection_revision:
        raise Refused(409, OUT_OF_DATE)
    for group, levels in request.body["groups"].items():
        own = state.collection_graph.setdefault(int(group), {})
        for key, level in levels.items():
            own[ROOT if key == ROOT else int(key)] = level
    state.collection_revision += 1
    return graph(state, request)


def _archive(state: State, row: Row, archived: bool) -> None:
    """Move a collection and its contents into the trash, or out of it."""
    inside = [each for each in state.all("collection") if each["location"].startswith(f"{row['location']}{row['id']}/")]
    for each in (row, *inside):
        each["archived"] = archived
        for kind in ("card", "dashboard"):
            for item in state.where(kind, collection_id=each["id"]):
                item["archived"] = archived
