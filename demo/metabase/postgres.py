"""The stand-in's access to Postgres: lists the tables of a database and runs queries."""

from __future__ import annotations

from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg2

from demo.metabase.refusals import Refused, Row
from warehouse.connection import read_sql

SQL = Path(__file__).parent / "sql"
_BASE_TYPES = {
    "text": "type/Text",
    "boolean": "type/Boolean",
    "integer": "type/Integer",
    "bigint": "type/BigInteger",
    "numeric": "type/Decimal",
    "date": "type/Date",
    "timestamp with time zone": "type/DateTimeWithLocalTZ",
}

_CODES = {
    16: "type/Boolean", 20: "type/BigInteger", 23: "type/Integer", 701: "type/Float", 1082: "type/Date",
    1184: "type/DateTimeWithLocalTZ", 1700: "type/Decimal",
}  # fmt: skip


def connect(details: Row) -> psycopg2.extensions.connection:
    """Connect with a database's details. Raises Refused, as Metabase does, if that fails."""
    try:
        return psycopg2.connect(
            host=details.get("host"),
            port=details.get("port"),
            dbname=details.get("dbname"),
            user=details.get("user"),
            password=details.get("password"),
            connect_timeout=5,
        )
    except psycopg2.OperationalError:
        says = "Looks like the username or password is incorrect."
        raise Refused(400, {"message": says, "errors": {"user": "check your username", "password": says}}) from None


def catalog(details: Row) -> list[Row]:
    """The tables that the details' user can read: `schema`, `name` and `columns` (name, type)."""
    tables: dict[tuple[str, str], Row] = {}
    with closing(connect(details)) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(SQL / "catalog.sql"))
        for schema, table, column, kind in cursor:
            found = tables.setdefault((schema, table), {"schema": schema, "name": table, "columns": []})
            found["columns"].append(
                {"name": column, "database_type": kind, "base_type": _BASE_TYPES.get(kind, "type/*")}
            )
    return list(tables.values())


def run(details: Row, query: str, values: Row, timezone: str) -> tuple[list[Row], list[list[Any]]]:
    """The columns and rows of a query with `%(name)s` parameters, as JSON values, in a session of a time zone."""
    with closing(connect(details)) as connection, connection.cursor() as cursor:
        connection.set_session(readonly=True)
        cursor.execute("select set_config('TimeZone', %s, false)", (timezone,))
        cursor.execute(query, values)
        return _columns(cursor), [[_shown(value) for value in row] for row in cursor]


def described(details: Row, query: str, values: Row) -> list[Row]:
    """The columns and types of a query, without running it."""
    with closing(connect(details)) as connection, connection.cursor() as cursor:
        cursor.execute(f"select * from ({query}) as described limit 0", values)  # noqa: S608 (runs the queries it is given)
        return _columns(cursor)


def _columns(cursor: psycopg2.extensions.cursor) -> list[Row]:
    return [
        {"name": column.name, "display_name": column.name, "base_type": _CODES.get(column.type_code, "type/Text")}
        for column in cursor.description or ()
    ]


def _shown(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value
