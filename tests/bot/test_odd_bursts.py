"""Whatever people write gets an answer or a person, and nothing of it is lost: odd texts, crowds of messages, jobs that
fail for good, and a worker that has no account to send with."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest

from bot.conversation.types import Conversation, Message
from bot.deciding import rules, situation, steps
from bot.tools import Tools
from ml.classifier.predict import Label
from tests.support.chat import STORE, Chat, new_phone
from warehouse.identity import hash_key, phone_key
from warehouse.settings import ROOT

ODD = {
    "right to left": "متى يصل طلبي؟",
    "marks that turn the text": "\u202eberapa lama\u202c kirimnya \u200b?",
    "a NUL": "jam\x00 buka?",
    "one very long word": "a" * 4000,
    "4,000 characters": "kirim ke mana saja ya kak " * 153,
    "only digits": "9" * 4000,
    "signs of SQL and of templates": "%s %(x)s {name} {{7*7}} ' ; drop table app.replies; --",
    "an emoji and a question": "😀😀😀?",
    "letters with many marks": "h" + "\u0301" * 3000 + "alo",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_an_odd_text_gets_an_answer_or_a_person(plain_shop: Chat, text: str) -> None:
    outcome = plain_shop.say(new_phone(), text)
    assert outcome.replies
    assert outcome.state == "waiting" or outcome.step["outcome"] in ("answered", "refused")
    assert all(step["outcome"] != "failed" for step in outcome.steps)


@pytest.mark.parametrize("text", ["", "👍🏽", "❤️‍🔥 🙏", "..."])
def test_what_has_no_words_needs_no_answer_or_a_person(plain_shop: Chat, text: str) -> None:
    outcome = plain_shop.say(new_phone(), text)
    assert (outcome.step["outcome"], outcome.state) in [("silent", "bot"), ("handed_over", "waiting")]


def test_a_file_of_no_type_and_a_count_that_is_none_break_nothing(plain_shop: Chat) -> None:
    phone = new_phone()
    address = "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1"
    outcome = plain_shop.say(phone, "", NumMedia="1", MediaUrl0=address)
    assert (outcome.step["name"], outcome.state) == ("media", "waiting")
    assert plain_shop.say(new_phone(), "jam buka?", NumMedia="9" * 5000).replies


def test_hundreds_of_messages_in_one_go_get_one_answer(plain_shop: Chat) -> None:
    phone = new_phone()
    outcome = plain_shop.say(phone, *[f"halo kak {number}" for number in range(120)])
    counted = "select count(*), max(cardinality(message_ids)) from app.bot_decisions join app.conversations using (conversation_id) where customer_key = %s and step = 1"  # noqa: E501
    assert plain_shop.ask(counted, phone_key(phone, hash_key(plain_shop.settings))) == [(1, 120)]
    assert len(outcome.replies) == 1


def test_a_rating_beside_the_wish_to_stop_is_taken_and_both_count(plain_shop: Chat) -> None:
    phone = new_phone()
    plain_shop.say(phone, "jam buka?")
    key = phone_key(phone, hash_key(plain_shop.settings))
    plain_shop.ask(
        "insert into app.conversation_events (conversation_id, type)"
        " select conversation_id, 'rating_requested' from app.conversations where customer_key = %s",
        key,
    )
    outcome = plain_shop.say(phone, "5", "STOP")
    assert (outcome.step["name"], outcome.opted_out, outcome.state) == ("rating", True, "bot")
    rated = (
        "select rating from app.conversation_events join app.conversations using (conversation_id)"
        " where customer_key = %s and type = 'rating'"
    )
    assert plain_shop.ask(rated, key) == [(5,)]


def test_a_bot_that_is_off_does_not_answer_in_a_closed_conversation_either(plain_shop: Chat) -> None:
    phone = new_phone()
    plain_shop.say(phone, "jam buka?")
    plain_shop.ask(
        "update app.conversations set state = 'closed', state_at = now() + interval '1 hour' where customer_key = %s",
        phone_key(phone, hash_key(plain_shop.settings)),
    )
    plain_shop.ask("update app.store_options set is_bot_on = false")
    try:
        outcome = plain_shop.say(phone, "jam buka?")
    finally:
        plain_shop.ask("update app.store_options set is_bot_on = true")
    assert (outcome.replies, outcome.state, outcome.state_reason) == ([], "waiting", "bot_off")


def test_an_upload_whose_reading_fails_for_the_last_time_says_so(plain_shop: Chat) -> None:
    plain_shop.ask("revoke insert on app.knowledge_passages from bot")
    try:
        plain_shop.teach("gagal.md", b"# Garansi\nSatu tahun.\n")
        plain_shop.ask("update queue.procrastinate_jobs set attempts = 6 where task_name = 'read_document'")
        plain_shop.work()
    finally:
        plain_shop.ask("grant insert on app.knowledge_passages to bot")
    [(state, reason)] = plain_shop.ask("select state, reason from app.knowledge_documents where name = 'gagal.md'")
    assert (state, reason) == ("failed", "our_fault")
    jobs = "select status from queue.procrastinate_jobs where task_name = 'read_document'"
    assert plain_shop.ask(jobs) == [("failed",)]


class Urgency:
    """A classifier that finds everything as urgent as it is told."""

    version = "told"

    def __init__(self, urgency: Any) -> None:
        self.urgency = urgency

    def label(self, texts: Sequence[str]) -> list[Label]:
        return [Label("other", 0.9, self.urgency, 0.9, "id", self.version) for _ in texts]


def decided(full_shop: Chat, text: str, urgency: str) -> tuple[str, str | None]:
    tools = Tools(full_shop.settings, Urgency(urgency))  # type: ignore[arg-type]
    message = Message("twilio", str(uuid4()), "customer", text, situation.datetime.now(situation.UTC))
    decision = steps.decide(Conversation(0, STORE, "whatsapp", "k", None, "bot", None, (message,)), tools)
    tools.connections.close()
    return decision.steps[-1].name, decision.handover


@pytest.mark.parametrize(
    ("text", "urgency", "is_handed_over"),
    [
        ("penipu, jam buka jam berapa", "high", True),
        ("penipu, jam buka jam berapa", "normal", False),
        ("jam buka jam berapa", "high", False),
    ],
)
def test_anger_hands_over_where_the_classifier_finds_it_urgent(
    plain_shop: Chat, text: str, urgency: str, is_handed_over: bool
) -> None:
    assert (decided(plain_shop, text, urgency)[1] == "anger") is is_handed_over


def test_an_angry_phrase_is_angry_as_a_whole_and_its_words_are_not(plain_shop: Chat) -> None:
    plain_shop.ask("insert into app.anger_words (store_id, word) values (%s, 'tidak sopan')", STORE)
    try:
        assert decided(plain_shop, "adminnya tidak sopan", "high")[1] == "anger"
        assert decided(plain_shop, "saya tidak paham, tidak jelas", "high")[1] != "anger"
        with plain_shop.services.tools.connect() as connection, connection.cursor() as cursor:
            assert ("tidak", "sopan") in rules.anger_words(cursor, STORE)
    finally:
        plain_shop.ask("delete from app.anger_words where word = 'tidak sopan'")


def test_a_worker_without_an_account_decides_says_so_once_and_ends_when_told(plain_shop: Chat) -> None:
    phone = new_phone()
    plain_shop.post(phone, "jam buka?")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TWILIO_")}
    worker = subprocess.Popen(
        [sys.executable, "-m", "bot", "worker"],
        env={**environment, "OMP_NUM_THREADS": "1"}, cwd=ROOT, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        key = phone_key(phone, hash_key(plain_shop.settings))
        waiting = (
            "select replies.state, replies.next_attempt_at > now() from app.replies"
            " join app.conversations using (conversation_id) where customer_key = %s and next_attempt_at is not null"
        )
        until = time.monotonic() + 120
        while not (found := plain_shop.ask(waiting, key)):
            assert time.monotonic() < until
            time.sleep(0.2)
        assert found == [("written", True)]
        worker.send_signal(signal.SIGTERM)
        _, log = worker.communicate(timeout=60)
    finally:
        worker.kill()
    assert worker.returncode == 0
    assert log.count("twilio_not_configured") == 1
    assert '"worker_ended"' in log
    assert "Traceback" not in log
    assert "jam buka" not in log
    plain_shop.ask("update app.replies set next_attempt_at = now() where state = 'written'")
    plain_shop.ask("update queue.procrastinate_jobs set scheduled_at = now() where task_name = 'send'")
    plain_shop.work()
    assert plain_shop.received(phone) == plain_shop.outcome(phone).said, "what waited leaves once there is an account"
