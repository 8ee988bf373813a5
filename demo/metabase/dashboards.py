"""Dashboards. A change lists all cards and tabs: those left out are deleted, new ones have negative ids."""

from __future__ import annotations

from typing import Any

from demo.metabase import cards, parameters, pulses
from demo.metabase.answers import Request, route
from demo.metabase.checks import (
    FLAG,
    FROM_ZERO,
    MAP,
    MAPS,
    NUMBER,
    POSITIVE,
    STRING,
    TEXT,
    UNIQUE_MAPS,
    check,
    check_each,
    list_of,
    maybe,
    one_of,
)
from demo.metabase.refusals import ARCHIVED, Refused, Row
from demo.metabase.state import State

TABLESS = "This dashboard has tab, makes sure every card has a tab"
_OPTIONAL = {
    "description": maybe(STRING),
    "parameters": maybe(MAPS),
    "collection_id": maybe(POSITIVE),
    "collection_position": maybe(POSITIVE),
    "cache_ttl": maybe(POSITIVE),
}
_CHANGEABLE = {
    **_OPTIONAL,
    "name": maybe(TEXT),
    "archived": maybe(FLAG),
    "auto_apply_filters": maybe(FLAG),
    "width": one_of("fixed", "full"),
    "dashcards": maybe(UNIQUE_MAPS),
    "tabs": maybe(UNIQUE_MAPS),
}
_PLACED = {"id": NUMBER, "size_x": POSITIVE, "size_y": POSITIVE, "row": FROM_ZERO, "col": FROM_ZERO}
_SHOWN = {
    "card_id": maybe(POSITIVE),
    "action_id": maybe(POSITIVE),
    "dashboard_tab_id": maybe(NUMBER),
    "parameter_mappings": maybe(MAPS),
    "visualization_settings": maybe(MAP),
    "series": maybe(MAPS),
    "inline_parameters": maybe(list_of(TEXT)),
}


@route("GET", "/api/dashboard")
def dashboards(state: State, request: Request) -> list[Row]:
    archived = request.asked("f") == "archived"
    return [
        {**dashboard, "collection_id": state.place(dashboard)}
        for dashboard in state.where("dashboard", archived=archived)
        if state.may(request.user, dashboard["collection_id"], "read")
    ]


@route("POST", "/api/dashboard")
def make(state: State, request: Request) -> Row:
    body = check(request.body, {"name": TEXT}, _OPTIONAL)
    state.require(request.user, body.get("collection_id"), "write")
    return _shown(state, _add(state, request, body))


@route("GET", "/api/dashboard/:id")
def dashboard(state: State, request: Request) -> Row:
    row = state.get("dashboard", request.id)
    state.require(request.user, row["collection_id"], "read")
    return _shown(state, row)


@route("PUT", "/api/dashboard/:id")
def change(state: State, request: Request) -> Row:
    row, body = state.get("dashboard", request.id), check(request.body, optional=_CHANGEABLE)
    # Null changes nothing here.
    kept = {name: body[name] for name in body if body[name] is not None or name in ("description", "collection_id")}
    state.require(request.user, row["collection_id"], "write")
    state.require(request.user, body.get("collection_id", row["collection_id"]), "write")
    if "parameters" in kept:
        kept["parameters"] = parameters.checked(state, kept["parameters"])
    if "dashcards" in kept:
        if row["archived"] and body.get("archived") is not False:
            raise Refused(404, ARCHIVED)
        _place(state, row, _checked_tabs(body), _checked_dashcards(state, request, body))
    state.archive(row, body.get("archived"))
    state.change(row, kept, ("name", "description", "parameters", "collection_id", "width", "auto_apply_filters"))
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


def _add(state: State, request: Request, body: Row) -> Row:
    assert request.user
    return state.add(
        "dashboard", name=body["name"], description=body.get("description"), collection_id=body.get("collection_id"),
        parameters=parameters.checked(state, body.get("parameters")), archived=False, archived_directly=False,
        width="fixed", auto_apply_filters=True, creator_id=request.user["id"],
    )  # fmt: skip


