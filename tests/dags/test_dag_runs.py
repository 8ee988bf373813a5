"""The real DAGs, run without a scheduler: from messages that landed to labels and KPIs."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from psycopg2 import sql

from demo.woocommerce import Draft, Line, Shop, ShopSettings, WooCommerceStandIn
from expectations.set_aside import MOST_ROWS
from sources import woocommerce
from tests.support import empty_marts, landed
from tests.support.airflow import SQLALCHEMY, metadata_url, put_constant_model_in_use, python
from tests.support.database import Step
from warehouse.connection import connect, transaction
from warehouse.settings import Settings

KPIS = "select store_id, day, metric, dimension, dimension_value, numerator, denominator, value from marts.kpi_daily"
SOURCES = "select source, status, newest_at is not null, 0, 0 from quality.source_freshness"
LABELS = "select source, message_id, issue, urgency, model_version, scored_at from ml.message_labels"


@pytest.fixture(scope="module")
def database_steps() -> Sequence[Step]:
    return (empty_marts.build,)


def rows(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    with connect("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute(f"{query} order by 1, 2, 3, 4, 5")
        return cursor.fetchall()


def orders_of(settings: Settings) -> set[int]:
    with connect("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute("select id from raw.woocommerce_orders")
        return {number for (number,) in cursor}


@pytest.mark.timeout(900)  # runs a dozen DAGs, which costs 80 CPU seconds
def test_landed_messages_become_labels_kpis_and_predictions_and_a_second_run_changes_nothing(
    settings: Settings, server_settings: Settings
) -> None:
    version = put_constant_model_in_use(settings)
    with transaction("owner", settings) as connection:
        landed_ids = {landed.event(connection), landed.message(connection), ended_episode(connection)}
    airflow = {SQLALCHEMY: metadata_url(server_settings)}

    # One build is enough: the marts show predictions as soon as they are made.
    syncs = ("twilio_history", "woocommerce_sync", "woocommerce_reconciliation")
    names = (*syncs, "message_scoring", "kpi_build", "satisfaction_retraining", "satisfaction_retraining")
    first = python("-m", "dags.supervise.run", *names, "data_watch", **airflow)
    assert first.returncode == 0, first.stderr[-4000:]
    assert first.stdout.splitlines()[:2] == [
        "twilio_history: success (load_record skipped)",
        "woocommerce_sync: success (connected_shops skipped, sync_shop skipped)",
    ]
    assert [line for line in first.stdout.splitlines() if line.startswith(names[-2:])] == [
        "satisfaction_retraining: success (predict success)",
        "satisfaction_retraining: success (predict skipped)",
    ]
    assert "data_watch: success (watch success)" in first.stdout
    assert set(rows(settings, SOURCES)) >= {
        ("raw.chatbot_events", "fresh", True, 0, 0),
        ("app.twilio_syncs", "never", False, 0, 0),
    }
    labels, kpis = rows(settings, LABELS), rows(settings, KPIS)
    assert {label[1] for label in labels} == landed_ids
    assert {label[2:5] for label in labels} == {("delivery", "high", version)}
    assert sum(kpi[5] for kpi in kpis if kpi[2:4] == ("message_volume", "all")) == 4
    predicted = "select metric, dimension, denominator, unit, is_final from marts.kpi_daily"
    found = [row for row in rows(settings, predicted) if row[:2] == ("predicted_satisfaction_rate", "all")]
    assert found == [("predicted_satisfaction_rate", "all", 1, "percent", False)]

    second = python("-m", "dags.supervise.run", "message_scoring", "kpi_build", "dashboard_refresh", **airflow)
    assert second.returncode == 0, second.stderr[-4000:]
    dag, _, tasks = second.stdout.splitlines()[-1].rstrip(")").partition(" (")
    assert dag == "dashboard_refresh: success"
    assert set(tasks.split(", ")) == {
        "write_insights success",
        "write_documents success",
        "clear_cache skipped",
        "fail_run skipped",
    }
    assert rows(settings, LABELS) == labels
    assert rows(settings, KPIS) == kpis


def ended_episode(connection: psycopg2.extensions.connection) -> str:
    """A question and its answer of days ago, which is over; returns the question's id."""
    question, _ = (
        landed.event(connection, author=author, occurred_at=sql.SQL(f"now() - interval '{hours} hours'"))
        for author, hours in (("customer", 72), ("bot", 71))
    )
    return question


