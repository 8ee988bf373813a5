"""Days out of the ordinary are marked, and ordinary ones are not: on series of which it is known, row by row."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from psycopg2.extras import execute_values

from pipeline import transform
from tests.dbt import landing, series
from tests.dbt.series import LAST_DAY, Series
from warehouse.connection import transaction
from warehouse.settings import Settings

IS_SOAK = os.environ.get("KABAR_SOAK") == "1"
SEEDS = range(20) if IS_SOAK else range(1)
OF_EACH = 60
# The morning after the last day, in Jakarta.
AS_OF = datetime(2026, 11, 22, 3, tzinfo=UTC)
JUDGING = ["run", "--quiet", "--select", "int_store_freshness", "int_kpi_scores", "kpi_anomalies"]

MADE = [each for seed in SEEDS for each in series.made_up(seed, injected=OF_EACH, quiet=OF_EACH)]
MARKS = "select store_id, day from marts.kpi_anomalies"


@pytest.fixture(scope="module")
def built(module_settings: Settings) -> Settings:
    """Marts of shops that nothing was heard of; then the series are put there and judged."""
    with transaction("owner", module_settings) as connection, connection.cursor() as cursor:
        stores = [(each.store, "Asia/Jakarta") for each in MADE]
        execute_values(cursor, "insert into app.stores (store_id, timezone) values %s", stores)
    transform.build(AS_OF, module_settings)
    put(module_settings, MADE)
    judge(module_settings)
    return module_settings


def put(settings: Settings, made: Iterable[Series]) -> None:
    """Put series where a build keeps the KPIs of days."""
    rows = [
        (each.store, "day", f.day, each.metric, "all", "all", each.unit, f.numerator, f.denominator, f.value, AS_OF)
        for each in made
        for f in each.figures
    ]
    columns = "store_id, period, first_day, metric, dimension, dimension_value, unit, numerator, denominator, value"
    with transaction("dbt", settings) as connection, connection.cursor() as cursor:
        cursor.execute(
            "delete from intermediate.int_kpis where store_id = any(%s)", (sorted({row[0] for row in rows}),)
        )
        execute_values(
            cursor, f"insert into intermediate.int_kpis ({columns}, final_after) values %s", rows, page_size=1000
        )


def judge(settings: Settings) -> None:
    transform.run(JUDGING, settings, {"as_of": AS_OF.isoformat()})


@pytest.mark.soak
def test_what_was_injected_is_marked_and_what_is_quiet_is_not(built: Settings) -> None:
    marks = {(mark["store_id"], mark["day"]) for mark in landing.read(built, MARKS)}
    injected = {each.store: each.injected for each in MADE}
    right = {mark for mark in marks if mark[1] in injected[mark[0]]}
    found = {store for store, _ in right}
    anomalies = [each for each in MADE if each.injected]
    precision, recall = len(right) / len(marks), len(found) / len(anomalies)
    missed = sorted(f"{each.metric} {each.what}" for each in anomalies if each.store not in found)
    print(f"\n{len(anomalies)} injected, {len(marks)} marks: precision {precision:.3f}, recall {recall:.3f}", missed)
    assert precision >= 0.9
    assert recall >= 0.8


JUDGED = "select * from intermediate.int_kpi_scores order by store_id, day"
# A figure of six weeks ago changed, a day of three weeks ago is gone, and the last one is not final any more.
CHANGES = """
    update intermediate.int_kpis set value = value * 3, numerator = numerator * 3
    where first_day = %(last_day)s - 40 and unit = 'count';
    delete from intermediate.int_kpis where first_day = %(last_day)s - 20;
    update intermediate.int_kpis set final_after = final_after + interval '1 day' where first_day = %(last_day)s
"""


def test_figures_that_change_are_judged_as_they_are_now(built: Settings) -> None:
    before = landing.read(built, JUDGED, role="owner")
    with transaction("dbt", built) as connection, connection.cursor() as cursor:
        cursor.execute(CHANGES, {"last_day": LAST_DAY})
    judge(built)
    after = landing.read(built, JUDGED, role="owner")
    assert before != after
    assert LAST_DAY not in {row["day"] for row in after}
    gone = [row for row in after if row["day"] == LAST_DAY - timedelta(20)]
    assert {row["metric"] for row in gone} == {"message_volume", "net_sales"}, "nothing is a zero of what is added up"
    assert {row["value"] for row in gone} == {0}


def test_a_short_history_says_nothing(built: Settings) -> None:
    made = [replace(each, figures=each.figures[-30:]) for each in MADE]
    put(built, made)
    judge(built)
    assert landing.read(built, MARKS) == []
    assert {row["score"] for row in landing.read(built, JUDGED, role="owner")} == {None}
