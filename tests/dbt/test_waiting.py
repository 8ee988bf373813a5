"""Who waits now, for how long and in how many open conversations, equals the oracle's reading of the same messages."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random, SystemRandom
from typing import Any

import pytest

from bot.conversation import episode
from pipeline import transform
from tests.dbt import landing
from tests.dbt.histories import made_up
from tests.dbt.history import Event, History
from tests.dbt.oracle_episodes import conversations, cut
from warehouse.connection import transaction
from warehouse.settings import Settings

IS_SOAK = os.environ.get("KABAR_SOAK") == "1"
SHOPS = 2000 if IS_SOAK else 300
SEED = SystemRandom().randrange(2**32) if IS_SOAK else 1
STARTED = datetime.now(UTC).replace(microsecond=0)
SPANS = tuple(timedelta(**span) for span in (
    {}, {"minutes": 1}, {"hours": 1}, {"hours": 23}, {"hours": 25}, {"days": 6}, {"days": 8}, {"days": 20},
))  # fmt: skip


def of_now(random: Random, number: int) -> History:
    """A history of customers with one key each, whose last event lies some time before now. Half of the customers'
    messages need no reply. Who closes a conversation is a chatbot elsewhere, of which the inbox knows no state."""
    history = made_up(random, number)
    events = [event for event in history.events if not (event.is_own and event.kind == "closed")]
    by = STARTED - random.choice(SPANS) - timedelta(minutes=5) - max((event.at for event in events), default=STARTED)
    return replace(history, events=tuple(known(random, event, by, number) for event in events))


def known(random: Random, event: Event, by: timedelta, number: int) -> Event:
    customer = event.phone or f"+628{number:09}{event.given_id[-1] if event.given_id else 0}"
    changes: dict[str, Any] = {"at": event.at + by, "phone": customer, "given_id": None}
    if event.author == "customer":
        changes["needs_reply"] = random.choice((None, None, True, False, False, False))
    return replace(event, **changes)


def expected(history: History, now: datetime) -> tuple[int, int, datetime | None]:
    """How many conversations are open, in how many of them the customer waits, and since when the first of these."""
    seen = [event for event in history.events if event.at <= now]
    is_open, waits = 0, []
    for (person, channel), ordered in conversations(seen).items():
        episodes = cut(person, channel, ordered)
        if not episodes or episodes[-1].ended(now):
            continue
        is_open += 1
        if episodes[-1].waits:
            waits.append(episodes[-1].turns[-1].first.at)
    return is_open, len(waits), min(waits, default=None)


@pytest.fixture(scope="module")
def landed(module_settings: Settings) -> tuple[Settings, list[History]]:
    transform.build(settings=module_settings)
    random = Random(SEED)
    made = [history for number in range(SHOPS) if (history := of_now(random, number)).events]
    landing.open_shops(module_settings, made)
    landing.land(module_settings, made)
    return module_settings, made


def test_live_figures_equal_the_oracle(landed: tuple[Settings, list[History]]) -> None:
    settings, made = landed
    figures = landing.read(
        settings,
        "select store_id, metric, value, now() as now from marts.kpi_now where dimension = 'all'"
        " and metric in ('conversations_open', 'conversations_waiting', 'longest_wait')",
    )
    now = figures[0]["now"]
    found: dict[str, dict[str, float]] = {}
    for row in figures:
        found.setdefault(row["store_id"], {})[row["metric"]] = float(row["value"])
    different = []
    for history in made:
        is_open, waiting, since = expected(history, now)
        said = {"conversations_open": is_open, "conversations_waiting": waiting}
        said |= {"longest_wait": (now - since).total_seconds()} if since else {}
        told = found.get(history.shop.id, {"conversations_open": 0, "conversations_waiting": 0})
        if told.keys() != said.keys() or any(abs(told[name] - said[name]) > 0.001 for name in said):
            different.append((len(history.events), told, said, history))
    assert sum(bool(expected(history, now)[1]) for history in made) > len(made) / 10
    if different:
        _, told, said, history = min(different, key=lambda each: each[0])
        how_many = f"{len(different)} of {len(made)} (seed {SEED}) differ: {told} and not {said}"
        pytest.fail(f"{how_many}\n{history.described()}")


def test_the_bot_and_the_inbox_say_of_the_same_customers_that_they_wait(
    landed: tuple[Settings, list[History]],
) -> None:
    """By the same SQL, but read for one conversation at a time: as before a rating is asked for."""
    settings, made = landed
    with transaction("bot", settings) as connection, connection.cursor() as cursor:
        cursor.execute("select store_id, conversation_id from app.conversations")
        waiting: dict[str, int] = {}
        for store_id, conversation_id in cursor.fetchall():
            waiting[store_id] = waiting.get(store_id, 0) + episode.current(cursor, conversation_id).is_waiting
    for history in made:
        last = [cut(*thread, ordered)[-1:] for thread, ordered in conversations(list(history.events)).items()]
        said = sum(each[0].waits for each in last if each)
        assert waiting.get(history.shop.id, 0) == said, history.described()
