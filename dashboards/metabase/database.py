"""The database in Metabase: Postgres as the role `reader`, its schema synced, its tables and columns described."""

from __future__ import annotations

import time
from urllib.parse import unquote, urlsplit

from dashboards.metabase import descriptions
from dashboards.metabase.client import Metabase, MetabaseAway, Row
from dashboards.metabase.objects import Changes, matches
from dashboards.reader import Reader
from warehouse import connection
from warehouse.connection import read_sql
from warehouse.settings import ROOT, Settings

NAME = "Kabar"
SCHEMA = "marts"
# Metabase may be migrating its own database on the same small machine.
SYNC_SECONDS = 600
LONGEST_PAUSE = 2.0
_VISIBLE = ROOT / "dashboards" / "metabase" / "sql" / "tables.sql"


def find(metabase: Metabase, settings: Settings) -> Row | None:
    """The database, which is identified by its address. If several have the address, since somebody added one, it is
    the one with our name, else the oldest."""
    details = _details(settings)
    address = {name: details[name] for name in ("host", "port", "dbname", "user")}
    listed = metabase.listed("/api/database")
    found = [row for row in listed if row["engine"] == "postgres" and matches(row["details"] or {}, address)]
    return min(found, key=lambda row: (row["name"] != NAME, int(row["id"])), default=None)


def ensure(changes: Changes, settings: Settings) -> int:
    """Create or update the database and return its id."""
    desired: Row = {"name": NAME, "engine": "postgres", "details": _details(settings)}
    if row := find(changes.metabase, settings):
        _update(changes, row, desired)
        return int(row["id"])
    message = f"connect the database {NAME} as the role reader"
    return int(changes.write(message, "POST", "/api/database", {**desired, "is_full_sync": True})["id"])


def describe(changes: Changes, database: int, settings: Settings) -> None:
    """Write dbt's descriptions and types to Metabase's tables and columns, once it has found them."""
    if database < 0:
        changes.messages.append("describe the tables and columns of marts")
        return
    for table in _synced_tables(changes, database, settings):
        described = descriptions.read().get(table["name"])
        if table["schema"] != SCHEMA or described is None:
            continue
        body = {"description": described.description}
        if described.description and not matches(table, body):
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


def _update(changes: Changes, row: Row, desired: Row) -> None:
    """Metabase does not return the password; its health check shows whether that still works."""
    shown = {name: value for name, value in desired["details"].items() if name != "password"}
    messages = []
    if row["name"] != NAME:
        messages.append(f"rename the database {row['name']} back to {NAME}")
    if not matches(row["details"], shown):
        messages.append(f"fix the connection of the database {NAME}")
    elif changes.metabase.get(f"/api/database/{row['id']}/healthcheck").get("status") != "ok":
        messages.append(f"give the database {NAME} the reader's password anew")
    if messages:
        changes.write(messages, "PUT", f"/api/database/{row['id']}", desired)


def _synced_tables(changes: Changes, database: int, settings: Settings) -> list[Row]:
    """Metabase's tables, after it has found all columns that the reader can see."""
    expected = _visible_columns(settings)
    if not expected:
        changes.note("marts is empty: run provision again after the first build, for the columns' descriptions")
    tables, is_syncing = _tables(changes, database)
    if expected <= _columns(tables):
        return tables
    if not is_syncing:
        message = "let Metabase look for new tables and columns"
        changes.write(message, "POST", f"/api/database/{database}/sync_schema", {})
    return tables if changes.is_plan else _awaited(changes, database, expected)


def _awaited(changes: Changes, database: int, expected: set[tuple[str, str]]) -> list[Row]:
    """The tables, once all expected columns are among them: Metabase syncs after it has answered."""
    until, pause = time.monotonic() + SYNC_SECONDS, 0.1
    while True:
        tables, _ = _tables(changes, database)
        missing = sorted(".".join(name) for name in expected - _columns(tables))
        if not missing:
            return tables
        if time.monotonic() > until:
            raise MetabaseAway(f"Metabase has not found these within {SYNC_SECONDS} s: {', '.join(missing)}")
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


def _visible_columns(settings: Settings) -> set[tuple[str, str]]:
    reader = Reader(connection.url("reader", settings))
    try:
        with reader.session() as session:
            return {(row["table_name"], row["column_name"]) for row in session.rows(read_sql(_VISIBLE))}
    finally:
        reader.close()


def _tables(changes: Changes, database: int) -> tuple[list[Row], bool]:
    """Metabase's tables, and whether its first sync is still running, which a new database starts by itself."""
    found = changes.metabase.get(f"/api/database/{database}/metadata", include_hidden="true")
    return found["tables"], found.get("initial_sync_status") == "incomplete"


def _columns(tables: list[Row]) -> set[tuple[str, str]]:
    return {
        (table["name"], field["name"]) for table in tables if table["schema"] == SCHEMA for field in table["fields"]
    }


def _describe_field(changes: Changes, table: Row, field: Row, described: descriptions.Table) -> None:
    # Where dbt has none, a type that Metabase or somebody set stays.
    desired = {
        "description": described.columns.get(field["name"]),
        "semantic_type": described.semantic_types.get(field["name"]),
    }
    desired = {name: value for name, value in desired.items() if value}
    if not matches(field, desired):
        message = f"describe the column {table['name']}.{field['name']}"
        changes.write(message, "PUT", f"/api/field/{field['id']}", desired)
