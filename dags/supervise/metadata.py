"""Airflow's metadata database. In the embedded server it belongs to a separate role."""

from __future__ import annotations

import subprocess
from importlib.util import find_spec
from pathlib import Path

import psycopg2
import sqlalchemy
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg2 import sql

from warehouse import connection, embedded
from warehouse.settings import Settings, SettingsMissing
from warehouse.state import generated_secret

NAME = "airflow"


def database_url(settings: Settings) -> str:
    """The SQLAlchemy URL of the metadata database. Creates it if needed. Raises SettingsMissing."""
    if not settings.is_embedded:
        raise SettingsMissing("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN is not set: with KABAR_DATABASE_URL it must be")
    connection.url("owner", settings)
    server = embedded.start(settings)
    password = generated_secret(settings, "airflow_password")
    _make_role(embedded.owner_url(settings, server), password)
    embedded.create_database(settings, server, NAME, NAME)
    return server.url(NAME, password, NAME).replace("postgresql://", "postgresql+psycopg2://", 1)


def migrate(environment: dict[str, str]) -> None:
    """Migrate the metadata database to the installed Airflow's revision, if it is not. Raises CalledProcessError."""
    if _current_revision(environment["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]) != _newest_revision():
        # Unlike alembic alone, this also fills the connection and pool tables.
        subprocess.run(["airflow", "db", "migrate"], env=environment, check=True, stdout=subprocess.DEVNULL)


def _make_role(owner_url: str, password: str) -> None:
    admin = psycopg2.connect(owner_url)
    with admin, admin.cursor() as cursor:
        cursor.execute("select 1 from pg_roles where rolname = %s", (NAME,))
        verb = "alter" if cursor.fetchone() else "create"
        cursor.execute(
            sql.SQL("{} role {} login password {}").format(sql.SQL(verb), sql.Identifier(NAME), sql.Literal(password))
        )
    admin.close()


def _current_revision(url: str) -> str | None:
    engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool)
    with engine.connect() as session:
        return MigrationContext.configure(session).get_current_revision()


def _newest_revision() -> str | None:
    """The newest revision of the installed Airflow. Read from its files, as starting Airflow takes seconds."""
    spec = find_spec("airflow.migrations")
    assert spec is not None
    assert spec.origin is not None
    return ScriptDirectory(str(Path(spec.origin).parent)).get_current_head()
