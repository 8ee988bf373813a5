"""Databases with their tables and fields."""

from __future__ import annotations

from demo.metabase.answers import Request, route
from demo.metabase.checks import FLAG, MAP, POSITIVE, STRING, TEXT, check, maybe, one_of, refusal
from demo.metabase.postgres import catalog, connect
from demo.metabase.refusals import Refused, Row
from demo.metabase.state import ALL_USERS, State

ENGINES = ("postgres", "h2", "mysql", "bigquery-cloud-sdk")
SEMANTIC_TYPES = (
    "type/PK", "type/FK", "type/Category", "type/Name", "type/Title", "type/Description", "type/Currency",
    "type/CreationTimestamp", "type/UpdatedTimestamp", "type/JoinTimestamp", "type/Quantity", "type/Score",
    "type/Duration", "type/Percentage", "type/State", "type/Country", "type/Product", "type/User", "type/Source",
)  # fmt: skip
PROTECTED = "**MetabasePass**"


@route("GET", "/api/database")
def databases(state: State, request: Request) -> Row:
    shown = [_shown(row) for row in state.all("database")]
    return {"data": shown, "total": len(shown)}


@route("POST", "/api/database")
def add(state: State, request: Request) -> Row:
    state.require_administrator(request.user)
    optional = {"is_full_sync": FLAG, "is_on_demand": FLAG, "auto_run_queries": maybe(FLAG)}
    body = check(request.body, {"name": TEXT, "engine": one_of(*ENGINES), "details": MAP}, optional)
    _require_connection(state, body["details"])
    row = state.add(
        "database",
        name=body["name"],
        engine=body["engine"],
        details=body["details"],
        description=None,
        caveats=None,
        is_sample=False,
        initial_sync_status="incomplete",
    )
    state.data_graph[ALL_USERS][row["id"]] = {
        "view-data": "unrestricted", "create-queries": "query-builder-and-native", "download": {"schemas": "full"},
    }  # fmt: skip
    _sync(state, row)
    return _shown(row)


@route("GET", "/api/database/:id")
def database(state: State, request: Request) -> Row:
    return _shown(state.get("database", request.id))


@route("PUT", "/api/database/:id")
def change(state: State, request: Request) -> Row:
    state.require_administrator(request.user)
    row = state.get("database", request.id)
    texts = dict.fromkeys(("description", "caveats", "points_of_interest"), maybe(STRING))
    optional = {"name": maybe(TEXT), "engine": maybe(one_of(*ENGINES)), "details": maybe(MAP), **texts}
    body = check(request.body, optional=optional)
    if body.get("details"):
        given = {name: value for name, value in body["details"].items() if value != PROTECTED}
        details = {**row["details"], **given}
        _require_connection(state, details)
        row["details"] = details
    state.change(row, body, ("name", *texts))
    return _shown(row)


@route("GET", "/api/database/:id/healthcheck")
def health(state: State, request: Request) -> Row:
    try:
        _require_connection(state, state.get("database", request.id)["details"])
    except Refused as refused:
        return {"status": "error", "message": str(refused)}
    return {"status": "ok"}


@route("POST", "/api/database/:id/sync_schema")
def sync(state: State, request: Request) -> Row:
    state.require_administrator(request.user)
    _sync(state, state.get("database", request.id))
    return {"status": "ok"}


@route("GET", "/api/database/:id/metadata")
def metadata(state: State, request: Request) -> Row:
    row = state.get("database", request.id)
    _take(state, row)
    tables = [
        {**table, "fields": list(state.where("field", table_id=table["id"]))}
        for table in state.where("table", db_id=row["id"])
    ]
    return {**_shown(row), "tables": tables}


@route("PUT", "/api/table/:id")
def change_table(state: State, request: Request) -> Row:
    state.require_administrator(request.user)
    row = state.get("table", request.id)
    texts = dict.fromkeys(("description", "visibility_type", "caveats"), maybe(STRING))
    body = check(request.body, optional={"display_name": maybe(TEXT), **texts})
    state.change(row, body, ("display_name", *texts))
    return row


@route("PUT", "/api/field/:id")
def change_field(state: State, request: Request) -> Row:
    state.require_administrator(request.user)
    row = state.get("field", request.id)
    kinds = {"display_name": TEXT, "description": TEXT, "semantic_type": STRING, "fk_target_field_id": POSITIVE}
    body = check(request.body, optional={name: maybe(kind) for name, kind in kinds.items()})
    if (semantic := body.get("semantic_type")) and semantic not in SEMANTIC_TYPES:
        raise refusal({"semantic_type": "nullable value must be a valid field semantic or relation type."})
    state.change(row, body, tuple(kinds))
    return row


def _sync(state: State, database: Row) -> None:
    """Look for what the database has gained. As in Metabase, that goes on after the answer."""
    state.later(database, found=state.catalog(database["details"]), initial_sync_status="complete")


def _take(state: State, database: Row) -> None:
    """Add the tables and columns that a sync has found by now."""
    for given in database.pop("found", []):
        known = next(state.where("table", db_id=database["id"], schema=given["schema"], name=given["name"]), None)
        table = known or state.add(
            "table", db_id=database["id"], schema=given["schema"], name=given["name"], description=None,
            display_name=given["name"].replace("_", " ").title(), visibility_type=None, active=True,
        )  # fmt: skip
        for position, column in enumerate(given["columns"]):
            if not any(state.where("field", table_id=table["id"], name=column["name"])):
                _add_field(state, table, column, position)


def _add_field(state: State, table: Row, column: Row, position: int) -> None:
    state.add(
        "field", table_id=table["id"], position=position, description=None, semantic_type=None, active=True,
        display_name=column["name"].replace("_", " ").title(), fk_target_field_id=None, visibility_type="normal",
        effective_type=column["base_type"], **column,
    )  # fmt: skip


def _require_connection(state: State, details: Row) -> None:
    if state.catalog is catalog:
        connect(details).close()


def _shown(row: Row) -> Row:
    shown = {name: value for name, value in row.items() if name != "found"}
    return {**shown, "details": {**row["details"], "password": PROTECTED}}
