"""The build of the marts: it finds what changed, survives failing, and can be asked as of any time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg2
import pytest

from pipeline import transform
from warehouse import connection
from warehouse.settings import Settings

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
LATER = MONDAY + timedelta(days=30)
CUSTOMERS_MESSAGES = ("message_volume", "author", "customer")

Rows = list[tuple[Any, ...]]


def land(
    settings: Settings, customer: str, *messages: tuple[str, datetime], received_at: datetime | None = None
) -> None:
    """Put messages (author, time) of a customer into raw, as if they landed just now or at another time."""
    with connection.transaction("owner", settings) as landing, landing.cursor() as cursor:
        for author, at in messages:
            name = f"{customer} {author} {at.isoformat()}"
            cursor.execute(
                "insert into raw.chatbot_events (event_id, type, occurred_at, channel, store_id, customer_key, id_key,"
                " author, payload, payload_hash, received_at)"
                " values (%s, 'message', %s, 'web', 'default', %s, %s, %s, '{}', %s, coalesce(%s, now()))",
                (name, at, customer, customer, author, name, received_at),
            )


def execute(settings: Settings, statement: str, values: Sequence[Any] = ()) -> None:
    with connection.transaction("owner", settings) as work, work.cursor() as cursor:
        cursor.execute(statement, values)


def rows(settings: Settings, query: str, role: Any = "reader") -> Rows:
    with connection.connect(role, settings) as reading, reading.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def marts(settings: Settings) -> list[Rows]:
    """All that readers see, but the time up to which it was built."""
    return [
        rows(settings, f"select * from marts.{name} order by 1, 2, 3, 4, 5")
        for name in ("kpi_daily", "kpi_monthly", "fct_messages", "fct_turns", "fct_episodes")
    ]


def value(settings: Settings, metric: str, dimension: str = "all", part: str = "all") -> Any:
    found = rows(
        settings,
        "select value from marts.kpi_daily"
        f" where (metric, dimension, dimension_value) = ('{metric}', '{dimension}', '{part}')",
    )
    return found[0][0] if found else None


VIEWS = """
    select pg_class.oid::regclass::text, pg_class.oid
    from pg_class
    where pg_class.relkind = 'v' and pg_class.relnamespace in ('staging'::regnamespace, 'marts'::regnamespace)
    order by 1
"""


def test_what_lands_and_what_falls_due_reaches_the_kpis_and_the_rest_stays(settings: Settings) -> None:
    # landed long ago, so that only its falling due can bring a customer back into a build
    long_ago = MONDAY + timedelta(hours=2)
    land(settings, "waiting", ("customer", MONDAY), received_at=long_ago)
    land(settings, "answered", ("customer", MONDAY), ("bot", MONDAY + timedelta(minutes=1)), received_at=long_ago)
    land(settings, "early", ("customer", MONDAY + timedelta(hours=2)), received_at=long_ago)

    transform.build(MONDAY + timedelta(hours=1), settings)
    views = rows(settings, VIEWS, "dbt")
    assert value(settings, *CUSTOMERS_MESSAGES) == 2
    assert value(settings, "response_time_bucket", "bucket", "never") is None

    transform.build(MONDAY + timedelta(hours=3), settings)
    assert value(settings, *CUSTOMERS_MESSAGES) == 3

    transform.build(LATER, settings)
    assert value(settings, "response_time_bucket", "bucket", "never") == 2
    assert float(value(settings, "unanswered_rate")) == pytest.approx(200 / 3)

    land(settings, "waiting", ("agent", MONDAY + timedelta(days=2)))
    transform.build(LATER, settings)
    assert value(settings, "response_time_bucket", "bucket", "never") == 1
    incremental = marts(settings)
    transform.build(LATER, settings)
    assert rows(settings, VIEWS, "dbt") == views, "who reads meanwhile has to find every view"
    transform.build(LATER, settings, full_refresh=True)
    assert marts(settings) == incremental

    transform.build(MONDAY + timedelta(hours=1), settings)
    assert value(settings, *CUSTOMERS_MESSAGES) == 2


def test_a_failed_build_says_where_leaves_the_kpis_and_is_made_up_for(settings: Settings) -> None:
    land(settings, "one", ("customer", MONDAY), ("bot", MONDAY + timedelta(seconds=30)))
    transform.build(LATER, settings)
    before = marts(settings)

    # the facts are replaced before the KPIs are, and then the build cannot go on
    land(settings, "two", ("customer", MONDAY + timedelta(hours=1)))
    execute(settings, "alter table intermediate.int_kpis add check (metric != 'unanswered_rate' or value = 0)")
    with pytest.raises(transform.BuildFailed) as failure:
        transform.build(LATER, settings)
    assert "int_kpis" in failure.value.nodes
    assert marts(settings)[0] == before[0]

    execute(settings, "alter table intermediate.int_kpis drop constraint int_kpis_check")
    transform.build(LATER, settings)
    assert value(settings, *CUSTOMERS_MESSAGES) == 2
    assert value(settings, "unanswered_rate") == 50


def test_tests_read_all_rows_after_a_build_that_changed_nothing(settings: Settings) -> None:
    land(settings, "one", ("customer", MONDAY), ("bot", MONDAY + timedelta(minutes=1)), received_at=MONDAY)
    transform.build(LATER, settings)
    transform.build(LATER, settings)
    execute(settings, "update marts.fct_turns set response_business_seconds = response_seconds + 1")
    with pytest.raises(transform.BuildFailed) as failure:
        transform.run(["test", "--quiet", "--exclude-resource-type", "unit_test"], settings)
    assert "turn_reply_columns_consistent" in failure.value.nodes


def test_an_empty_run_and_a_partial_one_hide_nothing_from_the_next_build(settings: Settings) -> None:
    land(settings, "one", ("customer", MONDAY))
    # which `run` leaves out
    transform.run(["seed", "--quiet"], settings)
    transform.run(["run", "--empty", "--quiet"], settings, {"as_of": LATER.isoformat()})
    transform.run(["run", "--select", "staging", "--quiet"], settings, {"as_of": LATER.isoformat()})
    transform.build(LATER, settings)
    assert value(settings, "message_volume") == 1


def test_a_shop_that_moves_gets_its_days_anew_and_a_verdict_shows_without_a_build(settings: Settings) -> None:
    land(settings, "one", ("customer", MONDAY.replace(hour=20)))
    transform.build(LATER, settings)
    day = "select distinct day::text, quality from marts.kpi_daily"
    assert rows(settings, day) == [("2026-03-03", "warn")]

    execute(settings, "insert into app.stores (store_id, timezone) values ('default', 'Europe/Berlin')")
    transform.build(LATER, settings)
    assert rows(settings, day) == [("2026-03-02", "warn")]

    verdict = "insert into quality.validations (run_id, suite, verdict) values (gen_random_uuid(), 'messages', 'fail')"
    execute(settings, verdict)
    assert rows(settings, day) == [("2026-03-02", "fail")]


def test_a_time_without_a_zone_is_refused(settings: Settings) -> None:
    with pytest.raises(ValueError, match="time zone"):
        transform.build(MONDAY.replace(tzinfo=None), settings)


def test_readers_see_the_marts_and_nothing_beneath(settings: Settings) -> None:
    transform.build(LATER, settings)
    assert rows(settings, "select * from marts.kpi_daily") == []
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        rows(settings, "select * from intermediate.int_kpis")
