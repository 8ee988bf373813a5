"""What goes on now is told from what has landed, without a build, and as a build of the same moment tells it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any
from zlib import crc32

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as how
from hypothesis import strategies as st
from psycopg2 import sql

from pipeline import transform
from tests.dbt import landing
from tests.dbt.histories import made_up
from tests.dbt.history import Event, History, Shop
from tests.support import landed
from warehouse.connection import transaction
from warehouse.settings import Settings

# Noon is near in this zone, whenever the test runs: no midnight comes between.
NOON = 12 - datetime.now(UTC).hour
ZONE = f"Etc/GMT{-NOON:+}" if NOON else "Etc/GMT"

IS_SOAK = os.environ.get("KABAR_SOAK") == "1"
SHOPS = 80  # a draw
STARTED = datetime.now(UTC).replace(microsecond=0)
_shop_numbers = count()
# What a build counts of each shop's day, beside what kpi_now says of it.
BUILT = """
    select kpi_daily.store_id, metric, dimension, dimension_value, denominator, value
    from marts.kpi_daily
    inner join marts.dim_stores using (store_id)
    where
        day = (%s::timestamptz at time zone dim_stores.timezone)::date
        and (
            metric = 'message_volume' and dimension in ('all', 'author')
            or metric in ('response_time_median', 'first_response_time_median') and dimension = 'all'
        )
