"""The bot asks for a rating when an episode is over, asks nobody twice or unasked for, and knows one when it comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import psycopg2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import thread
from bot.deciding import rating
from bot.deciding.rating_words import rating_in
from warehouse.connection import connect, transaction, url
from warehouse.settings import Settings

Query = Callable[..., list[tuple[Any, ...]]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5", 5), ("4/5 kak", 4), ("4 dari 5", 4), ("lima", 5), ("Five!", 5), ("kak 3 ya", 3), ("bintang 2", 2),
        ("⭐⭐⭐⭐", 4), ("⭐️⭐️", 2), ("5️⃣", 5), ("５", 5), ("1 😡", 1), ("nilai: 4", 4), ("2.", 2), ("5 makasih", 5),
        ("5 pcs", None), ("1-5", None), ("5?", None), ("55", None), ("0", None), ("6", None), ("3.5", None),
        ("-5", None), ("5%", None), ("⭐⭐⭐⭐⭐⭐", None), ("pesan 5 ya", None), ("5 4", None), ("⭐ jelek", None),
        ("", None), ("kak", None), ("١", None), ("order 4", None),
    ],
)  # fmt: skip
def test_a_rating_is_known_from_what_is_none(text: str, expected: int | None) -> None:
    assert rating_in(text) == expected


def test_a_pressed_button_is_a_rating_and_another_button_is_none() -> None:
    assert rating_in("Puas sekali", "rating:4") == 4
    assert rating_in("Puas sekali", "rating:6") is None
    assert rating_in("Puas sekali", "menu:4") is None


@given(st.text())
def test_whatever_is_written_is_a_rating_from_1_to_5_or_none(text: str) -> None:
    assert rating_in(text) in {None, 1, 2, 3, 4, 5}


@given(st.integers(1, 5), st.text(alphabet=" .!\n👍", max_size=6), st.text(alphabet=" .!\n👍", max_size=6))
def test_marks_and_thumbs_around_a_rating_change_nothing(number: int, before: str, after: str) -> None:
    assert rating_in(f"{before}{number}{after}") == number


class Shop:
    """A customer `ana` on WhatsApp: what she and the bot said, minutes ago."""

    def __init__(self, settings: Settings, query: Query) -> None:
        self.settings, self.query = settings, query
        self._number = 0

    def said(
        self, *said: tuple[str, float], customer: str = "ana", channel: str = "whatsapp", text: str = "halo"
    ) -> int:
        """Land messages of an author, minutes ago, and return the conversation, which the bot has decided about."""
        for author, minutes in said:
            self._number += 1
            direction = "inbound" if author == "customer" else "outbound"
            self.query(
                "insert into raw.twilio_messages (message_sid, store_id, channel, direction, customer_key, body,"
                " payload, record, sent_at, received_at) values (%s, 'shop', %s, %s, %s, %s,"
                """ '{"From": "whatsapp:+62811", "To": "whatsapp:+62800"}', '{}',"""
                " now() - make_interval(secs => %s), now())",
                f"SM{customer}{channel}{self._number}", channel, direction, customer, text, minutes * 60,
            )  # fmt: skip
        ((conversation_id,),) = self.query(
            "update app.conversations set answered_until = now() where customer_key = %s and channel = %s"
            " returning conversation_id",
            customer, channel,
        )  # fmt: skip
        return int(conversation_id)

    def answered(self, minutes: float = 40, **about: str) -> int:
        return self.said(("customer", minutes + 1), ("bot", minutes), **about)

    def asked(self) -> list[tuple[Any, ...]]:
        return self.query(
            "select replies.kind, replies.body, replies.content_sid, events.type from app.conversation_events as events"
            " left join app.replies using (reply_id) order by events.occurred_at"
        )

    def taken(self, conversation_id: int) -> int | None:
        with transaction("bot", self.settings) as connection, connection.cursor() as cursor:
            conversation = thread.load(cursor, conversation_id)
            given_rating = rating.taken(cursor, conversation)
            if given_rating is not None:
                rating.note(cursor, conversation, given_rating)
                rating.note(cursor, conversation, given_rating)
        return given_rating


@pytest.fixture
def rated_shop(module_settings: Settings) -> Iterator[Shop]:
    """A shop in which nothing has happened yet."""
    with closing(psycopg2.connect(url("owner", module_settings))) as opened:
        opened.autocommit = True

        def ask(statement: str, *values: object) -> list[tuple[Any, ...]]:
            with opened.cursor() as cursor:
                cursor.execute(statement, values)
                return cursor.fetchall() if cursor.description else []

        ask(
            "truncate raw.twilio_messages, raw.twilio_statuses, app.customers, app.store_options,"
            " app.message_templates, queue.procrastinate_jobs restart identity cascade"
        )
        yield Shop(module_settings, ask)


def test_who_was_answered_half_an_hour_ago_is_asked_once_and_a_job_sends_it(rated_shop: Shop) -> None:
    conversation_id = rated_shop.answered()
    assert rating.ask_due(rated_shop.settings) == 1
    ((kind, body, content_sid, event),) = rated_shop.asked()
    assert (kind, content_sid, event) == ("rating_request", None, "rating_requested")
    assert "angka 1 (sangat tidak puas) sampai 5 (sangat puas)" in body
    jobs = rated_shop.query("select args from queue.procrastinate_jobs where task_name = 'send'")
    assert jobs == [({"conversation_id": conversation_id},)]
    assert rating.ask_due(rated_shop.settings) == 0
    assert len(rated_shop.asked()) == 1


def test_two_who_ask_at_once_ask_one_customer_of_two_conversations_once(rated_shop: Shop) -> None:
    rated_shop.answered()
    rated_shop.answered(channel="sms")
    for number in range(6):
        rated_shop.answered(customer=f"c{number}")
    with ThreadPoolExecutor(4) as pool:
        asked = sum(pool.map(lambda _: rating.ask_due(rated_shop.settings), range(4)))
    assert asked == len(rated_shop.asked()) == 7


def test_a_closed_conversation_is_asked_at_once_in_its_language(rated_shop: Shop) -> None:
    conversation_id = rated_shop.answered(minutes=1)
    assert rating.ask_due(rated_shop.settings) == 0
    rated_shop.query(
        "update app.conversations set state = 'closed', state_at = now(), language = 'en' where conversation_id = %s",
        conversation_id,
    )
    assert rating.ask_due(rated_shop.settings) == 1
    assert "Please reply with a number from 1" in rated_shop.asked()[0][1]


def test_a_shop_with_an_approved_template_asks_by_buttons(rated_shop: Shop) -> None:
    rated_shop.query(
        "insert into app.message_templates (content_sid, store_id, name, language, body) values"
        " ('HX1', 'shop', 'rating', 'id', 'Puas?'), ('HX2', 'shop', 'rating', 'en', 'Happy?')"
    )
    rated_shop.answered()
    assert rating.ask_due(rated_shop.settings) == 1
    assert rated_shop.asked() == [("rating_request", None, "HX1", "rating_requested")]


UNASKED = {
    "they wait": "insert into raw.twilio_messages (message_sid, store_id, channel, direction, customer_key, body,"
    " payload, received_at) values ('SMwaits', 'shop', 'whatsapp', 'inbound', 'ana', 'kak?', '{}',"
    " now() - interval '31 minutes')",
    "they opted out": "update app.customers set opted_out_at = now()",
    "they were asked this week": "update app.customers set rating_requested_at = now() - interval '6 days 23 hours'",
    "a person has it": "update app.conversations set state = 'agent'",
    "it waits for a person": "update app.conversations set state = 'waiting'",
    "the shop does not ask": "insert into app.store_options (store_id, asks_for_ratings) values ('shop', false)",
    "the bot is off": "insert into app.store_options (store_id, is_bot_on) values ('shop', false)",
    "the reply failed": "insert into raw.twilio_statuses (message_sid, payload_hash, status, payload)"
    " values ('SManawhatsapp2', 'x', 'failed', '{}')",
    "the bot never looked at it": "update app.conversations set answered_until = null",
    "nothing can be sent there": "update app.conversations set address = null",
}


@pytest.mark.parametrize("why", UNASKED)
def test_nobody_is_asked_when(rated_shop: Shop, why: str) -> None:
    rated_shop.answered()
    rated_shop.query(UNASKED[why])
    assert rating.ask_due(rated_shop.settings) == 0
    assert rated_shop.asked() == []


def test_nobody_is_asked_after_the_day_in_which_twilio_lets_one_write(rated_shop: Shop) -> None:
    rated_shop.said(("customer", 24 * 60 - 5), ("bot", 60))
    assert rating.ask_due(rated_shop.settings) == 0
    rated_shop.said(("customer", 24 * 60 - 15), ("bot", 60), customer="budi")
    assert rating.ask_due(rated_shop.settings) == 1


def test_a_week_later_they_may_be_asked_again(rated_shop: Shop) -> None:
    rated_shop.answered()
    rated_shop.query("update app.customers set rating_requested_at = now() - interval '7 days'")
    assert rating.ask_due(rated_shop.settings) == 1


def requested(rated_shop: Shop, days: float = 0.01) -> int:
    conversation_id = rated_shop.answered(minutes=120)
    assert rating.ask_due(rated_shop.settings) == 1
    rated_shop.query(
        "update app.conversation_events set occurred_at = now() - make_interval(secs => %s)", days * 86_400
    )
    rated_shop.query("update app.conversations set answered_until = now() - interval '10 minutes'")
    rated_shop.query("update app.conversations set last_reply_at = now() - interval '10 minutes'")
    return conversation_id


def test_a_rating_answers_the_request_once_however_often_it_is_noted(rated_shop: Shop) -> None:
    conversation_id = requested(rated_shop)
    rated_shop.said(("customer", 0), text="4 kak")
    rated_shop.query("update app.conversations set answered_until = now() - interval '10 minutes'")
    assert rated_shop.taken(conversation_id) == 4
    ratings = rated_shop.query("select rating, message_id from app.conversation_events where type = 'rating'")
    assert ratings == [(4, "SManawhatsapp3")]
    assert rated_shop.taken(conversation_id) is None


@pytest.mark.parametrize("text", ["4 pcs ya", "kapan dikirim?"])
def test_what_is_no_rating_is_not_taken_for_one(rated_shop: Shop, text: str) -> None:
    conversation_id = requested(rated_shop)
    rated_shop.said(("customer", 0), text=text)
    rated_shop.query("update app.conversations set answered_until = now() - interval '10 minutes'")
    assert rated_shop.taken(conversation_id) is None


@pytest.mark.parametrize(("days", "expected"), [(6.99, 5), (7.01, None)])
def test_a_rating_is_taken_for_seven_days(rated_shop: Shop, days: float, expected: int | None) -> None:
    conversation_id = requested(rated_shop, days)
    rated_shop.said(("customer", 0), text="5")
    rated_shop.query("update app.conversations set answered_until = now() - interval '10 minutes'")
    assert rated_shop.taken(conversation_id) == expected


def test_a_number_that_nobody_asked_for_is_no_rating(rated_shop: Shop) -> None:
    conversation_id = rated_shop.said(("customer", 0), text="5")
    rated_shop.query("update app.conversations set answered_until = null")
    assert rated_shop.taken(conversation_id) is None


def test_a_request_that_never_left_asked_for_nothing(rated_shop: Shop) -> None:
    conversation_id = requested(rated_shop)
    rated_shop.query("update app.replies set state = 'dropped'")
    rated_shop.said(("customer", 0), text="5")
    rated_shop.query("update app.conversations set answered_until = now() - interval '10 minutes'")
    assert rated_shop.taken(conversation_id) is None
    with connect("dbt", rated_shop.settings) as connection, connection.cursor() as cursor:
        cursor.execute("select count(*) from app.conversation_facts")
        assert cursor.fetchone() == (0,)


def test_words_beside_a_number_that_is_not_the_first_answer_are_no_rating(rated_shop: Shop) -> None:
    conversation_id = requested(rated_shop)
    rated_shop.said(("customer", 5), text="kak")
    rated_shop.said(("customer", 0), text="2 lama banget balasnya")
    rated_shop.query("update app.conversations set answered_until = now() - interval '2 minutes'")
    rated_shop.query(
        "insert into app.bot_decisions (decision_id, step, conversation_id, name, outcome, reason, message_ids,"
        " milliseconds) select gen_random_uuid(), 1, %s, 'guard', 'passed', 'bot', array_agg(message_sid), 1"
        " from raw.twilio_messages where body = 'kak'",
        conversation_id,
    )
    assert rated_shop.taken(conversation_id) is None


def test_a_thumb_that_needs_no_reply_does_not_prevent_a_rating_request(rated_shop: Shop) -> None:
    conversation_id = rated_shop.said(("customer", 42), ("bot", 41))
    rated_shop.said(("customer", 40), text="👍")
    assert rating.ask_due(rated_shop.settings) == 0
    rated_shop.query(
        "insert into app.bot_decisions (decision_id, step, conversation_id, name, outcome, reason, message_ids,"
        " milliseconds) select gen_random_uuid(), 1, %s, 'wordless', 'silent', 'no_words', array_agg(message_sid), 1"
        " from raw.twilio_messages where body = '👍'",
        conversation_id,
    )
    assert rating.ask_due(rated_shop.settings) == 1
