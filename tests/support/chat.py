"""A shop that is chatted with over its real way: signed webhook, landing, queue, worker, and Twilio's stand-in."""

from __future__ import annotations

import asyncio
import http.client
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg2
from werkzeug.serving import make_server

from bot import services, worker
from bot.services import Services
from demo.twilio import TwilioStandIn
from tests.support.senders import Delivery, Senders
from warehouse import connection
from warehouse.identity import hash_key, phone_key
from warehouse.settings import Settings
from webhook.app import create_app

STORE = "default"
ACCOUNT = "AC1"
KNOWLEDGE = Path(__file__).parent.parent / "data" / "knowledge"


@dataclass(frozen=True)
class Outcome:
    """What came of what a customer wrote in one go. `replies` are (kind, body), in order."""

    steps: list[dict[str, Any]]
    language: str
    replies: list[tuple[str, str]]
    state: str
    state_reason: str | None
    opted_out: bool

    @property
    def step(self) -> dict[str, Any]:
        """The step that decided."""
        decided = [step for step in self.steps if step["outcome"] not in ("passed", "failed")]
        return (decided or self.steps)[0]

    @property
    def said(self) -> str:
        return "\n".join(body for _, body in self.replies)


@dataclass
class Chat:
    settings: Settings
    services: Services
    twilio: TwilioStandIn
    port: int
    senders: Senders = field(default_factory=Senders)

    def post(self, phone: str, text: str, **form: str) -> None:
        """A message of a WhatsApp customer, as Twilio delivers it."""
        self.send(self.senders.message(From=f"whatsapp:{phone}", Body=text, **form))

    def send(self, delivery: Delivery) -> None:
        """A delivery of Twilio's that is taken."""
        status = _send(self.port, delivery)
        assert status == 200, status

    def work(self) -> None:
        """Run the worker's jobs until none is left that is due."""
        due = (
            "select 1 from queue.procrastinate_jobs "
            "where status = 'todo' and coalesce(scheduled_at, now()) <= clock_timestamp()"
        )
        while self.ask(due):
            asyncio.run(_drain(self.settings, self.services))

    def say(self, phone: str, *texts: str, **form: str) -> Outcome:
        for text in texts:
            self.post(phone, text, **form)
        self.work()
        return self.outcome(phone)

    def outcome(self, phone: str) -> Outcome:
        """The latest decision about a customer."""
        key = self.key(phone)
        found = self.ask(
            "select decisions.decision_id::text from app.bot_decisions as decisions "
            "join app.conversations using (conversation_id) where customer_key = %s "
            "order by decided_at desc, step desc limit 1",
            key,
        )
        assert found, "nothing was decided"
        steps = self.ask(
            "select name, outcome, reason, details, language from app.bot_decisions "
            "where decision_id = %s order by step",
            found[0][0],
        )
        replies = self.ask("select kind, body from app.replies where decision_id = %s order by sequence", found[0][0])
        [(state, state_reason, opted_out)] = self.ask(
            "select state, state_reason, opted_out_at is not null from app.conversations "
            "join app.customers using (store_id, customer_key) where customer_key = %s",
            key,
        )
        named = [dict(zip(("name", "outcome", "reason", "details", "language"), step, strict=True)) for step in steps]
        return Outcome(named, named[0]["language"], replies, state, state_reason, opted_out)

    def received(self, phone: str) -> str:
        """All that Twilio took for a customer, in the order in which it took it."""
        return "\n".join(each["body"] for each in self.twilio.sent if each["to"] == f"whatsapp:{phone}")

    def put(self, phone: str, state: str) -> None:
        """A person takes the conversation, or gives it back."""
        self.ask("update app.conversations set state = %s where customer_key = %s", state, self.key(phone))

    def key(self, phone: str) -> str:
        return phone_key(phone, hash_key(self.settings))

    def ask(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with connection.transaction("owner", self.settings) as opened, opened.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def teach(self, name: str, content: bytes) -> None:
        """Upload a page of knowledge; it is read with the next work."""
        [(document_id,)] = self.ask(
            "insert into app.knowledge_documents (store_id, name, media_type, content, bytes) "
            "values (%s, %s, 'text/markdown', %s, %s) returning document_id",
            STORE, name, psycopg2.Binary(content), len(content),
        )  # fmt: skip
        arguments = f'{{"document_id": {document_id}}}'
        self.ask("select queue.enqueue('read_document', %s, %s::jsonb)", f"document {document_id}", arguments)

    def open(self, always: bool) -> None:
        """Whether people are there: at all hours, or never but for a minute a week, three to four days ago."""
        self.ask("delete from app.business_hours")
        days = range(1, 8) if always else [(datetime.now(UTC) - timedelta(days=3)).isoweekday()]
        for day in days:
            closes = "00:00" if always else "00:01"
            self.ask("insert into app.business_hours values (%s, %s, '00:00', %s)", STORE, day, closes)


@contextmanager
def chat(settings: Settings, twilio: TwilioStandIn, pages: Sequence[str] = ()) -> Iterator[Chat]:
    """A shop with opening hours and some pages of tests/data/knowledge. `settings` must name what Senders sign with."""
    made = services.make(settings)
    server = make_server("127.0.0.1", 0, create_app(settings), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    found = Chat(settings, made, twilio, server.server_port)
    try:
        found.ask("insert into app.store_options (store_id, pause_seconds) values (%s, 0)", STORE)
        found.ask("insert into app.stores (store_id, name, timezone, currency) values (%s, 'Toko Kenari', "
                  "'Asia/Jakarta', 'IDR')", STORE)  # fmt: skip
        found.open(always=True)
        for page in pages:
            found.teach(page, (KNOWLEDGE / page).read_bytes())
        found.work()
        yield found
    finally:
        server.shutdown()
        made.connections.close()


async def _drain(settings: Settings, made: Services) -> None:
    app = worker.make_app(settings, made)
    async with app.open_async():
        await app.run_worker_async(
            queues=["bot"],
            wait=False,
            concurrency=4,
            listen_notify=False,
            delete_jobs="successful",
            install_signal_handlers=False,
        )


def new_phone() -> str:
    return f"+628{uuid.uuid4().int % 10**10:010d}"


def _send(port: int, delivery: Delivery) -> int:
    opened = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        opened.request("POST", delivery.path, delivery.body, delivery.headers)
        answer = opened.getresponse()
        answer.read()
        return answer.status
    finally:
        opened.close()
