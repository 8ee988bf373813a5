"""Writes rows into `raw` in one transaction: what is new lands, what is there stays, what differs is recorded."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2.extensions
from psycopg2.extras import execute_values

from warehouse.connection import read_sql
from warehouse.twilio_shape import payload_hash

_SQL = Path(__file__).parent / "sql"


@dataclass(frozen=True)
class Table:
    """A table of `raw`. `hashes` names the query for the hashes of rows that were there; without it every different
    body is a row of its own and nothing can conflict."""

    name: str
    insert: str
    hashes: str | None = None


MESSAGES = Table("twilio_messages", "insert_twilio_messages.sql", "hashes_of_twilio_messages.sql")
STATUSES = Table("twilio_statuses", "insert_twilio_statuses.sql")
EVENTS = Table("chatbot_events", "insert_chatbot_events.sql", "hashes_of_chatbot_events.sql")
_TABLES = (MESSAGES, STATUSES, EVENTS)


@dataclass(frozen=True)
class Row:
    """A row that is to land: its key, its body as JSON and the body's hash, and the values that follow these."""

    table: Table
    key: str
    payload_hash: str
    payload: str
    values: tuple[Any, ...]


def row(table: Table, key: str, payload: dict[str, Any], *values: object) -> Row:
    """A row of `table`; `payload` is a JSON object without NUL characters."""
    return Row(table, key, payload_hash(payload), json.dumps(payload, ensure_ascii=False), values)


def write(connection: psycopg2.extensions.connection, rows: Sequence[Row]) -> dict[str, int]:
    """Insert the rows and record conflicts, without committing. Returns how many rows met which outcome: `landed`,
    `repeated`, `conflict`, and for statuses, which nobody may read back, `kept`.

    Rows are written in the order of their keys, so that two processes never wait for each other in a circle.
    """
    counts = {"landed": 0, "repeated": 0, "conflict": 0, "kept": 0}
    with connection.cursor() as cursor:
        conflicts: list[Row] = []
        by_table = {table: [row for row in rows if row.table is table] for table in _TABLES}
        for table, ours in by_table.items():
            if ours:
                conflicts += _insert(cursor, table, sorted(ours, key=lambda row: row.key), counts)
        if conflicts:
            _record(cursor, conflicts)
    return counts


def _insert(cursor: psycopg2.extensions.cursor, table: Table, rows: Sequence[Row], counts: dict[str, int]) -> list[Row]:
    """Insert rows of one table; returns those whose key holds another body."""
    values = [(row.key, row.payload_hash, row.payload, *row.values) for row in rows]
    returned = execute_values(
        cursor, read_sql(_SQL / table.insert), values, page_size=len(values), fetch=table.hashes is not None
    )
    if table.hashes is None:
        counts["kept"] += len(rows)
        return []
    fresh = set(returned)
    counts["landed"] += len(fresh)
    if len(fresh) == len(rows):
        return []
    cursor.execute(read_sql(_SQL / table.hashes), {"ids": [row.key for row in rows]})
    there = dict(cursor.fetchall())
    conflicts = [row for row in rows if there[row.key] != row.payload_hash]
    counts["conflict"] += len(conflicts)
    counts["repeated"] += len(rows) - len(fresh) - len(conflicts)
    return conflicts


def _record(cursor: psycopg2.extensions.cursor, conflicts: Sequence[Row]) -> None:
    values = [(row.table.name, row.key, row.payload_hash, row.payload) for row in conflicts]
    execute_values(cursor, read_sql(_SQL / "insert_conflicts.sql"), values, page_size=len(values))
