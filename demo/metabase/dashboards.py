"""Dashboards. A change lists all cards and tabs: those left out are deleted, new ones have negative ids."""

from __future__ import annotations

from typing import Any

from demo.metabase import cards, pulses
from demo.metabase.answers import Request, route
from demo.metabase.checks import FLAG, FROM_ZERO, MAP, MAPS, NUMBER, POSITIVE, TEXT, check, one_of
from demo.metabase.refusals import ARCHIVED, Refused, Row
from demo.metabase.state import State

_OPTIONAL = {"description": TEXT, "parameters": MAPS, "collection_id": POSITIVE, "collection_position": POSITIVE}
_PLACED = {"id": NUMBER, "size_x": POSITIVE, "size_y": POSITIVE, "row": FROM_ZERO, "col": FROM_ZERO}
_SHOWN = {
    "card_id": POSITIVE,
    "action_id": POSITIVE,
    "dashboard_tab_id": NUMBER,
    "parameter_mappings": MAPS,
    "visualization_settings": MAP,
    "series": MAPS,
    "inline_parameters": MAPS,
}
_STORED = {*_PLACED, *_SHOWN} - {"id"}


@route("GET", "/api/dashboard")
def dashboards(state: State, request: Request) -> list[Row]:
    archived = request.asked("f") == "archived"
    return [
        dashboard
        for dashboard in state.where("dashboard", archived=archived)
        if state.may(request.user, dashboard["collection_id"], "read")
    ]


@route("POST", "/api/dashboard")
def make(state: State, request: Request) -> Row:
    check(request.body, {"name": TEXT}, _OPTIONAL)
    state.require(request.user, request.body.get("collection_id"), "write")
    return _add(state, request, request.body)


@route("GET", "/api/dashboard/:id")
def dashboard(state: State, request: Request) -> Row:
    row = state.get("dashboard", request.id)
    state.require(request.user, row["collection_id"], "read")
    return _shown(state, row)


@route("PUT", "/api/dashboard/:id")
def change(state: State, request: Request) -> Row:
    row, body = state.get("dashboard", request.id), request.body
    optional = {**_OPTIONAL, "archived": FLAG, "dashcards": MAPS, "tabs": MAPS, "width": one_of("fixed", "full")}
    check(body, {"name": TEXT} if "name" in body else {}, optional)
    for parameter in body.get("parameters") or []:
        check(parameter, {"id": TEXT, "type": TEXT}, {"name": TEXT, "slug": TEXT}, within="parameters")
    state.require(request.user, row["collection_id"], "write")
    state.require(request.user, body.get("collection_id", row["collection_id"]), "write")
    if "dashcards" in body:
        if row["archived"] and body.get("archived") is not False:
            raise Refused(404, ARCHIVED)
        _check_dashcards(state, request)
        _place(state, row, body)
    names = ("name", "description", "parameters", "collection_id", "archived", "width", "auto_apply_filters")
    state.change(row, body, names)
    pulses.follow(state, row, [each["card_id"] for each in _dashcards(state, row) if each["card_id"]])
    return _shown(state, row)


@route("DELETE", "/api/dashboard/:id")
def remove(state: State, request: Request) -> None:
    row = state.get("dashboard", request.id)
    state.require(request.user, row["collection_id"], "write")
    state.remove("dashboard", row["id"])
    for kind in ("dashcard", "tab", "pulse"):
        for part in list(state.where(kind, dashboard_id=row["id"])):
            state.remove(kind, part["id"])


