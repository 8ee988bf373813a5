"""On a channel of the events API replies are posted to the shop's own address: signed, once, and nowhere else."""

from __future__ import annotations

import json
import threading
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from benchmarks.bot_stage import ANSWER, SECRET, Stage, answer_all, running_stage
from bot import services
from bot.conversation import answering
from bot.delivery import events_secrets, replies, reply_channels
from tests.support.database import drop_database, make_database
from warehouse import encryption


@dataclass
class Shop:
    """The shop's own server. `status` is what it answers, after `seconds`; `drips` lets its answer never end."""

    status: int = 200
    seconds: float = 0
    drips: bool = False
    location: str | None = None
    received: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture(scope="module")
def receiver():
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            receiving_shop = stage.shop
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiving_shop.received.append((self.path, dict(self.headers), body))
            time.sleep(receiving_shop.seconds)
            self.send_response(receiving_shop.status)
            if receiving_shop.location:
                self.send_header("Location", receiving_shop.location)
            self.end_headers()
            with suppress(BrokenPipeError):  # whoever asked has gone
                for _ in range(600 if receiving_shop.drips else 0):
                    self.wfile.write(b".")
                    time.sleep(0.1)

        def log_message(self, *_):
            pass

    stage = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stage.shop = Shop()
    threading.Thread(target=stage.serve_forever, args=(0.05,), daemon=True).start()
    yield stage
    stage.shutdown()
    stage.server_close()


@pytest.fixture(scope="module")
def stage(server_settings, tmp_path_factory):
    database = make_database(server_settings)
    with running_stage(database, tmp_path_factory.mktemp("channels")) as stage:
        answer_all(stage)
        stage.query("update app.store_options set pause_seconds = 0")
        stage.services = services.make(stage.settings)
        yield stage
        stage.services.connections.close()
    drop_database(server_settings, database)


@pytest.fixture
def receiving_shop(stage: Stage, receiver) -> Shop:
    receiver.shop = Shop()
    stage.query("delete from app.reply_channels")
    url = f"http://127.0.0.1:{receiver.server_port}/replies"
    stage.query("insert into app.reply_channels values ('default', 'web', %s)", url)
    return receiver.shop


def ask(stage: Stage, text: str = "nomor satu", at: datetime | None = None, customer: str | None = None) -> int:
    """A visitor of the shop's page writes, and the job of that is done; returns the conversation."""
    event = {
        "event_id": uuid.uuid4().hex,
        "type": "message",
        "occurred_at": (at or datetime.now(UTC)).isoformat(),
        "channel": "web",
        "customer": {"id": customer or uuid.uuid4().hex},
        "author": "customer",
        "text": text,
    }
    stage.tell(event)
    ((conversation_id,),) = stage.query(
        "select conversation_id from app.conversations inner join raw.chatbot_events"
        " using (store_id, channel, customer_key) where event_id = %s",
        event["event_id"],
    )
    answering.answer(stage.services, conversation_id)
    return int(conversation_id)


def again(stage: Stage, conversation_id: int) -> None:
    stage.query("update app.replies set next_attempt_at = now() - interval '1 s' where next_attempt_at is not null")
    answering.send(stage.services, conversation_id)


def say(stage: Stage, conversation_id: int) -> None:
    """The bot says something more."""
    with stage.services.connections.transaction() as connection, connection.cursor() as cursor:
        replies.write(cursor, conversation_id, {"kind": "answer", "body": "Ada lagi?", "answered": True})
    answering.send(stage.services, conversation_id)


def states(stage: Stage, conversation_id: int) -> list[tuple]:
    return stage.query(
        "select state, error_code from app.replies where conversation_id = %s order by sequence", conversation_id
    )


def test_a_reply_is_posted_signed_and_lands_as_an_event(stage, receiving_shop):
    conversation_id = ask(stage, customer="visitor-7")
    [(path, headers, body)] = receiving_shop.received
    event = Webhook(SECRET).verify(body, headers)
    assert path == "/replies"
    assert (event["text"], event["author"], event["customer"]) == (ANSWER, "bot", {"id": "visitor-7"})
    assert headers["webhook-id"] == event["event_id"]
    assert states(stage, conversation_id) == [("sent", None)]
    assert stage.query("select text from raw.chatbot_events where event_id = %s", event["event_id"]) == [(ANSWER,)]
    with pytest.raises(Exception, match="signature"):
        Webhook(SECRET).verify(body.replace(b"answer", b"refund"), headers)


def test_a_reply_has_the_shops_own_signature_and_for_a_day_the_old_one_too(stage, receiving_shop):
    conversation_id = ask(stage)
    own = events_secrets.generated()
    stage.query("select app.rotate_events_secret('default', %s)", encryption.encrypt(own, stage.settings))
    say(stage, conversation_id)
    stage.query("update app.events_secrets set created_at = created_at - interval '1 day'")
    say(stage, conversation_id)
    stage.query("delete from app.events_secrets")
    _, (_, on_first_day, first), (_, later, second) = receiving_shop.received
    for secret in (own, SECRET):
        Webhook(secret).verify(first, on_first_day)
    Webhook(own).verify(second, later)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(second, later)


