"""The whole way of a message: customers who write, the webhook over HTTP, workers as processes, Twilio's stand-in."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg2
import psycopg2.extensions
import requests
from werkzeug.serving import make_server

from demo.delivery import Receiver
from demo.shapes import SHOP, inbound_form, record, sid
from demo.signing import sign_event, sign_twilio
from demo.twilio import TwilioStandIn
from warehouse import connection
from warehouse.settings import ROOT, Settings
from webhook.app import create_app

ACCOUNT = sid("AC", "the bot's tests")
TOKEN = "a token for the bot's tests"  # noqa: S105
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105
PUBLIC_URL = "https://kabar.example/in"
PATH = "/webhooks/twilio/messages"

ANSWER = "This is answer to what was asked."


@dataclass
class Stage:
    """A database, the webhook, Twilio, and the workers that a test starts."""

    settings: Settings
    environment: dict[str, str]
    twilio: TwilioStandIn
    webhook_url: str
    folder: Path
    http: requests.Session = field(default_factory=requests.Session)
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _opened: psycopg2.extensions.connection | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def query(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the database as its owner."""
        with self._lock:
            if self._opened is None:
                self._opened = psycopg2.connect(connection.url("owner", self.settings))
                self._opened.autocommit = True
            with self._opened.cursor() as cursor:
                cursor.execute(statement, values)
                return cursor.fetchall() if cursor.description else []

    def say(self, customer: str, text: str, at: datetime | None = None, **fields: str) -> str:
        """A customer (a number without a plus) writes; returns the message's sid once it has landed."""
        now = at or datetime.now(UTC)
        message_sid = sid("SM", customer, text, time.monotonic_ns())
        resource = record(message_sid, ACCOUNT, f"whatsapp:+{customer}", text, now, inbound=True)
        self.twilio.put([resource])
        form = {**inbound_form(resource, "Siti"), **fields}
        headers = sign_twilio(PUBLIC_URL + PATH, form, TOKEN)
        answer = self.http.post(self.webhook_url + PATH, data=form, headers=headers, timeout=30)
        assert answer.status_code == 200, answer.text
        return message_sid

    def tell(self, event: dict[str, Any]) -> None:
        """A chatbot elsewhere posts an event."""
        body = json.dumps(event).encode()
        answer = self.http.post(
            f"{self.webhook_url}/webhooks/chatbot/events", data=body, headers=sign_event(body, SECRET), timeout=30
        )
        assert answer.status_code == 200, answer.text

    def call_back(self, message_sid: str, reply_id: str, status: str = "sent", **fields: str) -> None:
        """Send the status callback that Twilio sends about a reply."""
        path = f"/webhooks/twilio/status?reply={reply_id}"
        form = {"MessageSid": message_sid, "AccountSid": ACCOUNT, "MessageStatus": status, **fields}
        headers = sign_twilio(PUBLIC_URL + path, form, TOKEN)
        answer = self.http.post(self.webhook_url + path, data=form, headers=headers, timeout=30)
        assert answer.status_code == 200, answer.text

    def start_worker(self) -> None:
        self.workers.append(self._worker())

    def replace_worker(self, place: int) -> None:
        self.workers[place] = self._worker()

    def _worker(self) -> subprocess.Popen[bytes]:
        log = self.folder / f"worker-{time.monotonic_ns()}.log"
        with open(log, "wb") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "bot", "worker"],
                env={**os.environ, **self.environment, "PYTHONPATH": str(ROOT)},
                cwd=ROOT,
                stdout=output,
                stderr=output,
            )

    def await_workers(self, count: int) -> None:
        """Until so many workers live."""
        query = "select count(*) >= %s from queue.procrastinate_workers where last_heartbeat > now() - interval '9 s'"
        eventually(lambda: self.query(query, count)[0][0], 60)

    def stop_workers(self) -> None:
        for worker in self.workers:
            if worker.poll() is None:
                worker.terminate()
        for worker in self.workers:
            worker.wait(timeout=30)
        self.workers.clear()

    def log(self) -> str:
        return "".join(path.read_text() for path in sorted(self.folder.glob("worker-*.log")))

    def texts_to(self, customer: str) -> list[str]:
        """What a customer has got, in order."""
        return [each["body"] for each in self.twilio.sent if each["to"] == f"whatsapp:+{customer}"]

    @staticmethod
    def number_of(address: str) -> str:
        return address.rpartition("+")[2]

    def conversation(self, customer: str) -> int:
        rows = self.query("select conversation_id from app.conversations where address = %s", f"whatsapp:+{customer}")
        return int(rows[0][0])


def eventually(condition: Callable[[], Any], seconds: float = 60, every: float = 0.1) -> Any:
    """What the condition gives, as soon as that is true."""
    until = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < until, "it did not come about"
        time.sleep(every)
    return found


def kill(worker: subprocess.Popen[bytes]) -> None:
    worker.send_signal(signal.SIGKILL)
    worker.wait()


@contextmanager
def running_stage(database: dict[str, str], folder: Path, **variables: str) -> Iterator[Stage]:
    """A stage over the database that `database` points to (environment variables); logs go to `folder`."""
    with TwilioStandIn(ACCOUNT, TOKEN, senders={SHOP}) as twilio:
        environment = {
            **database,
            "KABAR_PUBLIC_URL": PUBLIC_URL,
            "KABAR_EVENTS_SECRET": SECRET,
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_API_BASE": twilio.url,
            "KABAR_ALLOW_PRIVATE_ADDRESSES": "true",
            "OMP_NUM_THREADS": "1",
            **variables,
        }
        settings = Settings(_env_file=None, **environment)  # type: ignore[arg-type]
        with _webhook(settings) as url:
            made = Stage(settings, environment, twilio, url, folder)
            made.http.trust_env = False
            twilio.call_back(Receiver(url, PUBLIC_URL, TOKEN, SECRET))
            try:
                yield made
            finally:
                made.stop_workers()
                if made._opened:
                    made._opened.close()


@contextmanager
def _webhook(settings: Settings) -> Iterator[str]:
    """The web app over HTTP, in this process: starting one of its own would take longer than most of what it does."""
    server = make_server("127.0.0.1", 0, create_app(settings), threaded=True)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def answer_all(stage: Stage) -> None:
    """Let one rule answer what is asked here (`nomor satu`), and nobody take over in doubt."""
    stage.query(
        "insert into app.rules (store_id, intent, position, patterns, answer_id, answer_en)"
        " values ('default', 'asked', 0, '{nomor *, number *}', %s, %s)",
        ANSWER,
        ANSWER,
    )
    stage.query("insert into app.store_options (store_id, is_handed_over_in_doubt) values ('default', false)")
