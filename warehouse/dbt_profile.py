"""The environment variables of dbt's profile and models, and the schemas of the target `dev`."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg2.extensions
from psycopg2 import sql

from warehouse import connection
from warehouse.settings import Settings
from warehouse.state import make_state_dir

_SCHEMAS = ("staging", "intermediate", "marts")


def variables(settings: Settings) -> dict[str, str]:
    """The environment variables that point dbt to the database, as the role `dbt`."""
    target = psycopg2.extensions.parse_dsn(connection.url("dbt", settings))
    return {
        "KABAR_DBT_HOST": target.get("host", "localhost"),
        "KABAR_DBT_PORT": target.get("port", "5432"),
        "KABAR_DBT_USER": target["user"],
        "KABAR_DBT_NAME": target.get("dbname", target["user"]),
        "KABAR_DBT_SSLMODE": target.get("sslmode", "prefer"),
        # dbt keeps variables of this prefix out of its logs
        "DBT_ENV_SECRET_KABAR_PASSWORD": target.get("password", ""),
        "KABAR_DEFAULT_STORE": settings.default_store,
        "KABAR_DEFAULT_TIMEZONE": settings.default_timezone,
    }


def folder(settings: Settings, name: str) -> Path:
    """The folder for dbt's artifacts and logs, created if missing."""
    path = make_state_dir(settings) / "dbt" / name
    path.mkdir(parents=True, exist_ok=True)
    return path


def make_dev_schemas(user: str, settings: Settings) -> dict[str, str]:
    """Create the schemas of a user's target `dev` as the owner, since the role `dbt` may not. Returns the environment
    variables with which dbt uses them and a folder of their own."""
    name = "dev_" + re.sub("[^a-z0-9]+", "_", user.lower())[:40]
    with connection.transaction("owner", settings) as opened, opened.cursor() as cursor:
        for schema in _SCHEMAS:
            identifier = sql.Identifier(f"{name}_{schema}")
            cursor.execute(sql.SQL("create schema if not exists {} authorization dbt").format(identifier))
    written = folder(settings, name)
    return {
        "KABAR_DBT_DEV_SCHEMA": name,
        "DBT_TARGET_PATH": str(written / "target"),
        "DBT_LOG_PATH": str(written / "logs"),
    }