@route("POST", "/api/dashboard/:id/copy")
def copy(state: State, request: Request) -> Row:
    original = state.get("dashboard", request.id)
    state.require(request.user, original["collection_id"], "read")
    target = request.body.get("collection_id")
    state.require(request.user, target, "write")
    wanted = {name: request.body.get(name) or original[name] for name in ("name", "description")}
    row = _add(state, request, {**wanted, "collection_id": target, "parameters": original["parameters"]})
    tabs = {
        tab["id"]: state.add("tab", dashboard_id=row["id"], name=tab["name"], position=tab["position"])["id"]
        for tab in _tabs(state, original)
    }
    copies: dict[int, int] = {}
    for dashcard in _dashcards(state, original):
        kept = {name: value for name, value in dashcard.items() if name not in ("id", "entity_id", "dashboard_id")}
        if request.body.get("is_deep_copy") and dashcard["card_id"]:
            if dashcard["card_id"] not in copies:
                copies[dashcard["card_id"]] = _copied(state, dashcard["card_id"], request, target)
            number = copies[dashcard["card_id"]]
            mappings = [{**mapping, "card_id": number} for mapping in dashcard["parameter_mappings"]]
            kept |= {"card_id": number, "parameter_mappings": mappings}
        kept["dashboard_tab_id"] = tabs.get(dashcard["dashboard_tab_id"])
        state.add("dashcard", **{**kept, "dashboard_id": row["id"]})
    return _shown(state, row)


def _copied(state: State, number: int, request: Request, collection: int | None) -> int:
    original = state.get("card", number)
    assert request.user
    fresh = {name: value for name, value in original.items() if name not in ("id", "entity_id")}
    card = state.add("card", **{**fresh, "collection_id": collection, "creator_id": request.user["id"]})
    return int(card["id"])


def _add(state: State, request: Request, body: Row) -> Row:
    assert request.user
    return state.add(
        "dashboard", name=body["name"], description=body.get("description"), collection_id=body.get("collection_id"),
        parameters=body.get("parameters") or [], archived=False, width="fixed", auto_apply_filters=True,
        creator_id=request.user["id"],
    )  # fmt: skip


def _check_dashcards(state: State, request: Request) -> None:
    for dashcard in request.body["dashcards"]:
        check(dashcard, _PLACED, _SHOWN, within="dashcards")
        if dashcard.get("card_id"):
            card = state.get("card", dashcard["card_id"])
            state.require(request.user, card["collection_id"], "read")
            if card["archived"]:
                raise Refused(404, ARCHIVED)
        for mapping in dashcard.get("parameter_mappings") or []:
            check(mapping, {"parameter_id": TEXT}, {"card_id": POSITIVE}, within="parameter_mappings")
    for tab in request.body.get("tabs") or []:
        check(tab, {"id": NUMBER, "name": TEXT}, {"position": FROM_ZERO}, within="tabs")


def _place(state: State, row: Row, body: Row) -> None:
    """Replace the cards and tabs by those of a body. Like Metabase since 0.63.14, drop keys that it does not know."""
    numbers: dict[Any, int] = {}
    old = {tab["id"]: tab for tab in _tabs(state, row)}
    for position, tab in enumerate(body.get("tabs") or []):
        kept = old.pop(tab["id"]) if tab["id"] in old else state.add("tab", dashboard_id=row["id"])
        kept |= {"name": tab["name"], "position": position}
        numbers[tab["id"]] = kept["id"]
    for gone in old:
        state.remove("tab", gone)
    known = {dashcard["id"]: dashcard for dashcard in _dashcards(state, row)}
    defaults: Row = {"card_id": None, "parameter_mappings": [], "visualization_settings": {}, "series": []}
    for given in body["dashcards"]:
        is_known = given["id"] in known
        kept = known.pop(given["id"]) if is_known else state.add("dashcard", dashboard_id=row["id"], **defaults)
        kept |= {name: given[name] for name in _STORED if name in given}
        kept["dashboard_tab_id"] = numbers.get(given.get("dashboard_tab_id"))
    for gone in known:
        state.remove("dashcard", gone)


def _tabs(state: State, row: Row) -> list[Row]:
    return sorted(state.where("tab", dashboard_id=row["id"]), key=lambda tab: int(tab["position"]))


def _dashcards(state: State, row: Row) -> list[Row]:
    """The cards on a dashboard, except those in the trash."""
    placed = state.where("dashcard", dashboard_id=row["id"])
    return [each for each in placed if not (each["card_id"] and state.get("card", each["card_id"])["archived"])]


def _shown(state: State, row: Row) -> Row:
    dashcards = [
        {**each, "card": cards.shown(state.get("card", each["card_id"])) if each["card_id"] else None}
        for each in _dashcards(state, row)
    ]
    return {**row, "dashcards": dashcards, "tabs": _tabs(state, row), "can_write": True, "param_fields": {}}
