"""The same events and deliveries, in any order, repeated and built in between, give the same marts, to the byte."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from demo.twilio import TwilioStandIn
from pipeline import transform
from sources import twilio
from tests.dbt import deliveries
from tests.dbt.deliveries import ACCOUNT, PUBLIC_URL, SECRET, TOKEN, Delivery
from tests.support.database import drop_database, make_database
from warehouse.settings import Settings
from webhook.app import create_app

IS_SOAK = os.environ.get("KABAR_SOAK") == "1"
START = datetime(2026, 3, 24, 9, tzinfo=UTC)
AS_OFS = (START + timedelta(days=9), START + timedelta(days=16))
LOADED_UNTIL = START + timedelta(days=20)
CUSTOMERS = 20


EVENTS = deliveries.happened(CUSTOMERS, START)


@contextmanager
def landed_settings(server_settings: Settings) -> Iterator[Settings]:
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


@pytest.mark.soak
def test_any_order_and_repetition_gives_the_same_marts(server_settings: Settings) -> None:
    with landed_settings(server_settings) as calm:
        land(calm, deliveries.deliveries(sorted(EVENTS, key=lambda event: event.at)))
        load_record(calm)
        expected = {as_of: deliveries.built(calm, as_of) for as_of in AS_OFS}
    first, last = expected.values()
    assert all(first.values())
    assert first != last

    @how(
        max_examples=20 if IS_SOAK else 2, deadline=None, derandomize=not IS_SOAK, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(random=st.randoms(use_true_random=True), loads_early=st.booleans())
    def check(random: Random, loads_early: bool) -> None:
        arriving = deliveries.deliveries(EVENTS) + random.choices(deliveries.deliveries(EVENTS), k=len(EVENTS))
        random.shuffle(arriving)
        half = random.randrange(len(arriving))
        with landed_settings(server_settings) as settings:
            land(settings, arriving[:half])
            if loads_early:
                load_record(settings)
            transform.build(random.choice(AS_OFS), settings)
            land(settings, arriving[half:])
            load_record(settings)
            for as_of in AS_OFS if IS_SOAK else [random.choice(AS_OFS)]:
                assert deliveries.built(settings, as_of) == expected[as_of]

    check()
