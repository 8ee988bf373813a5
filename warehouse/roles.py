"""The login roles, one per component. Their grants are in the migrations."""

from __future__ import annotations

from collections.abc import Callable

import psycopg2
import psycopg2.errors
import sqlalchemy
import structlog
from psycopg2 import sql

from warehouse.settings import COMPONENT_ROLES, Role

# Readers of `changed_at` look back further than this, so transactions with changes must not last longer.
IDLE_IN_TRANSACTION = "60s"
STATEMENT_TIMEOUTS: dict[Role, str] = {"webhook": "30s", "loader": "300s"}
# Statements and the details of errors contain customers' messages, so Postgres must not log them.
LOGGING = {
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
}

log = structlog.get_logger()


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
        _keep_messages_out_of_the_log(cursor)
        cursor.execute("grant dbt to current_user")


def _keep_messages_out_of_the_log(cursor: psycopg2.extensions.cursor) -> None:
    cursor.execute("savepoint logging")
    try:
        for role in COMPONENT_ROLES:
            for name, value in LOGGING.items():
                _set(cursor, role, name, value)
    except psycopg2.errors.InsufficientPrivilege:
        cursor.execute("rollback to savepoint logging")
        log.warning("postgres_may_log_messages", needs="grant set on parameter", parameters=list(LOGGING))
    cursor.execute("release savepoint logging")


def _set(cursor: psycopg2.extensions.cursor, role: Role, name: str, value: str) -> None:
    cursor.execute(
        sql.SQL("alter role {} set {} = {}").format(sql.Identifier(role), sql.Identifier(name), sql.Literal(value))
    )
