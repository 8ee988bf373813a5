"""Cards: saved questions."""

from __future__ import annotations

import json

from demo.metabase import parameters, queries
from demo.metabase.answers import Answer, Request, route
from demo.metabase.checks import FLAG, MAP, MAPS, POSITIVE, TEXT, check, maybe, one_of
from demo.metabase.refusals import Row
from demo.metabase.state import State

_OPTIONAL = {
    "description": maybe(TEXT),
    "collection_id": maybe(POSITIVE),
    "parameters": maybe(MAPS),
    "parameter_mappings": maybe(MAPS),
    "type": maybe(one_of("question", "model", "metric")),
    "cache_ttl": maybe(POSITIVE),
    "collection_position": maybe(POSITIVE),
}
_CHANGED = ("name", "description", "display", "visualization_settings", "collection_id", "parameters", "type")


@route("GET", "/api/card")
def cards(state: State, request: Request) -> list[Row]:
    archived = request.asked("f") == "archived"
    return [
        shown(state, card)
        for card in state.where("card", archived=archived)
        if state.may(request.user, card["collection_id"], "read")
    ]


@route("POST", "/api/card")
def make(state: State, request: Request) -> Row:
    required = {"name": TEXT, "display": TEXT, "dataset_query": MAP, "visualization_settings": MAP}
    body = check(request.body, required, _OPTIONAL)
    state.require(request.user, body.get("collection_id"), "write")
    query = queries.stored(state, body["dataset_query"])
    if query["type"] == "native":
        state.require_native(request.user, query["database"])
    assert request.user
    row = state.add(
        "card",
        archived=False,
        archived_directly=False,
        creator_id=request.user["id"],
        type=body.get("type") or "question",
        query=query,
        result_metadata=None,
        description=body.get("description"),
        collection_id=body.get("collection_id"),
        parameters=parameters.checked(state, body.get("parameters")),
        **{name: body[name] for name in ("name", "display", "visualization_settings")},
    )
    answer = shown(state, row)
    state.later(row, result_metadata=queries.columns(state, query))
    return answer


@route("GET", "/api/card/:id")
def card(state: State, request: Request) -> Row:
    row = readable(state, request.user, request.id)
    as_legacy = request.asked("legacy-mbql") == "true"
    return shown(state, row, as_legacy)


@route("PUT", "/api/card/:id")
def change(state: State, request: Request) -> Row:
    row = readable(state, request.user, request.id)
    settable = {"name": TEXT, "display": TEXT, "visualization_settings": MAP, "dataset_query": MAP, "archived": FLAG}
    body = check(request.body, optional=_OPTIONAL | {name: maybe(kind) for name, kind in settable.items()})
    # Null changes nothing here.
    body = {name: value for name, value in body.items() if value is not None or name not in settable}
    state.require(request.user, row["collection_id"], "write")
    state.require(request.user, body.get("collection_id", row["collection_id"]), "write")
    if "dataset_query" in body:
        query = queries.stored(state, body["dataset_query"])
        if query["type"] == "native" and query != row["query"]:
            state.require_native(request.user, query["database"])
        if query != row["query"]:
            row |= {"query": query}
            state.later(row, result_metadata=queries.columns(state, query))
    if "parameters" in body:
        body["parameters"] = parameters.checked(state, body["parameters"])
    state.archive(row, body.get("archived"))
    state.change(row, body, _CHANGED)
    return shown(state, row)


@route("DELETE", "/api/card/:id")
def remove(state: State, request: Request) -> None:
    row = readable(state, request.user, request.id)
    state.require(request.user, row["collection_id"], "write")
    state.remove("card", row["id"])
    for dashcard in list(state.where("dashcard", card_id=row["id"])):
        state.remove("dashcard", dashcard["id"])
    for notification in state.all("notification"):
        if notification["payload"]["card_id"] == row["id"]:
            state.remove("notification", notification["id"])


@route("POST", "/api/card/:id/query")
def run(state: State, request: Request) -> Answer:
    row = readable(state, request.user, request.id)
    return Answer(queries.result_of(state, row["query"], request.body.get("parameters") or []), 202)


@route("POST", "/api/dataset/native")
def as_sql(state: State, request: Request) -> Row:
    """The SQL of a query-builder question; only for a whole table."""
    legacy = queries.stored(state, {name: value for name, value in request.body.items() if name != "pretty"})
    return {"query": queries.table_query(state, legacy), "params": None}


def readable(state: State, user: Row | None, number: int) -> Row:
    """A card that the user may read. Raises Refused."""
    row = state.get("card", number)
    state.require(user, row["collection_id"], "read")
    return row


def shown(state: State, row: Row, as_legacy: bool = False) -> Row:
    """A card as the API returns it."""
    query = row["query"]
    card = {name: value for name, value in row.items() if name != "query"}
    card |= {
        "dataset_query": queries.of_version(state, queries.shown(query, as_legacy)),
        "collection_id": state.place(row),
        "database_id": query["database"],
        "query_type": query["type"],
        "can_write": True,
        "cache_ttl": None,
        "parameter_mappings": [],
        "legacy_query": json.dumps(queries.shown(query, as_legacy=True), separators=(",", ":")),
        "card_schema": 22,
    }
    return card
