"""Collections, their items, and their permissions."""

from __future__ import annotations

from typing import Any

from demo.metabase.answers import Request, route
from demo.metabase.checks import FLAG, MAP, NUMBER, POSITIVE, TEXT, check, maybe, one_of
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
    listed = [_shown(state, row) for row in visible if row["id"] != state.trash or archived]
    return ([] if archived else [root]) + listed


@route("POST", "/api/collection")
def make(state: State, request: Request) -> Row:
    optional = {
        name: maybe(kind) for name, kind in (("description", TEXT), ("parent_id", POSITIVE), ("namespace", TEXT))
    }
    body = check(request.body, {"name": TEXT}, optional)
    parent = body.get("parent_id")
    state.require(request.user, parent, "write")
    location = f"{state.get('collection', parent)['location']}{parent}/" if parent else "/"
    row = state.add(
        "collection", name=body["name"], description=body.get("description"), location=location, parent_id=parent,
        archived=False, archived_directly=False, is_personal=False, personal_owner_id=None, type=None,
    )  # fmt: skip
    for levels in state.collection_graph.values():
        if inherited := levels.get(parent or ROOT):
            levels[row["id"]] = inherited
    return _shown(state, row)


@route("GET", "/api/collection/:id")
def collection(state: State, request: Request) -> Row:
    state.require(request.user, request.id, "read")
    return _shown(state, state.get("collection", request.id))


@route("PUT", "/api/collection/:id")
def change(state: State, request: Request) -> Row:
    row = state.get("collection", request.id)
    optional = {"name": TEXT, "description": maybe(TEXT), "archived": FLAG, "parent_id": maybe(POSITIVE)}
    body = check(request.body, optional=optional)
    state.require(request.user, row["id"], "write")
    # Without `archived` a collection in the trash comes back.
    _archive(state, row, body.get("archived", False))
    if "parent_id" in body:
        parent = body["parent_id"]
        state.require(request.user, parent, "write")
        row["location"] = f"{state.get('collection', parent)['location']}{parent}/" if parent else "/"
    state.change(row, body, ("name", "description", "parent_id"))
    return _shown(state, row)


@route("GET", "/api/collection/root/items")
def root_items(state: State, request: Request) -> Row:
    return _items(state, request, None)


@route("GET", "/api/collection/trash")
def trash(state: State, request: Request) -> Row:
    return state.get("collection", state.trash)


@route("GET", "/api/collection/:id/items")
def items(state: State, request: Request) -> Row:
    state.require(request.user, request.id, "read")
    return _items(state, request, request.id)


def _items(state: State, request: Request, place: int | None) -> Row:
    """What lies in a collection, in the root (None) or in the trash."""
    models = request.query.get("models") or ["card", "dashboard", "collection"]
    archived = place == state.trash or request.asked("archived") == "true"
    found = [
        {"id": row["id"], "name": row["name"], "description": row["description"], "model": model, "archived": archived}
        for model in ("card", "dashboard")
        if model in models
        for row in state.where(model, archived=archived)
        if state.place(row) == place and state.may(request.user, row["collection_id"], "read")
    ]
    return {"data": found, "total": len(found), "models": models, "limit": None, "offset": None}


@route("GET", "/api/collection/graph")
def graph(state: State, request: Request) -> Row:
    state.require_administrator(request.user)
    numbers = [row["id"] for row in state.where("collection", is_personal=False) if row["id"] != state.trash]
    keys: list[Any] = [ROOT, *numbers]
    groups = {}
    for group in state.all("group"):
        own = state.collection_graph.get(group["id"], {})
        levels = {key: "write" if group["id"] == ADMINISTRATORS else own.get(key, "none") for key in keys}
        # `none` is left out since 0.56.13.
        groups[str(group["id"])] = {str(key): level for key, level in levels.items() if level != "none"}
    return {"revision": state.collection_revision, "groups": groups}


@route("PUT", "/api/collection/graph")
def change_graph(state: State, request: Request) -> Row:
    state.require_administrator(request.user)
    body = check(request.body, {"revision": NUMBER, "groups": MAP})
    for group, levels in body["groups"].items():
        state.get("group", int(group))
        check(levels, dict.fromkeys(levels, _LEVEL), within="groups")
        if int(group) == ADMINISTRATORS and set(levels.values()) != {"write"}:
            raise Refused(400, "You cannot create or revoke permissions for the 'Admin' group.")
    if body["revision"] != state.collection_revision:
        raise Refused(409, OUT_OF_DATE)
    for group, levels in body["groups"].items():
        own = state.collection_graph.setdefault(int(group), {})
        for key, level in levels.items():
            own[ROOT if key == ROOT else int(key)] = level
    state.collection_revision += 1
    return graph(state, request)


def _archive(state: State, row: Row, archived: bool) -> None:
    """Move a collection and its contents into the trash, or out of it. What was put there by itself stays there."""
    if archived == row["archived"]:
        return
    state.archive(row, archived)
    inside = [each for each in state.all("collection") if each["location"].startswith(f"{row['location']}{row['id']}/")]
    contents = [
        item
        for each in (row, *inside)
        for kind in ("card", "dashboard")
        for item in state.where(kind, collection_id=each["id"])
    ]
    for each in (*inside, *contents):
        if not each["archived_directly"]:
            each["archived"] = archived


def _shown(state: State, row: Row) -> Row:
    """A collection as the API returns it; one in the trash lies there."""
    return {**row, "location": f"/{state.trash}/", "parent_id": state.trash} if row.get("archived_directly") else row
