"""The database in Metabase: Postgres as the role `reader`, in step with what lies there, its columns described."""

from __future__ import annotations

import time
from urllib.parse import unquote, urlsplit

from dashboards.metabase import columns
from dashboards.metabase.changes import Changes, holds
from dashboards.metabase.client import MetabaseAway, Row
from dashboards.reader import Reader
from warehouse import connection
from warehouse.connection import read_sql
from warehouse.settings import ROOT, Settings

NAME = "Kabar"
SCHEMA = "marts"
SYNC_SECONDS = 120
_TABLES = ROOT / "dashboards" / "metabase" / "sql" / "tables.sql"


def ensure(changes: Changes, settings: Settings) -> int:
    """The number of our database in Metabase, made or mended if need be."""
    wanted: Row = {"name": NAME, "engine": "postgres", "details": _details(settings)}
    place = {name: wanted["details"][name] for name in ("host", "port", "dbname", "user")}
    for row in changes.metabase.listed("/api/database"):
        if row["engine"] == "postgres" and holds(row["details"], place):
            _mend(changes, row, wanted)
            return int(row["id"])
    says = f"connect the database {NAME} as the role reader"
    return int(changes.write(says, "POST", "/api/database", {**wanted, "is_full_sync": True})["id"])


def describe(changes: Changes, database: int, settings: Settings) -> None:
    """Give the tables and columns the texts and types that dbt knows, once Metabase has found them."""
    if database < 0:
        changes.said.append("describe the tables and columns of marts")
        return
    for table in _in_step(changes, database, settings):
        described = columns.read().get(table["name"])
        if table["schema"] != SCHEMA or described is None:
            continue
        if not holds(table, {"description": described.description}):
            body = {"description": described.description}
            changes.write(f"describe the table {table['name']}", "PUT", f"/api/table/{table['id']}", body)
        for field in table["fields"]:
            _describe_field(changes, table, field, described)


def _details(settings: Settings) -> Row:
    parts = urlsplit(connection.url("reader", settings))
    host, port = parts.hostname, parts.port or 5432
    if settings.metabase_database_host:
        seen = urlsplit(f"//{settings.metabase_database_host}")
        host, port = seen.hostname, seen.port or port
    return {
        "host": host,
        "port": port,
        "dbname": unquote(parts.path.removeprefix("/")),
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "schema-filters-type": "inclusion",
        "schema-filters-patterns": SCHEMA,
    }


def _mend(changes: Changes, row: Row, wanted: Row) -> None:
    """Metabase does not show the password: whether it is still right, its health check knows."""
    shown = {name: value for name, value in wanted["details"].items() if name != "password"}
    says = []
    if row["name"] != wanted["name"]:
        says.append(f"rename the database {row['name']} back to {wanted['name']}")
    if not holds(row["details"], shown):
        says.append(f"mend the connection of the database {wanted['name']}")
    elif changes.metabase.get(f"/api/database/{row['id']}/healthcheck").get("status") != "ok":
        says.append(f"give the database {wanted['name']} the reader's password anew")
    if says:
        changes.write(says, "PUT", f"/api/database/{row['id']}", wanted)


def _in_step(changes: Changes, database: int, settings: Settings) -> list[Row]:
    """The tables as Metabase knows them, after it has found all that the reader can see."""
    expected = _visible(settings)
    if not expected:
        changes.note("marts is empty: run provision again after the first build, for the columns' descriptions")
    tables = _known(changes, database)
    if expected <= _names(tables):
        return tables
    says = "let Metabase look for new tables and columns"
    changes.write(says, "POST", f"/api/database/{database}/sync_schema", {})
    if changes.is_plan:
        return tables
    until = time.monotonic() + SYNC_SECONDS
    while not expected <= _names(tables := _known(changes, database)):
        if time.monotonic() > until:
            missing = sorted(".".join(name) for name in expected - _names(tables))
            raise MetabaseAway(f"Metabase has not found these within {SYNC_SECONDS} s: {', '.join(missing)}")
        time.sleep(1)
    return tables


def _visible(settings: Settings) -> set[tuple[str, str]]:
    reader = Reader(connection.url("reader", settings))
    try:
        with reader.session() as session:
            return {(row["table_name"], row["column_name"]) for row in session.rows(read_sql(_TABLES))}
    finally:
        reader.close()


def _known(changes: Changes, database: int) -> list[Row]:
    tables: list[Row] = changes.metabase.get(f"/api/database/{database}/metadata", include_hidden="true")["tables"]
    return tables


def _names(tables: list[Row]) -> set[tuple[str, str]]:
    return {
        (table["name"], field["name"]) for table in tables if table["schema"] == SCHEMA for field in table["fields"]
    }


def _describe_field(changes: Changes, table: Row, field: Row, described: columns.Described) -> None:
    wanted: Row = {}
    if text := described.columns.get(field["name"]):
        wanted["description"] = text
    # Where dbt is silent, what Metabase or somebody found out stays.
    if semantic_type := described.semantic_types.get(field["name"]):
        wanted["semantic_type"] = semantic_type
    if not holds(field, wanted):
        says = f"describe the column {table['name']}.{field['name']}"
        changes.write(says, "PUT", f"/api/field/{field['id']}", wanted)
