"""Give a database the rows of the migrated template again, which costs a tenth of a new copy."""

from __future__ import annotations

from contextlib import closing
from io import BytesIO
from typing import NamedTuple

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import cursor as Cursor  # noqa: N812

# Every change of the schema, of grants and of triggers writes a row of one of these; so does `truncate`.
CATALOGS = (
    *("pg_class", "pg_attribute", "pg_attrdef", "pg_constraint", "pg_index", "pg_trigger", "pg_proc", "pg_type"),
    *("pg_namespace", "pg_rewrite", "pg_policy", "pg_extension", "pg_default_acl", "pg_largeobject_metadata"),
)
SCHEMA = " union all ".join(
    f"select '{catalog}', count(*), coalesce(sum(xmin::text::bigint), 0) from {catalog}" for catalog in CATALOGS
)
TABLES = """
    select pg_class.oid::regclass::text from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where relkind in ('r', 'p') and nspname !~ '^(pg_|information_schema)' order by 1
"""
SEQUENCES = "select format('%I.%I', schemaname, sequencename), start_value, last_value from pg_sequences order by 1"
OTHERS = """
    select pg_terminate_backend(pid, 5000) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
"""


class Contents(NamedTuple):
    """What a migrated database holds: the state of its schema, its rows by table as `copy` writes them, and its
    sequences with their first and last values."""

    schema: list[tuple[str, int, int]]
    tables: dict[str, bytes]
    sequences: list[tuple[str, int, int | None]]


def contents(owner_url: str) -> Contents:
    """The contents of a small database."""
    with closing(psycopg2.connect(owner_url)) as connection, connection, connection.cursor() as cursor:
        tables = [name for (name,) in _rows(cursor, TABLES)]
        return Contents(
            _rows(cursor, SCHEMA), {name: _copied(cursor, name) for name in tables}, _rows(cursor, SEQUENCES)
        )


def restore(owner_url: str, before: Contents) -> bool:
    """Delete all rows, write those of before, and reset the sequences; other connections are closed. False, with
    nothing done, if the schema is not what it was."""
    with closing(psycopg2.connect(owner_url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(OTHERS)
        if _rows(cursor, SCHEMA) != before.schema:
            return False
        # Neither triggers nor foreign keys apply.
        cursor.execute("set local session_replication_role = replica")
        cursor.execute(";".join(f"delete from {name}" for name in before.tables))
        for name, rows in before.tables.items():
            if rows:
                cursor.copy_expert(f"copy {name} from stdin", BytesIO(rows))
        cursor.execute(sql.SQL(";").join(_reset(*sequence) for sequence in before.sequences))
    return True


def _rows(cursor: Cursor, query: str) -> list[tuple]:  # type: ignore[type-arg]
    cursor.execute(query)
    return cursor.fetchall()


def _copied(cursor: Cursor, table: str) -> bytes:
    rows = BytesIO()
    cursor.copy_expert(f"copy {table} to stdout", rows)
    return rows.getvalue()


def _reset(name: str, first: int, last: int | None) -> sql.Composable:
    """A sequence that gave no value yet has no last one."""
    return sql.SQL("select setval({}, {}, {})").format(
        sql.Literal(name), sql.Literal(first if last is None else last), sql.Literal(last is not None)
    )
