"""Whether the process lives, and whether it can do its work."""

from __future__ import annotations

from functools import cache

import psycopg2
from flask import Blueprint, Response, jsonify

from warehouse import migrate
from warehouse.pool import Pool
from webhook.errors import Problem
from webhook.services import services

blueprint = Blueprint("health", __name__, url_prefix="/health")


@blueprint.get("/live")
def live() -> Response:
    return jsonify(status="ok")


@blueprint.get("/ready")
def ready() -> Response:
    """200 if the database answers and is at the revision that this code expects, else 503 with the reason."""
    try:
        revision = _revision(services().database)
    except psycopg2.OperationalError:
        raise Problem(503, "database_away", "The database does not answer.") from None
    except psycopg2.Error:
        revision = None
    if revision != _expected():
        raise Problem(503, "not_migrated", "The database is not at the revision that this program expects.")
    return jsonify(status="ok")


@cache
def _expected() -> str | None:
    return migrate.newest_revision()


def _revision(database: Pool) -> str | None:
    with database.transaction() as connection, connection.cursor() as cursor:
        cursor.execute("select version_num from alembic_version")
        row = cursor.fetchone()
        return str(row[0]) if row else None
