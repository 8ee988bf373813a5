"""Migrates the database: roles first, then Alembic's revisions, under one lock."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import sqlalchemy
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from warehouse import roles, shared_sql
from warehouse.settings import Role

_REPEATABLE = Path(__file__).parent / "migrations" / "repeatable"
_LOCK = 7_202_611_220  # an arbitrary number


def migrate(owner_url: str, password_of: Callable[[Role], str]) -> None:
    """Create or update the roles and run missing revisions. Concurrent callers wait for each other."""
    engine = sqlalchemy.create_engine(_driver_url(owner_url), poolclass=sqlalchemy.NullPool)
    with engine.connect() as lock, engine.begin() as connection:
        lock.execute(sqlalchemy.text("select pg_advisory_lock(:key)"), {"key": _LOCK})
        roles.make(connection, password_of)
        configuration = _configuration()
        configuration.attributes["connection"] = connection
        before = current_revision(connection)
        command.upgrade(configuration, "head")
        if current_revision(connection) != before:
            _apply_repeatable(connection)
        connection.execute(sqlalchemy.text("grant select on alembic_version to webhook"))


def is_current(url: str) -> bool:
    """Whether the database is at the revision that this code expects."""
    engine = sqlalchemy.create_engine(_driver_url(url), poolclass=sqlalchemy.NullPool)
    with engine.connect() as connection:
        return current_revision(connection) == newest_revision()


def newest_revision() -> str | None:
    """The revision that this code expects."""
    return ScriptDirectory.from_config(_configuration()).get_current_head()


def current_revision(connection: sqlalchemy.Connection) -> str | None:
    """The database's revision, or None if it was never migrated."""
    return MigrationContext.configure(connection).get_current_revision()


def _apply_repeatable(connection: sqlalchemy.Connection) -> None:
    """Replace the functions and views of `migrations/repeatable/`, after all revisions, so that they may use anything
    created there."""
    with closing(connection.connection.cursor()) as cursor:
        for file in sorted(_REPEATABLE.glob("*.sql")):
            cursor.execute(shared_sql.render(file))


def _configuration() -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return configuration


def _driver_url(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg2://", 1).replace("postgres://", "postgresql+psycopg2://", 1)