def test_two_who_run_dags_at_once_on_a_fresh_airflow_do_not_disturb_each_other(
    settings: Settings, server_settings: Settings
) -> None:
    airflow = {SQLALCHEMY: metadata_url(server_settings, migrated=False)}
    with ThreadPoolExecutor() as pool:
        runs = [pool.submit(python, "-m", "dags.supervise.run", "twilio_history", **airflow) for _ in range(2)]
        results = [run.result() for run in runs]
    for result in results:
        assert result.returncode == 0, result.stderr[-4000:]


def test_a_failed_validation_fails_the_run_at_once_and_says_so(settings: Settings, server_settings: Settings) -> None:
    with transaction("owner", settings) as connection:
        for _ in range(MOST_ROWS + 1):
            landed.event(connection, store_id=" ")
    result = python("-m", "dags.supervise.run", "kpi_build", **{SQLALCHEMY: metadata_url(server_settings)})
    assert result.returncode == 1
    assert "kpi_build: failed (build failed)" in result.stdout, result.stderr[-4000:]
    said = result.stdout + result.stderr
    assert "Every row belongs to a shop" in said
    assert said.count("task_failed") == 1
    assert landed.SECRET_TEXT not in said


def test_what_a_shop_sold_lands_and_reaches_the_kpis_though_another_shop_refuses(
    settings: Settings, server_settings: Settings
) -> None:
    airflow = {SQLALCHEMY: metadata_url(server_settings)}
    shop = Shop(settings=ShopSettings(timezone="Asia/Jakarta", currency="IDR"))
    product = shop.create_product("Kemeja Batik", 150_000)
    order = shop.create_order(Draft([Line(product, "Kemeja Batik", 2, Decimal(150_000))]))
    with WooCommerceStandIn(shop) as stand_in:
        woocommerce.add("sells", stand_in.url, stand_in.key, stand_in.secret, settings)
        names = ("woocommerce_sync", "woocommerce_sync", "woocommerce_reconciliation", "kpi_build")
        followed = python("-m", "dags.supervise.run", *names, **airflow)
        assert followed.returncode == 0, followed.stderr[-4000:]
        assert [line.partition("success, ")[2] for line in followed.stdout.splitlines()[:3]] == [
            "sync_shop success)",
            "sync_shop skipped)",
            "reconcile_shop success)",
        ]
        assert "kpi_build: success" in followed.stdout
        assert orders_of(settings) == {order}

        woocommerce.add("refuses", stand_in.url, stand_in.key, "cs_wrong", settings, checked=False)
        later = shop.create_order(Draft([Line(product, "Kemeja Batik", 1, Decimal(150_000))]))
        refused = python("-m", "dags.supervise.run", "woocommerce_sync", **airflow)
    assert refused.returncode == 1
    assert refused.stdout.count("sync_shop success") == refused.stdout.count("sync_shop failed") == 1
    assert orders_of(settings) == {order, later}


