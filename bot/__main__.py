"""`python -m bot worker | status`."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

import psycopg2

from bot import worker
from warehouse import logs
from warehouse.connection import connect, read_sql
from warehouse.i18n import N_
from warehouse.i18n import terminal_gettext as _
from warehouse.settings import Settings, SettingsMissing, get_settings

SQL = Path(__file__).parent / "sql"
STATUS = (
    ("workers", N_("live workers")),
    ("due", N_("jobs due now")),
    ("todo", N_("queued jobs, including scheduled ones")),
    ("doing", N_("running jobs")),
    ("failed", N_("failed jobs that won't be retried")),
    ("oldest", N_("age of the oldest due job, in seconds")),
    ("waiting", N_("conversations waiting for an agent")),
    ("written", N_("replies not sent yet")),
    ("sending", N_("replies being sent")),
    ("dead", N_("replies that could not be sent (dead letters)")),
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bot", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("worker", help=_("answer customers until SIGTERM or Ctrl-C"))
    commands.add_parser("status", help=_("show the queue, workers and failures"))
    arguments = parser.parse_args()
    try:
        if arguments.command == "worker":
            _work(get_settings())
        else:
            _show_status(get_settings())
    except (SettingsMissing, PermissionError, psycopg2.OperationalError) as error:
        print(f"bot: {error}".strip(), file=sys.stderr)
        return 2
    return 0


def _work(settings: Settings) -> None:
    logs.configure()
    # Procrastinate logs errors with the database's messages, which contain values; tasks.py logs failures without them.
    logging.getLogger("procrastinate").setLevel(logging.CRITICAL)
    worker.run(settings)


def _show_status(settings: Settings) -> None:
    with connect("bot", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(SQL / "status.sql"), {"silent_seconds": worker.SILENT_SECONDS})
        row = cursor.fetchone()
    assert row
    for (name, meaning), figure in zip(STATUS, row, strict=True):
        print(f"{name:10}{figure:>8}  {_(meaning)}")


if __name__ == "__main__":
    sys.exit(main())
