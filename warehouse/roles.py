"""The login roles, one per component. Their grants are in the migrations."""

from __future__ import annotations

from collections.abc import Callable

import psycopg2
import sqlalchemy
from psycopg2 import sql

from warehouse.settings import COMPONENT_ROLES, Role

# Readers of `changed_at` look back further than this, so transactions with changes must not last longer.
IDLE_IN_TRANSACTION = "60s"
STATEMENT_TIMEOUTS: dict[Role, str] = {"webhook": "30s", "loader": "300s"}


def make(connection: sqlalchemy.Connection, password_of: Callable[[Role], str]) -> None:
    """Create missing roles and set all passwords. The migrating user joins `dbt`, for which it creates schemas."""
    raw = connection.connection.driver_connection
    assert isinstance(raw, psycopg2.extensions.connection)
    with raw.cursor() as cursor:
        for role in COMPONENT_ROLES:
            cursor.execute("select 1 from pg_roles where rolname = %s", (role,))
            verb = "alter" if cursor.fetchone() else "create"
            cursor.execute(
                sql.SQL("{} role {} login password {}").format(
                    sql.SQL(verb), sql.Identifier(role), sql.Literal(password_of(role))
                )
            )
            if longest := STATEMENT_TIMEOUTS.get(role):
                _set(cursor, role, "statement_timeout", longest)
                _set(cursor, role, "idle_in_transaction_session_timeout", IDLE_IN_TRANSACTION)
        cursor.execute("grant dbt to current_user")


def _set(cursor: psycopg2.extensions.cursor, role: Role, name: str, value: str) -> None:
    cursor.execute(
        sql.SQL("alter role {} set {} = {}").format(sql.Identifier(role), sql.Identifier(name), sql.Literal(value))
    )