"""

SAID = (
    # customer, author, minutes ago
    ("a", "customer", 120), ("a", "bot", 119), ("a", "customer", 60), ("a", "agent", 58),
    ("b", "customer", 30), ("b", "customer", 20),
    # wrote last before b did, but first after b did
    ("h", "customer", 26),
    ("c", "customer", 26 * 60), ("c", "bot", 25 * 60),
    # asked on the day before, still waiting this morning
    ("d", "customer", 20 * 60), ("d", "customer", 90), ("d", "bot", 80),
    # the answer of the day before was the last word, and is a day old or not
    ("e", "bot", 27 * 60), ("e", "customer", 50), ("e", "bot", 49),
    ("f", "bot", 14 * 60), ("f", "customer", 40), ("f", "bot", 30),
)  # fmt: skip


def rows(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    with transaction("reader", settings) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def say(settings: Settings, customer: str, author: str, minutes: float) -> None:
    at = sql.SQL(f"now() - interval '{minutes} minutes'")
    with transaction("owner", settings) as connection:
        landed.event(connection, customer_key=customer * 32, id_key=customer * 32, author=author, occurred_at=at)


def now(settings: Settings) -> dict[tuple[str, str], Any]:
    query = "select metric, dimension_value, value from marts.kpi_now where store_id = 'default'"
    return {(metric, part): value for metric, part, value in rows(settings, query)}


@pytest.fixture(scope="module")
def live_settings(module_settings: Settings) -> Settings:
    """A shop in whose zone it is about noon, with the views made, but built before anything was said."""
    with transaction("owner", module_settings) as connection, connection.cursor() as cursor:
        cursor.execute("insert into app.stores (store_id, timezone) values ('default', %s)", (ZONE,))
    transform.build(settings=module_settings)
    for customer, author, minutes in SAID:
        say(module_settings, customer, author, minutes)
    return module_settings


def test_what_landed_is_counted_at_once_and_a_waiting_customer_waits_since_the_first_question(
    live_settings: Settings,
) -> None:
    found = now(live_settings)
    today = [(author, minutes) for _, author, minutes in SAID if minutes <= 120]
    assert found["message_volume", "all"] == len(today)
    assert found["message_volume", "customer"] == sum(author == "customer" for author, _ in today)
    assert found["conversations_open", "all"] == 6
    assert found["conversations_waiting", "all"] == 2
    assert found["longest_wait", "all"] >= 30 * 60

    say(live_settings, "b", "agent", 0)
    say(live_settings, "g", "customer", 0)
    later = now(live_settings)
    assert later["message_volume", "all"] == len(today) + 2
    assert later["conversations_waiting", "all"] == 2
    assert later["longest_wait", "all"] < found["longest_wait", "all"]


def test_todays_figures_are_those_of_the_build_that_comes_later(live_settings: Settings) -> None:
    figures = "select metric, dimension, dimension_value, denominator, value from {} where metric = any(array["
    figures += "'message_volume', 'response_time_median', 'first_response_time_median']) and dimension in ({})"
    figures += " and store_id = 'default'{} order by 1, 2, 3"
    told = rows(live_settings, figures.format("marts.kpi_now", "'all', 'author'", ""))
    transform.build(settings=live_settings)
    today = f" and day = (now() at time zone '{ZONE}')::date and (metric = 'message_volume' or dimension = 'all')"
    assert told == rows(live_settings, figures.format("marts.kpi_daily", "'all', 'author'", today))
    assert {row[0] for row in told} == {"message_volume", "response_time_median", "first_response_time_median"}


def test_a_shop_that_nobody_set_up_is_seen_with_its_first_message(live_settings: Settings) -> None:
    with transaction("owner", live_settings) as connection:
        landed.event(connection, store_id="another", author="customer")
    counts = "select metric, value::int from marts.kpi_now where store_id = 'another' and unit = 'count'"
    assert rows(live_settings, f"{counts} and dimension = 'all' order by 1") == [
        ("conversations_open", 1), ("conversations_waiting", 1), ("message_volume", 1)
    ]  # fmt: skip


def test_the_freshness_of_sources_is_what_dbt_says_of_them(live_settings: Settings) -> None:
    with transaction("owner", live_settings) as connection, connection.cursor() as cursor:
        cursor.execute(
            "insert into app.sync_positions (source, store_id, position, updated_at)"
            " values ('twilio', 'default', now(), now() - interval '30 hours')"
        )
        cursor.execute("update app.stores set connected_at = now()")
    assert dict(rows(live_settings, "select name, status from marts.freshness where kind = 'source'")) == {
        "app.twilio_syncs": "late",
        "app.woocommerce_syncs": "never",
        "quality.current_verdict": "never",
        "raw.chatbot_events": "fresh",
        "raw.twilio_messages": "never",
    }
    with transaction("owner", live_settings) as connection, connection.cursor() as cursor:
        cursor.execute(
            "insert into quality.reconciliations"
            " (run_id, store_id, subject, period, verdict, ours, theirs, reason, reconciled_at)"
            " values (gen_random_uuid(), 'default', 'shop', 'all', 'pass', '{}', '{}', '', now() - interval '30 hours')"
        )
    reconciled = "select status from marts.freshness where name = 'quality.current_reconciliations'"
    assert rows(live_settings, reconciled) == [("late",)]
    with transaction("owner", live_settings) as connection, connection.cursor() as cursor:
        cursor.execute("select app.disconnect_store(store_id) from app.stores")
    assert rows(live_settings, reconciled) == []
    asked = "select count(*) from marts.freshness where name = 'app.woocommerce_syncs' and store_id is not null"
    assert rows(live_settings, asked) == [(0,)], "nobody waits for a shop that has disconnected"
    with transaction("owner", live_settings) as connection, connection.cursor() as cursor:
        cursor.execute("update app.stores set connected_at = clock_timestamp()")
    assert rows(live_settings, asked) != [(0,)]
    ages = {age.name: age.status for age in transform.source_freshness(live_settings)}
    assert ages == dict(rows(live_settings, "select name, status from marts.freshness where kind = 'source'"))
    assert ages["quality.current_reconciliations"] == "late"
    with transaction("owner", live_settings) as connection, connection.cursor() as cursor:
        cursor.execute("select app.disconnect_store(store_id) from app.stores")
    ages = {age.name: age.status for age in transform.source_freshness(live_settings)}
    assert ages["quality.current_reconciliations"] == "never"
    with transaction("owner", live_settings) as connection, connection.cursor() as cursor:
        cursor.execute("update app.stores set connected_at = clock_timestamp()")


def test_marts_are_as_old_as_the_last_build_that_succeeded(live_settings: Settings) -> None:
    marts = "select distinct status from marts.freshness where kind = 'mart' and name in ('kpi_daily', 'fct_turns')"
    for age, status in ((timedelta(), "fresh"), (timedelta(hours=3), "late"), (timedelta(hours=4), "stale")):
        with transaction("owner", live_settings) as connection, connection.cursor() as cursor:
            cursor.execute("update intermediate.builds set finished_at = finished_at - %s", (age,))
        assert rows(live_settings, marts) == [(status,)]
    assert rows(
        live_settings, "select count(*) from marts.freshness where name in ('kpi_now', 'freshness', 'incidents')"
    ) == [(0,)]


def shop_of(settings: Settings, name: str, *events: Event) -> dict[str, Any]:
    """What goes on in a shop of that name, at noon, where this happened."""
    history = History(Shop(id=name, timezone=ZONE), events)
    landing.open_shops(settings, [history])
    landing.land(settings, [history])
    return figures_of(settings, name)


def figures_of(settings: Settings, name: str) -> dict[str, Any]:
    query = "select metric, value, denominator from marts.kpi_now where dimension = 'all' and store_id = '{}'"
    return {
        metric: float(value) if denominator is None else (float(value), int(denominator))
        for metric, value, denominator in rows(settings, query.format(name))
    }


def said(event_id: str, kind: str, minutes: float, **fields: Any) -> Event:
    is_message = kind in ("customer", "bot", "agent")
    at = STARTED - timedelta(minutes=minutes)
    who = {} if {"phone", "given_id"} & fields.keys() else {"phone": f"+62{crc32(event_id[:3].encode()) % 10**9:010}"}
    author = kind if is_message else None
    return Event(event_id, "message" if is_message else kind, at, author=author, **{"source": "twilio"} | who | fields)


def test_a_rating_is_a_message_and_opens_no_turn(live_settings: Settings) -> None:
    found = shop_of(
        live_settings,
        "rated",
        said("rat1", "customer", 120),
        said("rat2", "bot", 119),
        said("rat3", "rating_requested", 60),
        said("rat4", "rating", 30, rating=5),
        said("rat5", "agent", 10),
    )
    assert found["message_volume"] == 5
    assert found["response_time_median"] == found["first_response_time_median"] == (60, 1)


def test_nobody_waits_after_a_rating(live_settings: Settings) -> None:
    found = shop_of(
        live_settings,
        "thanked",
        said("tha1", "customer", 120),
        said("tha2", "bot", 119),
        said("tha3", "rating", 30, rating=5),
    )
    assert found["conversations_open"] == 1
    assert found["conversations_waiting"] == 0
    assert "longest_wait" not in found


def test_a_failed_message_is_no_reply_and_the_customer_waits_on(live_settings: Settings) -> None:
    events = [said("fai1", "customer", 60), said("fai2", "bot", 59, statuses=("sent", "failed"))]
    found = shop_of(live_settings, "failed", *events)
    assert found["message_volume"] == 2
    assert "response_time_median" not in found
    assert found["conversations_waiting"] == 1
    assert 3600 <= found["longest_wait"] < 2 * 3600

    found = shop_of(live_settings, "failed", said("fai3", "agent", 30))
    assert found["message_volume"] == 3
    assert found["response_time_median"] == found["first_response_time_median"] == (1800, 1)
    assert found["conversations_waiting"] == 0


@pytest.mark.parametrize("source", ["chatbot", "twilio"])
def test_nobody_waits_after_a_message_that_needs_no_reply(live_settings: Settings, source: str) -> None:
    name, of = f"courteous-{source}", {"source": source, "phone": f"+62812000{len(source)}"}
    found = shop_of(
        live_settings,
        name,
        said(f"{source}1", "customer", 60, **of),
        said(f"{source}2", "bot", 59, **of),
        said(f"{source}3", "customer", 30, needs_reply=False, **of),
    )
    assert found["message_volume"] == 3
    assert found["conversations_open"] == 1
    assert found["conversations_waiting"] == 0
    assert "longest_wait" not in found

    found = shop_of(live_settings, name, said(f"{source}4", "agent", 10, **of))
    assert found["response_time_median"] == (60, 1)


def test_a_message_that_a_person_is_left_with_needs_a_reply(live_settings: Settings) -> None:
    found = shop_of(live_settings, "left", said("lef1", "customer", 60, needs_reply=True))
    assert found["conversations_waiting"] == 1


def test_who_waits_for_a_person_goes_on_waiting_after_an_answer_of_the_bot(live_settings: Settings) -> None:
    shop_of(live_settings, "night", said("nig1", "customer", 60), said("nig2", "bot", 59))
    with transaction("owner", live_settings) as connection, connection.cursor() as cursor:
        state = "update app.conversations set state = 'waiting', state_at = %s where store_id = 'night'"
        cursor.execute(state, (STARTED - timedelta(minutes=59),))
    found = shop_of(live_settings, "night", said("nig3", "customer", 30), said("nig4", "bot", 29))
    assert found["conversations_waiting"] == 1
    assert found["longest_wait"] >= 59 * 60
    # a reply is a message of the bot or an agent, so both turns are answered
    assert found["response_time_median"] == (60, 2)


def test_a_customer_with_two_keys_is_one_person(live_settings: Settings) -> None:
    number, given_id = {"phone": "+6281200099"}, {"given_id": "two-keys"}
    of = {"source": "chatbot", "channel": "web"}
    found = shop_of(
        live_settings,
        "two-keys",
        said("two1", "bot", 14 * 60, **of, **number, **given_id),
        said("two2", "customer", 60, **of, **given_id),
        said("two3", "bot", 50, **of, **number),
    )
    # the bot wrote the evening before: the episode is not one that the customer started
    assert found["response_time_median"] == (600, 1)
    assert "first_response_time_median" not in found


def of_now(history: History, random: Random, now: datetime) -> History:
    """The history, moved so that one of its events, a question if it has any, lies in the hours before `now`."""
    questions = [event for event in history.events if event.author == "customer" and event.needs_reply is not False]
    by = now - timedelta(seconds=random.randint(0, 6 * 3600)) - random.choice(questions or history.events).at
    return replace(history, events=tuple(replace(event, at=event.at + by) for event in history.events))


def of_one_moment(settings: Settings) -> tuple[datetime, dict[str, Any], dict[str, Any]]:
    """A moment, and what kpi_now and a build of that moment say of each shop's day. A count of nothing is no row."""
    figures = "select store_id, metric, dimension, dimension_value, denominator, value, now() from marts.kpi_now"
    live = rows(settings, figures + " where metric = any(array['message_volume', 'response_time_median',"
                " 'first_response_time_median'])")  # fmt: skip
    moment = live[0][-1]
    transform.build(as_of=moment, settings=settings)
    built = rows(settings, BUILT.replace("%s", f"'{moment.isoformat()}'"))
    return moment, by_shop(row[:-1] for row in live if row[1] != "message_volume" or row[-2]), by_shop(built)


