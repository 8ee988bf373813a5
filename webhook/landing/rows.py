"""Writes rows into `raw` in one transaction: inserts new rows, keeps existing ones, and records differing ones as
conflicts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2.extensions

from warehouse.connection import read_sql
from warehouse.twilio_shape import payload_hash

_SQL = Path(__file__).parent / "sql"
_ROWS = b"('rows')"  # placeholder for the rows in the insert statements
_encode = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True)
class Table:
    """A table of `raw`. `hashes` is the query for the hashes of existing rows. Tables that the role may not read have
    none; their existing rows are skipped without a conflict."""

    name: str
    insert: str
    hashes: str | None = None


MESSAGES = Table("twilio_messages", "insert_twilio_messages.sql", "hashes_of_twilio_messages.sql")
STATUSES = Table("twilio_statuses", "insert_twilio_statuses.sql")
EVENTS = Table("chatbot_events", "insert_chatbot_events.sql", "hashes_of_chatbot_events.sql")
DELIVERIES = Table("woocommerce_deliveries", "insert_woocommerce_deliveries.sql")
CLICKS = Table("woocommerce_clicks", "insert_woocommerce_clicks.sql")
_TABLES = (MESSAGES, STATUSES, EVENTS, DELIVERIES, CLICKS)


@dataclass(frozen=True)
class Row:
    """A row to insert: its key, the body's hash, the body as JSON, and the values of the further columns."""

    table: Table
    key: str
    payload_hash: str
    payload: str
    values: tuple[Any, ...]


def row(table: Table, key: str, payload: dict[str, Any], *values: object, stored: dict[str, Any] | None = None) -> Row:
    """A row of `table`; `payload` is a JSON object without NUL, `stored` the part of it to keep, by default all."""
    body = _encode(payload)
    return Row(table, key, payload_hash(payload), body if stored is None else _encode(stored), values)


def write(connection: psycopg2.extensions.connection, rows: Sequence[Row]) -> dict[str, int]:
    """Insert rows by one statement on a connection in autocommit, all or none. Returns the number of rows by outcome:
    `landed`, `repeated`, `conflict`, and `kept` for tables that the role may not read.

    Rows are sorted by key, so that two processes cannot deadlock. Conflicts are recorded afterwards: if that fails, the
    sender gets no success and sends the same rows again.
    """
    rows = sorted(rows, key=lambda row: row.key)
    by_table = {table: ours for table in _TABLES if (ours := [row for row in rows if row.table is table])}
    counts = {"landed": 0, "repeated": 0, "conflict": 0, "kept": sum(row.table.hashes is None for row in rows)}
    with connection.cursor() as cursor:
        fresh = _insert(cursor, by_table)
        counts["landed"] = len(fresh)
        if len(fresh) + counts["kept"] < len(rows):
            conflicts = [row for table, ours in by_table.items() for row in _differing(cursor, table, ours)]
            _record(cursor, conflicts)
            counts["conflict"] = len(conflicts)
            counts["repeated"] = len(rows) - sum(counts.values())
    return counts


def _insert(cursor: psycopg2.extensions.cursor, by_table: dict[Table, list[Row]]) -> list[tuple[str, str]]:
    """Insert into all tables by one statement, to save round trips; returns keys and hashes of the new rows."""
    inserts, results = [], []
    for table, rows in by_table.items():
        values = [(row.key, row.payload_hash, row.payload, *row.values) for row in rows]
        insert = read_sql(_SQL / table.insert).encode().replace(_ROWS, _rendered(cursor, values))
        inserts.append(table.name.encode() + b" as (" + insert + b")")
        if table.hashes:
            results.append(b"select * from " + table.name.encode())
    final = b" union all ".join(results) or b"select where false"
    cursor.execute(b"with " + b", ".join(inserts) + b" " + final)
    return cursor.fetchall()


def _rendered(cursor: psycopg2.extensions.cursor, values: Sequence[tuple[Any, ...]]) -> bytes:
    """The values of several rows as SQL, each quoted by psycopg2."""
    template = f"({', '.join(['%s'] * len(values[0]))})"
    return b", ".join(cursor.mogrify(template, row) for row in values)


def _differing(cursor: psycopg2.extensions.cursor, table: Table, rows: Sequence[Row]) -> list[Row]:
    """Rows whose key is stored with another body, or without one (as in Twilio's own record)."""
    if table.hashes is None:
        return []
    cursor.execute(read_sql(_SQL / table.hashes), {"ids": [row.key for row in rows]})
    there = dict(cursor.fetchall())
    return [row for row in rows if there.get(row.key) != row.payload_hash]


def _record(cursor: psycopg2.extensions.cursor, conflicts: Sequence[Row]) -> None:
    values = [(row.table.name, row.key, row.payload_hash, row.payload) for row in conflicts]
    if values:
        insert = read_sql(_SQL / "insert_conflicts.sql").encode()
        cursor.execute(insert.replace(_ROWS, _rendered(cursor, values)))
