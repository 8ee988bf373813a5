"""The trigger fires when rows land in its table, and not before."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest

from dags.common.landing_trigger import CHANGED_AT, LandingTrigger
from warehouse.connection import transaction
from warehouse.settings import Settings

SEVERAL_POLLS = 0.6
KEY = "a" * 32


LANDING = {
    "raw.twilio_messages": """
        insert into raw.twilio_messages (
            message_sid, store_id, channel, direction, customer_key, payload, changed_at
        ) values (%(id)s, 'default', 'whatsapp', 'inbound', %(key)s, '{}', now() - %(age)s::interval)
    """,
    "raw.twilio_statuses": """
        insert into raw.twilio_statuses (message_sid, payload_hash, status, payload, received_at)
        values (%(id)s, 'x', 'sent', '{}', now() - %(age)s::interval)
    """,
    "raw.chatbot_events": """
        insert into raw.chatbot_events (
            event_id, type, occurred_at, channel, store_id, customer_key, id_key, payload, payload_hash, received_at
        ) values (%(id)s, 'closed', now(), 'web', 'default', %(key)s, %(key)s, '{}', 'x', now() - %(age)s::interval)
    """,
    "raw.survey_answers": """
        with respondent as (
            insert into raw.survey_respondents (store_id, wave, respondent, source)
            values ('default', 'w', %(id)s, 'file')
        )
        insert into raw.survey_answers (store_id, wave, respondent, item, dimension, performance, changed_at)
        values ('default', 'w', %(id)s, 'EFF1', 'efficiency', 4, now() - %(age)s::interval)
    """,
}


def land(settings: Settings, table: str, age: str = "0 seconds") -> None:
    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute(LANDING[table], {"id": uuid.uuid4().hex, "key": KEY, "age": age})


async def fires(events: AsyncIterator[Any], waiting: list[asyncio.Task[Any]], within: float) -> bool:
    """Whether the next event comes in time; one that does not stays awaited, since polling goes on."""
    task = waiting.pop() if waiting else asyncio.ensure_future(anext(events))
    done, _ = await asyncio.wait({task}, timeout=within)
    if not done:
        waiting.append(task)
    return bool(done)


@pytest.mark.parametrize("table", sorted(CHANGED_AT))
def test_fires_when_a_row_lands_and_not_before(settings: Settings, table: str) -> None:
    async def watch() -> list[bool]:
        waiting: list[asyncio.Task[Any]] = []
        events = LandingTrigger(table, poll_seconds=0.05, rest_seconds=0.05).run()
        seen = [await fires(events, waiting, SEVERAL_POLLS)]
        land(settings, table)
        seen.append(await fires(events, waiting, 30))
        seen.append(await fires(events, waiting, SEVERAL_POLLS))
        land(settings, table, age="4 minutes")
        seen.append(await fires(events, waiting, 30))
        for task in waiting:
            task.cancel()
        return seen

    # Nothing there; a row; nothing more; a row of a transaction that started minutes ago and ends now.
    assert asyncio.run(watch()) == [False, True, False, True]


def test_fires_once_at_its_start_for_what_landed_while_nobody_watched(settings: Settings) -> None:
    land(settings, "raw.chatbot_events", age="3 days")

    async def watch() -> list[bool]:
        waiting: list[asyncio.Task[Any]] = []
        events = LandingTrigger("raw.chatbot_events", poll_seconds=0.05, rest_seconds=0.05).run()
        seen = [await fires(events, waiting, 30), await fires(events, waiting, SEVERAL_POLLS)]
        for task in waiting:
            task.cancel()
        return seen

    assert asyncio.run(watch()) == [True, False]


def test_can_be_made_again_from_what_airflow_keeps() -> None:
    path, kwargs = LandingTrigger("raw.chatbot_events", poll_seconds=1, rest_seconds=2).serialize()
    assert path == f"{LandingTrigger.__module__}.{LandingTrigger.__name__}"
    assert LandingTrigger(**kwargs).serialize() == (path, kwargs)
