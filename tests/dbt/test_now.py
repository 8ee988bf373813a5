"""What goes on now is told from what has landed, without a build, and as the build tells it later."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from psycopg2 import sql

from pipeline import transform
from tests.expectations import landed
from warehouse.connection import transaction
from warehouse.settings import Settings

# Noon is near in this zone, whenever the test runs: no midnight comes between.
NOON = 12 - datetime.now(UTC).hour
ZONE = f"Etc/GMT{-NOON:+}" if NOON else "Etc/GMT"

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
def shop(module_settings: Settings) -> Settings:
    """A shop in whose zone it is about noon, with the views made, but built before anything was said."""
    with transaction("owner", module_settings) as connection, connection.cursor() as cursor:
        cursor.execute("insert into app.stores (store_id, timezone) values ('default', %s)", (ZONE,))
    transform.build(settings=module_settings)
    for customer, author, minutes in SAID:
        say(module_settings, customer, author, minutes)
    return module_settings


def test_what_landed_is_counted_at_once_and_a_waiting_customer_waits_since_the_first_question(shop: Settings) -> None:
    found = now(shop)
    today = [(author, minutes) for _, author, minutes in SAID if minutes <= 120]
    assert found["message_volume", "all"] == len(today)
    assert found["message_volume", "customer"] == sum(author == "customer" for author, _ in today)
    assert found["conversations_open", "all"] == 6
    assert found["conversations_waiting", "all"] == 2
    assert found["longest_wait", "all"] >= 30 * 60

    say(shop, "b", "agent", 0)
    say(shop, "g", "customer", 0)
    later = now(shop)
    assert later["message_volume", "all"] == len(today) + 2
    assert later["conversations_waiting", "all"] == 2
    assert later["longest_wait", "all"] < found["longest_wait", "all"]


def test_todays_figures_are_those_of_the_build_that_comes_later(shop: Settings) -> None:
    figures = "select metric, dimension, dimension_value, denominator, value from {} where metric = any(array["
    figures += "'message_volume', 'response_time_median', 'first_response_time_median']) and dimension in ({})"
    figures += " and store_id = 'default'{} order by 1, 2, 3"
    told = rows(shop, figures.format("marts.kpi_now", "'all', 'author'", ""))
    transform.build(settings=shop)
    today = f" and day = (now() at time zone '{ZONE}')::date and (metric = 'message_volume' or dimension = 'all')"
    assert told == rows(shop, figures.format("marts.kpi_daily", "'all', 'author'", today))
    assert {row[0] for row in told} == {"message_volume", "response_time_median", "first_response_time_median"}


def test_a_shop_that_nobody_set_up_is_seen_with_its_first_message(shop: Settings) -> None:
    with transaction("owner", shop) as connection:
        landed.event(connection, store_id="another", author="customer")
    counts = "select metric, value::int from marts.kpi_now where store_id = 'another' and unit = 'count'"
    assert rows(shop, f"{counts} and dimension = 'all' order by 1") == [
        ("conversations_open", 1), ("conversations_waiting", 1), ("message_volume", 1)
    ]  # fmt: skip


def test_the_freshness_of_sources_is_what_dbt_says_of_them(shop: Settings) -> None:
    with transaction("owner", shop) as connection, connection.cursor() as cursor:
        cursor.execute(
            "insert into app.sync_positions (source, store_id, position, updated_at)"
            " values ('twilio', 'default', now(), now() - interval '30 hours')"
        )
        cursor.execute("update app.stores set connected_at = now()")
    assert dict(rows(shop, "select name, status from marts.freshness where kind = 'source'")) == {
        "app.twilio_syncs": "late",
        "app.woocommerce_syncs": "never",
        "quality.current_verdict": "never",
        "raw.chatbot_events": "fresh",
        "raw.twilio_messages": "never",
    }
    with transaction("owner", shop) as connection, connection.cursor() as cursor:
        cursor.execute("select app.disconnect_store(store_id) from app.stores")
    asked = "select count(*) from marts.freshness where name = 'app.woocommerce_syncs' and store_id is not null"
    assert rows(shop, asked) == [(0,)], "nobody waits for a shop that has disconnected"
    with transaction("owner", shop) as connection, connection.cursor() as cursor:
        cursor.execute("update app.stores set connected_at = clock_timestamp()")
    assert rows(shop, asked) != [(0,)]
    ages = {age.name: age.status for age in transform.source_freshness(shop)}
    assert ages == {
        **dict(rows(shop, "select name, status from marts.freshness where kind = 'source'")),
        "quality.current_reconciliations": "never",
    }


def test_marts_are_as_old_as_the_last_build_that_succeeded(shop: Settings) -> None:
    marts = "select distinct status from marts.freshness where kind = 'mart' and name in ('kpi_daily', 'fct_turns')"
    for age, status in ((timedelta(), "fresh"), (timedelta(hours=3), "late"), (timedelta(hours=4), "stale")):
        with transaction("owner", shop) as connection, connection.cursor() as cursor:
            cursor.execute("update intermediate.builds set finished_at = finished_at - %s", (age,))
        assert rows(shop, marts) == [(status,)]
    assert rows(shop, "select count(*) from marts.freshness where name in ('kpi_now', 'freshness', 'incidents')") == [
        (0,)
    ]
