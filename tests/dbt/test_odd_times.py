"""Opening periods lie where there are events, however far apart these are."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from pipeline import transform
from tests.dbt import landing
from tests.dbt.history import Event, History, Shop
from warehouse.settings import Settings

AS_OF = datetime(2026, 3, 10, tzinfo=UTC)


def test_an_event_of_another_century_adds_no_periods_in_between(settings: Settings) -> None:
    hours = tuple((weekday, "08:00", "17:00") for weekday in range(1, 8))
    asked = datetime(2026, 3, 2, 9, 50, tzinfo=UTC)  # ten minutes before closing time
    events = [
        Event("old", "message", datetime(1, 1, 5, tzinfo=UTC), phone="+62811", author="customer"),
        Event("a1", "message", asked, phone="+62812", author="customer"),
        Event("a2", "message", asked + timedelta(days=6, hours=20), phone="+62812", author="agent"),
    ]
    shop = History(Shop("default", "Asia/Jakarta", hours), tuple(events))
    landing.open_shops(settings, [shop])
    landing.land(settings, [shop])
    started = time.monotonic()
    transform.build(AS_OF, settings)
    assert time.monotonic() - started < 300
    [counted] = landing.read(settings, "select count(*) as periods from intermediate.int_business_periods", "owner")
    assert counted["periods"] < 50
    [turn] = landing.read(
        settings, "select response_business_seconds from marts.fct_turns where replied_at is not null"
    )
    # ten minutes, six whole days, and 4 h 50 min of the last one
    assert float(turn["response_business_seconds"]) == 600 + 6 * 9 * 3600 + 4 * 3600 + 50 * 60