def test_a_reply_waits_while_the_secret_cannot_be_decrypted(stage, receiving_shop):
    conversation_id = ask(stage)
    stage.query("select app.rotate_events_secret('default', 'encrypted with another key')")
    stage.query("update app.events_secrets set created_at = created_at - interval '1 day'")
    say(stage, conversation_id)
    assert states(stage, conversation_id) == [("sent", None), ("written", None)]
    stage.query("delete from app.events_secrets")
    again(stage, conversation_id)
    assert states(stage, conversation_id) == [("sent", None)] * 2


def test_a_handover_which_neither_answers_nor_does_not_lands_too(stage, receiving_shop):
    conversation_id = ask(stage)
    with stage.services.connections.transaction() as connection, connection.cursor() as cursor:
        replies.write(cursor, conversation_id, {"kind": "handover", "body": "Saya teruskan ke tim kami."})
    answering.send(stage.services, conversation_id)
    assert "answered" not in json.loads(receiving_shop.received[-1][2])
    assert states(stage, conversation_id) == [("sent", None), ("sent", None)]


@pytest.mark.parametrize("status", [400, 404, 410])
def test_what_the_receiver_refuses_is_dead_and_a_person_is_asked(stage, receiving_shop, status):
    receiving_shop.status = status
    conversation_id = ask(stage)
    assert states(stage, conversation_id) == [("dead", f"http_{status}")]
    waiting = stage.query("select state_reason from app.conversations where conversation_id = %s", conversation_id)
    assert waiting == [("not_delivered",)]


@pytest.mark.parametrize(("status", "seconds", "patience"), [(200, 2.0, 0.4), (503, 0, 60), (429, 0, 60)])
def test_a_reply_without_an_answer_comes_again_under_the_same_id(
    stage, receiving_shop, monkeypatch, status, seconds, patience
):
    receiving_shop.status, receiving_shop.seconds = status, seconds
    with monkeypatch.context() as patch:
        patch.setattr(reply_channels, "SECONDS", patience)
        conversation_id = ask(stage)
    assert states(stage, conversation_id) == [("written", None)]
    receiving_shop.status, receiving_shop.seconds = 200, 0
    again(stage, conversation_id)
    assert states(stage, conversation_id) == [("sent", None)]
    events = [json.loads(body) for _, _, body in receiving_shop.received]
    assert len({event["event_id"] for event in events}) == 1
    assert len(events) == 2


def test_an_answer_that_never_ends_holds_nobody_up(stage, receiving_shop):
    receiving_shop.drips = True
    started = time.monotonic()
    assert states(stage, ask(stage)) == [("sent", None)]
    assert time.monotonic() - started < 30  # the whole answer takes a minute


def test_a_redirect_is_not_followed(stage, receiving_shop):
    receiving_shop.status, receiving_shop.location = 302, "http://169.254.169.254/latest/meta-data"
    assert states(stage, ask(stage)) == [("dead", "http_302")]
    assert len(receiving_shop.received) == 1


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://127.0.0.1:{port}/replies", "private_address"),
        ("http://localhost:{port}/replies", "private_address"),
        ("http://[::ffff:127.0.0.1]:{port}/replies", "private_address"),
        ("ftp://shop.example/replies", "bad_address"),
        ("https://", "bad_address"),
        ("no address", "bad_address"),
    ],
)
def test_a_private_or_impossible_address_is_never_asked(stage, receiving_shop, receiver, monkeypatch, url, code):
    """Whatever Twilio's address is: only its own setting allows private addresses."""
    real = stage.settings.model_copy(update={"allow_private_addresses": False})
    carrier = reply_channels.ReplyChannels(real, stage.services.connections)
    monkeypatch.setattr(stage.services.carriers.channels, "send", carrier.send)
    stage.query("update app.reply_channels set url = %s", url.format(port=receiver.server_port))
    assert states(stage, ask(stage)) == [("dead", code)]
    assert receiving_shop.received == []


def test_a_name_that_can_be_none_leaves_no_reply_stuck(stage, receiving_shop):
    stage.query("update app.reply_channels set url = 'https://shop..example/replies'")
    assert states(stage, ask(stage)) == [("dead", "bad_address")]


def test_a_clock_that_is_ahead_silences_nobody(stage, receiving_shop):
    """What such a sender says lies in the future must not have everything that comes after taken for answered."""
    ahead = datetime.now(UTC) + timedelta(hours=23)
    first = ask(stage, at=ahead, customer="traveller")
    assert ask(stage, "nomor dua", customer="traveller") == first
    assert ask(stage, "nomor tiga", customer="traveller") == first
    assert states(stage, first) == [("sent", None)] * 3
    decided = stage.query(
        "select cardinality(message_ids) from app.bot_decisions where conversation_id = %s and step = 1", first
    )
    assert decided == [(1,)] * 3
