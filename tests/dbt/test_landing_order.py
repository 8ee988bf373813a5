"""The same events and deliveries, in any order, repeated and built in between, give the same marts, to the byte."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from demo.twilio import TwilioStandIn
from sources import twilio
from tests.conftest import drop_database, make_database
from tests.dbt import deliveries, landing
from tests.dbt.deliveries import ACCOUNT, PUBLIC_URL, SECRET, TOKEN, Delivery
from tests.dbt.histories import made_up
from tests.dbt.history import Event
from warehouse import transform
from warehouse.settings import Settings
from webhook.app import create_app

IS_SOAK = os.environ.get("KABAR_SOAK") == "1"
MARTS = (
    "kpi_daily", "kpi_monthly", "fct_messages", "fct_turns", "fct_episodes", "fct_ratings", "fct_rating_requests",
    "dim_stores",
)  # fmt: skip
START = datetime(2026, 3, 24, 9, tzinfo=UTC)
AS_OFS = (START + timedelta(days=9), START + timedelta(days=16))
LOADED_UNTIL = START + timedelta(days=20)
CUSTOMERS = 20


def happened() -> list[Event]:
    """One shop's events; those that Twilio keeps have whole seconds, as its record does."""
    random = Random(7)
    events = []
    for number in range(CUSTOMERS):
        history = made_up(random, number)
        first = min(event.at for event in history.events)
        for event in history.events:
            at = START + (event.at - first)
            events.append(replace(event, at=at.replace(microsecond=0) if event.source == "twilio" else at))
    return events


EVENTS = happened()


@contextmanager
def shop(server_settings: Settings) -> Iterator[Settings]:
    """A database of its own and a Twilio that knows the record."""
    environment = make_database(server_settings)
    with TwilioStandIn(ACCOUNT, TOKEN) as stand_in:
        stand_in.put(deliveries.records(EVENTS))
        settings = Settings(
            _env_file=None,
            **environment,
            KABAR_PUBLIC_URL=PUBLIC_URL,
            KABAR_EVENTS_SECRET=SECRET,
            TWILIO_ACCOUNT_SID=ACCOUNT,
            TWILIO_AUTH_TOKEN=TOKEN,
            TWILIO_API_BASE=stand_in.url,
        )
        deliveries.open_model(settings)
        yield settings
    drop_database(server_settings, environment)


def land(settings: Settings, arriving: list[Delivery]) -> None:
    client = create_app(settings).test_client()
    for delivery in arriving:
        deliveries.arrive(delivery, client, settings)


def load_record(settings: Settings) -> None:
    twilio.load(START, LOADED_UNTIL, settings)


def built(settings: Settings, as_of: datetime) -> dict[str, list[str]]:
    """Every row of every mart as text, after a build."""
    transform.build(as_of, settings)
    return {
        mart: [row["line"] for row in landing.read(settings, f"select t::text as line from marts.{mart} t order by 1")]
        for mart in MARTS
    }


def test_any_order_and_repetition_gives_the_same_marts(server_settings: Settings) -> None:
    with shop(server_settings) as calm:
        land(calm, deliveries.deliveries(sorted(EVENTS, key=lambda event: event.at)))
        load_record(calm)
        expected = [built(calm, as_of) for as_of in AS_OFS]
    assert all(expected[0].values())
    assert expected[0] != expected[1]

    @how(
        max_examples=20 if IS_SOAK else 2, deadline=None, derandomize=not IS_SOAK, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(random=st.randoms(use_true_random=True), loads_early=st.booleans())
    def check(random: Random, loads_early: bool) -> None:
        arriving = deliveries.deliveries(EVENTS) + random.choices(deliveries.deliveries(EVENTS), k=len(EVENTS))
        random.shuffle(arriving)
        half = random.randrange(len(arriving))
        with shop(server_settings) as settings:
            land(settings, arriving[:half])
            if loads_early:
                load_record(settings)
            transform.build(random.choice(AS_OFS), settings)
            land(settings, arriving[half:])
            load_record(settings)
            assert [built(settings, as_of) for as_of in AS_OFS] == expected

    check()
