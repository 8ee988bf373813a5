"""A trial conversation stands apart from real ones, and its steps fail as those of the worker do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot import tools
from bot.tools import Tools
from bot.trial import Trial
from tests.support import chat_orders
from tests.support.chat import STORE, new_phone
from tests.support.chats import Chats, key
from warehouse.connection import connect
from warehouse.identity import hash_key, phone_key
from warehouse.settings import Settings

Query = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def made(settings: Settings) -> Iterator[Tools]:
    found = tools.make(settings)
    yield found
    found.connections.close()


def test_a_real_conversation_of_the_customer_is_neither_read_nor_locked(
    made: Tools, settings: Settings, query: Query
) -> None:
    chats = Chats(settings)
    chats.says("halo")
    chats.hands_over()
    with connect("owner", settings) as other, other.cursor() as cursor:
        cursor.execute("select state from app.conversations for update")
        trial = Trial(made, STORE, key("siti"))
        assert trial.say(["halo"]).decision.steps[-2].outcome == "answered"
    assert query("select state, last_text from app.conversations") == [("waiting", "halo")]


def test_a_turn_has_the_messages_and_replies_before_it(made: Tools) -> None:
    trial = Trial(made, STORE)
    turns = [trial.say(texts) for texts in (["halo", "kak"], ["makasih"], ["ok"])]
    said = [("customer", "halo"), ("customer", "kak"), ("bot", turns[0].replies[0]), ("customer", "makasih")]
    said.append(("bot", turns[1].replies[0]))
    assert [(message.author, message.text) for message in turns[2].conversation.earlier] == said


def test_a_shop_whose_bot_is_off_can_be_tried(made: Tools, query: Query) -> None:
    query("insert into app.store_options (store_id, is_bot_on) values (%s, false)", STORE)
    assert Trial(made, STORE).say(["halo"]).replies


def test_a_step_that_fails_in_the_database_does_not_end_the_turn(made: Tools, settings: Settings, query: Query) -> None:
    phone = new_phone()
    with connect("owner", settings) as connection, connection.cursor() as cursor:
        chat_orders.land(cursor, settings, STORE, phone, {"id": 7})
        connection.commit()
    trial = Trial(made, STORE, phone_key(phone, hash_key(settings)))
    query("revoke select on raw.woocommerce_refunds from bot")
    try:
        failed = trial.say(["pesanan saya mana?"])
    finally:
        query("grant select on raw.woocommerce_refunds to bot")
    assert ("facts", "failed") in [(step.name, step.outcome) for step in failed.decision.steps]
    assert failed.decision.handover == "no_answer"
    assert "Pesanan 7" in trial.say(["pesanan saya mana?"]).replies[0]


def test_replies_come_as_the_messages_that_the_customer_gets(made: Tools, query: Query) -> None:
    trial = Trial(made, STORE)
    query(
        "insert into app.rules (store_id, intent, position, patterns, answer_id) values (%s, 'menu', 1, %s, %s)",
        STORE, ["menu"], f"Ini menunya.\nhttps://shop.example/menu.jpg\n{'Kopi. ' * 300}",
    )  # fmt: skip
    first, second = trial.say(["menu"]).replies
    assert first.startswith("Ini menunya.")
    assert first.endswith("https://shop.example/menu.jpg")
    assert second.startswith("Kopi.")
