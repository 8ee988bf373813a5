"""What the bot takes for the current episode is what the KPIs count as one."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest

from bot.conversation import episode
from pipeline import transform
from tests.dbt import landing
from tests.dbt.histories import made_up
from warehouse.connection import connect, transaction
from warehouse.settings import Settings

SHOPS = 150
LATER = datetime(2027, 1, 1, tzinfo=UTC)

# The KPIs know one person over numbers and ids, the inbox a thread a key: those who have one key are the same in both.
MESSAGES = """
    select
        conversations.conversation_id,
        array_agg((positions.source || ':' || positions.event_id) order by positions.position) as messages,
        array_agg(positions.turn_position order by positions.position) as turns,
        bool_or(positions.is_answered is false and positions.author = 'bot') as has_fallback,
        (
            select count(distinct asked.episode_position)
            from intermediate.int_event_positions as asked
            where (asked.store_id, asked.channel, asked.customer_key)
                = (conversations.store_id, conversations.channel, conversations.customer_key)
                and (asked.event_type, asked.author) = ('message', 'customer')
        ) as episodes
    from app.conversations
    inner join intermediate.int_event_positions as positions using (store_id, channel, customer_key)
    where
        positions.event_type = 'message'
        and positions.episode_position = (
            select max(others.episode_position)
            from intermediate.int_event_positions as others
            where (others.store_id, others.channel, others.customer_key)
                = (positions.store_id, positions.channel, positions.customer_key)
        )
        and 1 = (
            select count(*) from intermediate.int_changed_customers as keys
            where keys.customer_key = conversations.customer_key
        )
    group by conversations.conversation_id
"""


@pytest.fixture(scope="module")
def built(module_settings: Settings) -> Settings:
    """Shops at whose edges an episode can go either way, landed and built by dbt."""
    random = Random(4)
    histories = [made_up(random, number) for number in range(SHOPS)]
    landing.open_shops(module_settings, histories)
    landing.land(module_settings, histories)
    transform.run(["run", "--quiet", "--select", "+int_event_positions"], module_settings, {"as_of": LATER.isoformat()})
    return module_settings


def test_the_bot_and_the_kpis_see_the_same_latest_episode_and_turns(built: Settings) -> None:
    expected = landing.read(built, MESSAGES, role="owner")
    assert len(expected) > 80
    assert len({row["episodes"] for row in expected}) > 1
    with connect("bot", built) as connection, connection.cursor() as cursor:
        for row in expected:
            found = episode.current(cursor, row["conversation_id"])
            assert [f"{message.source}:{message.id}" for message in found.messages] == row["messages"]
            assert [message.turn for message in found.messages] == numbered(row["turns"])
            assert bool(found.fallbacks) == row["has_fallback"]
            assert found.episodes == row["episodes"]
            turns = {turn for turn in numbered(row["turns"]) if turn is not None}
            assert len(found.turns) == len(turns)


def numbered(positions: list[int]) -> list[int | None]:
    """Turns by their place among the episode's, None before the first."""
    places = sorted({position for position in positions if position})
    return [places.index(position) if position else None for position in positions]


def test_what_is_written_and_not_sent_yet_was_said(built: Settings) -> None:
    with transaction("owner", built) as connection, connection.cursor() as cursor:
        cursor.execute("insert into app.customers (store_id, customer_key) values ('shop', 'ana')")
        cursor.execute(
            "insert into raw.chatbot_events (event_id, type, author, text, occurred_at, channel, store_id,"
            " customer_key, id_key, payload, payload_hash) values"
            " ('q', 'message', 'customer', 'di mana paket saya', now() - interval '1 minute', 'web', 'shop', 'ana',"
            " 'ana', '{}', 'hash')"
        )
        conversation_id = one(cursor, "select conversation_id from app.conversations where customer_key = 'ana'")
        write = "insert into app.replies (conversation_id, author, kind, body, answered, state) values (%s, 'bot', "
        cursor.execute(write + "'fallback', 'maaf', false, 'written')", (conversation_id,))
        cursor.execute(write + "'answer', 'halo', true, 'dropped')", (conversation_id,))
        cursor.execute(write + "'rating_request', '1-5?', null, 'written')", (conversation_id,))
    with connect("bot", built) as connection, connection.cursor() as cursor:
        found = episode.current(cursor, conversation_id)
    assert [(message.author, message.turn) for message in found.messages] == [("customer", 0), ("bot", 0)]
    assert found.fallbacks == 1
    assert found.turns[0].met_fallback
    assert not found.is_waiting


def test_nobody_waits_after_a_message_that_needs_no_reply(built: Settings) -> None:
    with transaction("owner", built) as connection, connection.cursor() as cursor:
        insert = (
            "insert into raw.chatbot_events (event_id, type, author, text, needs_reply, occurred_at, channel, store_id,"
            " customer_key, id_key, payload, payload_hash) values"
            " (%s, 'message', %s, %s, %s, now() - %s * interval '1 minute', 'web', 'shop', 'budi', 'budi', '{}', %s)"
        )
        cursor.execute(insert, ("b1", "customer", "di mana paket saya", None, 3, "1"))
        cursor.execute(insert, ("b2", "bot", "di jalan", None, 2, "2"))
        cursor.execute(insert, ("b3", "customer", "makasih", False, 1, "3"))
        conversation_id = one(cursor, "select conversation_id from app.conversations where customer_key = 'budi'")
    with connect("bot", built) as connection, connection.cursor() as cursor:
        found = episode.current(cursor, conversation_id)
        assert [message.needs_reply for message in found.messages if message.author == "customer"] == [True, False]
        assert not found.is_waiting
        assert [turn.texts for turn in found.turns] == [("di mana paket saya",)]


def test_before_the_first_message_there_is_no_episode(built: Settings) -> None:
    with connect("bot", built) as connection, connection.cursor() as cursor:
        found = episode.current(cursor, 0)
    assert (found.messages, found.turns, found.fallbacks, found.is_waiting) == ((), (), 0, False)


def one(cursor: Any, query: str) -> Any:
    cursor.execute(query)
    return cursor.fetchone()[0]
