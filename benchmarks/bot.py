"""`python -m benchmarks.bot`: how fast the bot answers 200 customers who write at once, and what kills do to it.

One machine runs everything: Postgres, the webhook, three workers, Twilio's stand-in and the customers. The bot answers
by rule, without a language model. Then the same again while four uploads of 9 MB of brackets are read, which takes the
reader long. `--kills` has each worker killed with -9 five times while customers write.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import threading
import time
from pathlib import Path

from benchmarks import bot_play
from benchmarks.bot_stage import Stage, answer_all, eventually, running_stage
from bot.knowledge.uploads import add
from bot.queue import enqueue
from warehouse import connection, embedded
from warehouse.settings import Settings

WORKERS = 3
BRACKETS = b"[" * 9_000_000
UNREAD = "select count(*) from app.knowledge_documents where state in ('waiting', 'reading')"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=200)
    parser.add_argument("--uploads", type=int, default=4, help="how many uploads are read in the second run")
    parser.add_argument("--kills", type=int, default=5, help="how often each worker is killed in the last run")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kabar-bench-") as folder:
        Path(folder).chmod(0o711)
        database = {"KABAR_STATE_DIR": folder}
        os.environ.update(database, KABAR_DATABASE_URL="")
        settings = Settings(_env_file=None)
        connection.url("bot", settings)
        try:
            with running_stage(database, Path(folder)) as made:
                answer_all(made)
                for _ in range(WORKERS):
                    made.start_worker()
                made.await_workers(WORKERS)
                alone = _load(made, arguments.customers)
                if arguments.uploads:
                    _beside_uploads(made, arguments.customers, arguments.uploads, alone)
                if arguments.kills:
                    _kills(made, arguments.customers, arguments.kills)
        finally:
            embedded.stop(settings)


def _load(made: Stage, customers: int) -> float:
    """The 95th percentile of the seconds from the end of the burst."""
    bot_play.write(made, 3)  # what is imported and read once is no customer's wait
    bot_play.settle(made, 60)
    _forget(made)
    sids = bot_play.write(made, customers)
    bot_play.settle(made, 120)
    measured = bot_play.latencies(made)
    print(f"{customers} customers at once, {len(sids)} messages, {len(measured.seconds)} answers, {WORKERS} workers")
    print(f"{'':34}{'p50':>8}{'p95':>8}{'p99':>8}  seconds")
    for name, more in (("from the end of the burst", 0.0), ("from the last message", measured.pause)):
        shown = (measured.percentile(share) + more for share in (0.5, 0.95, 0.99))
        print(f"{name:34}" + "".join(f"{each:>8.2f}" for each in shown))
    _show_faults(made, sids)
    return measured.percentile(0.95)


def _beside_uploads(made: Stage, customers: int, uploads: int, alone: float) -> None:
    """The same load while uploads are read, one after another."""
    with connection.transaction("bot", made.settings) as opened, opened.cursor() as cursor:
        for number in range(uploads):
            document_id = add(cursor, "default", f"brackets {number}.md", BRACKETS)
            enqueue(cursor, "read_document", f"document {document_id}", {"document_id": document_id})
    beside = _load(made, customers)
    ((unread,),) = made.query(UNREAD)
    print(f"{'uploads not yet read at the end':40}{unread:>8} of {uploads}")
    print(f"{'p95 beside the uploads, to alone':40}{beside / alone:>8.2f}")
    eventually(lambda: made.query(UNREAD) == [(0,)], 600, every=0.5)


def _kills(made: Stage, customers: int, kills: int) -> None:
    _forget(made)
    sids: list[str] = []
    writing = threading.Thread(target=lambda: sids.extend(bot_play.write(made, customers, rounds=4, between=25)))
    writing.start()
    started = time.monotonic()
    killed = bot_play.kill_workers(made, kills, 8.0)
    writing.join()
    bot_play.settle(made, 180)
    print(f"{killed} kills in {time.monotonic() - started:.0f} s, {len(sids)} messages")
    print(f"{'longest from a message to its answer':40}{bot_play.longest_wait(made):>8.1f}  seconds")
    _show_faults(made, sids)


def _forget(made: Stage) -> None:
    made.twilio.forget()
    made.query("truncate app.replies, app.bot_decisions, app.conversations, app.customers, raw.twilio_messages cascade")


def _show_faults(made: Stage, sids: list[str]) -> None:
    found = bot_play.faults(made, sids)
    print(f"{'answered otherwise than once, in order':40}{len(found):>8}")
    for fault in found[:10]:
        print(f"  {fault}")


if __name__ == "__main__":
    main()