def by_shop(figures: Iterable[tuple[Any, ...]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for store_id, *key, denominator, value in figures:
        found.setdefault(store_id, {})[tuple(key)] = (denominator, round(float(value), 6))
    return found


@pytest.mark.soak
def test_live_figures_are_those_of_a_build_of_the_same_moment(live_settings: Settings) -> None:
    @how(
        max_examples=20 if IS_SOAK else 2, deadline=None, derandomize=not IS_SOAK, database=None,
        phases=(Phase.generate,), suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(random=st.randoms(use_true_random=True))
    def check(random: Random) -> None:
        now = datetime.now(UTC)
        made = [of_now(made_up(random, next(_shop_numbers)), random, now) for _ in range(SHOPS)]
        landing.open_shops(live_settings, made)
        landing.land(live_settings, made)
        moment, live, built = of_one_moment(live_settings)
        assert sum(("response_time_median", "all", "all") in figures for figures in built.values()) > SHOPS / 16
        different = [history for history in made if live.get(history.shop.id) != built.get(history.shop.id)]
        if different:
            smallest = min(different, key=lambda history: len(history.events))
            name = smallest.shop.id
            pytest.fail(
                f"{len(different)} of {SHOPS} shops differ at {moment}; {name}:\n{smallest.described()}\n"
                f"live  {live.get(name)}\nbuilt {built.get(name)}"
            )
        assert live == built

    check()
