"""`python -m expectations.incidents`: look for what somebody has to look at, and tell it, once an incident.

An incident is a suite or a shop's reconciliation whose verdict is `fail`, a source or the marts once they are stale, or
a DAG whose run did not end in time. It stays open until it is over, and is told once by each way that is set up.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import psycopg2.extensions
import structlog
from psycopg2.extras import Json

from expectations import telling
from expectations.incident_words import Incident
from warehouse import logs
from warehouse.connection import connect, read_sql, transaction
from warehouse.i18n import terminal_gettext as _
from warehouse.settings import Settings, get_settings

SQL = Path(__file__).parent / "sql"

log = structlog.get_logger()


class Watched(NamedTuple):
    """What a look found: incidents seen, ways that told of some of them, incidents that are over."""

    seen: int
    told: int
    closed: int


class _Seen(NamedTuple):
    kind: str
    subject: str
    store_id: str | None
    details: dict[str, Any]


def watch(settings: Settings | None = None) -> Watched:
    """Open an incident for what is wrong now and was not, close what is over, and tell what was not told yet. What
    could not be told is tried again by the next look."""
    settings = settings or get_settings()
    kinds = ["quality"]
    with connect("validator", settings) as connection:
        seen = _seen(connection, "verdicts_now")
        # Before the first build there is nothing to be stale.
        if _rows(connection, "has_freshness") == [(True,)]:
            seen += _seen(connection, "stale_now")
            kinds.append("freshness")
    with transaction("validator", settings) as connection:
        for incident in seen:
            _open(connection, incident)
        keys = [Json([incident.kind, incident.subject, incident.store_id]) for incident in seen]
        closed = _rows(connection, "close_incidents", kinds=kinds, seen=keys)
    for incident_id, kind in closed:
        log.info("incident_over", incident_id=incident_id, kind=kind)
    return Watched(len(seen), tell(settings), len(closed))


def deadline_missed(dag_id: str, run_id: str, minutes: int, lasts: timedelta, settings: Settings | None = None) -> None:
    """A run of a DAG has not succeeded within `minutes`. Further misses belong to the same incident, until none has
    happened for as long as `lasts`."""
    settings = settings or get_settings()
    missed = _Seen("deadline", dag_id, None, {"run_id": run_id, "minutes": minutes})
    with transaction("validator", settings) as connection:
        _open(connection, missed, lasts)
    tell(settings)


def tell(settings: Settings) -> int:
    """Tell what is open and was not told, by each way; how many ways told something."""
    return sum(_told(name, way, settings) for name, way in telling.ways(settings).items())


def _told(name: str, way: telling.Way, settings: Settings) -> bool:
    with transaction("validator", settings) as connection:
        untold = [Incident(*row) for row in _rows(connection, "untold_incidents", way=name)]
        if not untold:
            return False
        try:
            way(untold)
        except telling.NotTold as error:
            log.error("incidents_not_told", way=name, incident_ids=[i.incident_id for i in untold], error=str(error))
            return False
        ids = [incident.incident_id for incident in untold]
        with connection.cursor() as cursor:
            cursor.execute(read_sql(SQL / "told_incidents.sql"), {"way": name, "incident_ids": ids})
    return True


def _open(connection: psycopg2.extensions.connection, seen: _Seen, lasts: timedelta | None = None) -> None:
    values = {**seen._asdict(), "details": Json(seen.details), "lasts": lasts}
    with connection.cursor() as cursor:
        cursor.execute(read_sql(SQL / "open_incident.sql"), values)


def _seen(connection: psycopg2.extensions.connection, query: str) -> list[_Seen]:
    return [_Seen(*row) for row in _rows(connection, query)]


def _rows(connection: psycopg2.extensions.connection, query: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(read_sql(SQL / f"{query}.sql"), values)
        return cursor.fetchall()


def main() -> int:
    logs.configure()
    watched = watch()
    print(_("Incidents: {open} open, {resolved} resolved.", open=watched.seen, resolved=watched.closed))
    return 0


if __name__ == "__main__":
    sys.exit(main())
