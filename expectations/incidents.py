"""`python -m expectations.incidents`: detect incidents and notify people once per incident.

An incident is a failed suite, a failed reconciliation of a shop, a stale source, stale marts, or a DAG run that missed
its deadline. It stays open until the problem is gone. Each configured notifier sends it once.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import psycopg2.extensions
import structlog
from psycopg2.extras import Json

from expectations import notifiers
from expectations.incident_words import Incident
from expectations.notifiers import NotificationFailed, Notifier
from warehouse import logs
from warehouse.connection import connect, read_sql, transaction
from warehouse.i18n import terminal_gettext as _
from warehouse.settings import Settings, get_settings

SQL = Path(__file__).parent / "sql"

log = structlog.get_logger()


class Watched(NamedTuple):
    """The result of a check: open incidents, notifiers that sent something, and closed incidents."""

    seen: int
    notified: int
    closed: int


class _Seen(NamedTuple):
    kind: str
    subject: str
    store_id: str | None
    details: dict[str, Any]


def watch(settings: Settings | None = None) -> Watched:
    """Open incidents for new problems, close those that are gone, and notify. Failed notifications are retried by the
    next check."""
    settings = settings or get_settings()
    kinds = ["quality"]
    with connect("validator", settings) as connection:
        seen = _seen(connection, "verdicts_now")
        # Nothing can be stale before the first build.
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
    return Watched(len(seen), notify(settings), len(closed))


def deadline_missed(dag_id: str, run_id: str, minutes: int, lasts: timedelta, settings: Settings | None = None) -> None:
    """Open an incident for a DAG run that has not succeeded within `minutes`. Further misses belong to the same
    incident until none happens for `lasts`."""
    settings = settings or get_settings()
    missed = _Seen("deadline", dag_id, None, {"run_id": run_id, "minutes": minutes})
    with transaction("validator", settings) as connection:
        _open(connection, missed, lasts)
    notify(settings)


def notify(settings: Settings) -> int:
    """Send open incidents by each notifier that has not sent them; returns how many notifiers sent something."""
    return sum(_notify(name, send, settings) for name, send in notifiers.configured(settings).items())


def _notify(name: str, send: Notifier, settings: Settings) -> bool:
    with transaction("validator", settings) as connection:
        unsent = [Incident(*row) for row in _rows(connection, "unnotified_incidents", notifier=name)]
        if not unsent:
            return False
        ids = [incident.incident_id for incident in unsent]
        try:
            send(unsent)
        except NotificationFailed as error:
            log.error("notification_failed", notifier=name, incident_ids=ids, error=str(error))
            return False
        with connection.cursor() as cursor:
            cursor.execute(read_sql(SQL / "mark_notified.sql"), {"notifier": name, "incident_ids": ids})
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