def _checked_tabs(body: Row) -> list[Row]:
    found: list[Row] = check_each(body.get("tabs") or [], {"id": NUMBER, "name": TEXT}, {"position": FROM_ZERO}, "tabs")
    return found


def _checked_dashcards(state: State, request: Request, body: Row) -> list[Row]:
    """The cards of a body without undeclared keys. Each has a tab where there are tabs; a single tab gets them all."""
    tabs = [tab["id"] for tab in body.get("tabs") or []]
    dashcards: list[Row] = check_each(body["dashcards"], _PLACED, _SHOWN, "dashcards")
    for dashcard in dashcards:
        if dashcard.get("card_id"):
            card = state.get("card", dashcard["card_id"])
            state.require(request.user, card["collection_id"], "read")
            if card["archived"] and dashcard["id"] < 0:
                raise Refused(404, ARCHIVED)
        if "parameter_mappings" in dashcard:
            mappings = parameters.checked_mappings(state, dashcard["parameter_mappings"])
            dashcard["parameter_mappings"] = mappings
        if len(tabs) == 1 and dashcard.get("dashboard_tab_id") is None:
            dashcard["dashboard_tab_id"] = tabs[0]
    if tabs and any(each.get("dashboard_tab_id") is None for each in dashcards):
        raise Refused(400, TABLESS)
    return dashcards


def _place(state: State, row: Row, tabs: list[Row], dashcards: list[Row]) -> None:
    """Replace the cards and tabs. A tab that is left out is deleted with its cards."""
    numbers: dict[Any, int | None] = {None: None}
    old = {tab["id"]: tab for tab in _tabs(state, row)}
    for position, tab in enumerate(tabs):
        kept = old.pop(tab["id"]) if tab["id"] in old else state.add("tab", dashboard_id=row["id"])
        kept |= {"name": tab["name"], "position": position}
        numbers[tab["id"]] = kept["id"]
    for gone in old:
        state.remove("tab", gone)
    known = {each["id"]: each for each in _dashcards(state, row) if each["dashboard_tab_id"] not in old}
    in_gone_tabs = [each["id"] for each in _dashcards(state, row) if each["dashboard_tab_id"] in old]
    defaults: Row = {"card_id": None, "parameter_mappings": [], "visualization_settings": {}, "series": []}
    defaults |= {"dashboard_tab_id": None, "inline_parameters": []}
    if any(each.get("dashboard_tab_id") not in numbers for each in dashcards):
        raise Refused(500, {"message": "a card's tab does not exist"})
    for given in dashcards:
        is_known = given["id"] in known
        kept = known.pop(given["id"]) if is_known else state.add("dashcard", dashboard_id=row["id"], **defaults)
        kept |= {name: value for name, value in given.items() if name != "id"}
        kept["dashboard_tab_id"] = numbers[given.get("dashboard_tab_id")]
    for number in (*known, *in_gone_tabs):
        state.remove("dashcard", number)


def _tabs(state: State, row: Row) -> list[Row]:
    return sorted(state.where("tab", dashboard_id=row["id"]), key=lambda tab: int(tab["position"]))


def _dashcards(state: State, row: Row) -> list[Row]:
    """The cards on a dashboard, except those in the trash."""
    placed = state.where("dashcard", dashboard_id=row["id"])
    return [each for each in placed if not (each["card_id"] and state.get("card", each["card_id"])["archived"])]


def _shown(state: State, row: Row) -> Row:
    dashcards = [
        {**each, "card": cards.shown(state, state.get("card", each["card_id"])) if each["card_id"] else None}
        for each in _dashcards(state, row)
    ]
    shown = {**row, "collection_id": state.place(row), "dashcards": dashcards, "tabs": _tabs(state, row)}
    return {**shown, "can_write": True, "param_fields": {}}