def test_figures_of_surveys_are_built_after_an_import_and_after_the_closing_day_and_not_in_between(
    settings: Settings, server_settings: Settings, tmp_path: Path
) -> None:
    airflow = {SQLALCHEMY: metadata_url(server_settings)}
    path = tmp_path / "answers.csv"
    path.write_text(
        "respondent,item,dimension,performance,expectation\nR1,EFF1,efficiency,4,5\nR2,EFF1,efficiency,5,5\n"
    )
    assert python("-m", "sources.surveys", "import", "2026-1", str(path)).returncode == 0
    first = python("-m", "dags.supervise.run", "survey_collection", **airflow)
    assert first.stdout.strip() == "survey_collection: success (build success)", first.stderr[-4000:]
    figures = "select wave, group_kind, dimension, respondents, csi, grade, gap from marts.survey_dimensions"
    assert rows(settings, figures) == [
        ("2026-1", "all", dimension, 2, 90, "very satisfied", -0.5) for dimension in ("all", "efficiency")
    ]

    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        for table in ("survey_answers", "survey_respondents"):
            cursor.execute(f"update raw.{table} set changed_at = now() - interval '1 hour'")
        cursor.execute("update app.survey_waves set closed_at = now() - interval '1 hour'")
    second = python("-m", "dags.supervise.run", "survey_collection", **airflow)
    assert second.stdout.strip() == "survey_collection: success (build skipped)", second.stderr[-4000:]

    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        # In this zone the closing day ended a minute ago.
        cursor.execute(
            "update app.survey_waves set state = 'open', opened_at = now() - interval '9 days', closed_at = null,"
            " closes_on = (now() at time zone 'UTC' - interval '1 minute')::date - 1,"
            " timezone = '<shop>+' || to_char(now() at time zone 'UTC' - interval '1 minute', 'HH24:MI:SS')"
        )
    third = python("-m", "dags.supervise.run", "survey_collection", **airflow)
    assert third.stdout.strip() == "survey_collection: success (build success)", third.stderr[-4000:]
    closed = (
        "select store_id, wave, checks.state, waves.state, checks.closed_at = waves.closes_at"
        " from marts.survey_checks as checks join app.survey_waves as waves using (store_id, wave)"
    )
    assert rows(settings, closed) == [(settings.default_store, "2026-1", "closed", "open", True)]


def test_reviews_are_built_though_google_play_cannot_be_reached_and_the_run_is_marked_as_failed(
    settings: Settings, server_settings: Settings
) -> None:
    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute("insert into app.review_apps (store_id, app_id) values ('default', 'com.example.shop')")
        cursor.execute(
            "insert into raw.reviews (store_id, source, review_id, version, rating, text, created_at)"
            " values ('default', 'file', 'R1', 1, 5, 'barang bagus', now())"
        )
    # A run without a scheduler waits for every retry.
    once = "from dags.common import defaults; defaults.TASK['retries'] = 0"
    run = "import sys; from dags.supervise.run import run; sys.exit(not run(['review_mining']))"
    nothing_listens = {"https_proxy": "http://127.0.0.1:9", "no_proxy": ""}
    ran = python("-c", f"{once}; {run}", **{SQLALCHEMY: metadata_url(server_settings)}, **nothing_listens)
    assert ran.returncode == 1, ran.stderr[-4000:]
    [line] = [line for line in ran.stdout.splitlines() if line.startswith("review_mining: ")]
    state, _, tasks = line.removesuffix(")").partition(" (")
    assert state == "review_mining: failed"
    assert set(tasks.split(", ")) == {
        "fetch_reviews failed", "score_sentiments success", "build_reviews success", "fail_run failed"
    }  # fmt: skip
    assert rows(settings, "select store_id, source, review_id, rating, sentiment from marts.fct_reviews") == [
        ("default", "file", "R1", 5, None)
    ]
    assert "cannot be reached" in rows(settings, "select problem, 0, 0, 0, 0 from app.review_apps")[0][0]


def test_forecasting_succeeds_while_no_series_has_a_week(settings: Settings, server_settings: Settings) -> None:
    ran = python("-m", "dags.supervise.run", "trend_forecast", **{SQLALCHEMY: metadata_url(server_settings)})
    assert ran.returncode == 0, ran.stderr[-4000:]
    assert ran.stdout.splitlines()[0] == "trend_forecast: success (forecast success)"
    assert rows(settings, "select store_id, metric, weeks, reason, origins from ml.forecast_evaluations") == []
