"""`python -m bot worker | status | chat | learn`."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

import psycopg2

from bot import chat, learn, worker
from bot.shop.profile import UnknownShop
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
    ("tokens", N_("tokens of the language model since midnight UTC")),
    ("judging", N_("of these, tokens to check its replies")),
    ("judge_ms", N_("milliseconds of such a check, 95th percentile")),
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bot", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("worker", help=_("answer customers until SIGTERM or Ctrl-C"))
    commands.add_parser("status", help=_("show the queue, workers and failures"))
    chatting = commands.add_parser("chat", help=_("talk to the bot in the terminal; nothing is sent"))
    chatting.add_argument("--phone", metavar="PHONE", help=_("the customer's number, for their orders; default: none"))
    chatting.add_argument("--json", action="store_true", help=_("read and write lines of JSON"))
    learning = commands.add_parser("learn", help=_("upload files that the bot answers from, and read them at once"))
    learning.add_argument("files", metavar="FILE", nargs="+", help=_("text, Markdown, HTML, PDF, Word or a picture"))
    for command in (chatting, learning):
        command.add_argument("--store", metavar="STORE", help=_("the shop's name in Kabar; default: the own shop"))
    options = parser.parse_args()
    try:
        return _run(options, get_settings())
    except UnknownShop as error:
        print("bot:", _("there is no shop {store}", store=error), file=sys.stderr)
    except (SettingsMissing, PermissionError, chat.BadPhone, psycopg2.OperationalError) as error:
        print(f"bot: {error}".strip(), file=sys.stderr)
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 130
    return 2


def _run(options: argparse.Namespace, settings: Settings) -> int:
    if options.command == "worker":
        _work(settings)
    elif options.command == "status":
        _show_status(settings)
    else:
        logs.configure(logging.WARNING)
        if options.command == "learn":
            return learn.run(settings, options.store, options.files)
        return chat.run(settings, options.store, options.phone, options.json)
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
