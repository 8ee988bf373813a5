"""Airflow's own database: in the embedded server, one of a role of its own that owns nothing else."""

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
    """SQLAlchemy's URL of the metadata database, which is created if need be. Raises SettingsMissing."""
    if not settings.is_embedded:
        raise SettingsMissing("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN is not set: with KABAR_DATABASE_URL it must be")
    connection.url("owner", settings)
    server = embedded.start(settings)
    password = generated_secret(settings, "airflow_password")
    _make_role(embedded.owner_url(settings, server), password)
    embedded.create_database(settings, server, NAME, NAME)
    return server.url(NAME, password, NAME).replace("postgresql://", "postgresql+psycopg2://", 1)


def migrate(environment: dict[str, str]) -> None:
    """Bring the metadata database to the revision of the installed Airflow, unless it is there. Raises
    CalledProcessError."""
    if _current_revision(environment["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]) != _newest_revision():
        # Also fills the connection and pool tables, which alembic alone would not.
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
    """The head of the installed Airflow's revisions; asking Airflow itself takes several seconds."""
    spec = find_spec("airflow.migrations")
    assert spec is not None
    assert spec.origin is not None
    return ScriptDirectory(str(Path(spec.origin).parent)).get_current_head()
