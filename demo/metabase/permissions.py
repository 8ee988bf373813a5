"""Groups, their members, and what they may query."""

from __future__ import annotations

from typing import Any

from demo.metabase.answers import Request, paid, route
from demo.metabase.checks import ANY, FLAG, MAP, NUMBER, POSITIVE, TEXT, check, maybe, refusal
from demo.metabase.collections import OUT_OF_DATE
from demo.metabase.refusals import Refused, Row
from demo.metabase.state import ADMINISTRATORS, ALL_USERS, State

_FULL = {"view-data": "unrestricted", "create-queries": "query-builder-and-native"}
_CREATE = ("no", "query-builder", "query-builder-and-native")


@route("GET", "/api/permissions/group")
def groups(state: State, request: Request) -> list[Row]:
    state.require_administrator(request.user)
    members = [each["group_id"] for each in state.all("membership")]
    rows = [{**group, "member_count": members.count(group["id"])} for group in state.all("group")]
    return sorted(rows, key=lambda group: str(group["name"]).lower())


@route("POST", "/api/permissions/group")
def make_group(state: State, request: Request) -> Row:
    state.require_administrator(request.user)
    name = check(request.body, {"name": TEXT})["name"]
    if any(group["name"].lower() == name.lower() for group in state.all("group")):
        raise refusal({"name": "A group with that name already exists."})
    return state.add("group", name=name, magic_group_type=None)


@route("PUT", "/api/permissions/group/:id")
def rename_group(state: State, request: Request) -> Row:
    state.require_administrator(request.user)
    body = check(request.body, {"name": TEXT})
    group = state.get("group", request.id)
    state.change(group, body, ("name",))
    return group


@route("POST", "/api/permissions/membership")
def join(state: State, request: Request) -> list[Row]:
    state.require_administrator(request.user)
    body = check(request.body, {"user_id": POSITIVE, "group_id": POSITIVE}, {"is_group_manager": maybe(FLAG)})
    state.get("user", body["user_id"])
    group = state.get("group", body["group_id"])
    state.add("membership", user_id=body["user_id"], group_id=group["id"])
    return list(state.where("membership", group_id=group["id"]))


@route("GET", "/api/permissions/graph")
def graph(state: State, request: Request) -> Row:
    state.require_administrator(request.user)
    return _graph(state, [row["id"] for row in state.all("database")])


@route("GET", "/api/permissions/graph/db/:id")
def graph_of_database(state: State, request: Request) -> Row:
    state.require_administrator(request.user)
    return _graph(state, [request.id])


@route("PUT", "/api/permissions/graph")
def change_graph(state: State, request: Request) -> Row:
    state.require_administrator(request.user)
    body = check(request.body, {"groups": MAP, "revision": NUMBER}, {"sandboxes": ANY})
    if "sandboxes" in body:
        raise paid("Sandboxes")
    for group, databases in body["groups"].items():
        state.get("group", int(group))
        for number, levels in databases.items():
            state.get("database", int(number))
            _check_levels(levels)
        if int(group) == ADMINISTRATORS:
            raise Refused(400, "You cannot create or revoke permissions for the 'Admin' group.")
    if body["revision"] != state.data_revision:
        raise Refused(409, OUT_OF_DATE)
    for group, databases in body["groups"].items():
        for number, levels in databases.items():
            state.data_graph.setdefault(int(group), {}).setdefault(int(number), {}).update(levels)
    state.data_revision += 1
    return graph(state, request)


def _check_levels(levels: Row) -> None:
    if levels.get("view-data", "unrestricted") != "unrestricted":
        raise paid("Advanced Permissions")
    if not isinstance(levels.get("create-queries", "no"), dict) and levels.get("create-queries", "no") not in _CREATE:
        raise Refused(400, f"Cannot parse permissions graph because it is invalid: {levels}")


def _graph(state: State, databases: list[int]) -> Row:
    shown: dict[str, Any] = {}
    for group in state.all("group"):
        own = state.data_graph.get(group["id"], {})
        levels = {number: _FULL if group["id"] == ADMINISTRATORS else own.get(number) for number in databases}
        kept = {str(number): level for number, level in levels.items() if level}
        if kept or group["id"] == ALL_USERS:
            shown[str(group["id"])] = kept
    return {"revision": state.data_revision, "groups": shown}
