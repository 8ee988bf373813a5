"""The real DAGs, run without a scheduler: from messages that landed to labels and KPIs."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dags.airflow import SQLALCHEMY, metadata_url, put_constant_model_in_use, python
from tests.expectations import landed
from warehouse.connection import connect, transaction
from warehouse.settings import Settings

pytestmark = pytest.mark.xdist_group("airflow")

KPIS = "select store_id, day, metric, dimension, dimension_value, numerator, denominator, value from marts.kpi_daily"
LABELS = "select source, message_id, issue, urgency, model_version, scored_at from ml.message_labels"


def rows(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    with connect("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute(f"{query} order by 1, 2, 3, 4, 5")
        return cursor.fetchall()


def test_landed_messages_become_labels_and_kpis_and_a_second_run_changes_nothing(
    settings: Settings, server_settings: Settings
) -> None:
    version = put_constant_model_in_use(settings)
    with transaction("owner", settings) as connection:
        ids = {landed.event(connection), landed.message(connection)}
    airflow = {SQLALCHEMY: metadata_url(server_settings)}

    first = python("-m", "dags.run", "twilio_history", "message_scoring", "kpi_build", **airflow)
    assert first.returncode == 0, first.stderr[-4000:]
    assert "twilio_history: success (load_record skipped)" in first.stdout
    assert "kpi_build: success (build success)" in first.stdout
    labels, kpis = rows(settings, LABELS), rows(settings, KPIS)
    assert {label[1] for label in labels} == ids
    assert {label[2:5] for label in labels} == {("delivery", "high", version)}
    assert sum(kpi[5] for kpi in kpis if kpi[2:4] == ("message_volume", "all")) == 2

    second = python("-m", "dags.run", "message_scoring", "kpi_build", **airflow)
    assert second.returncode == 0, second.stderr[-4000:]
    assert rows(settings, LABELS) == labels
    assert rows(settings, KPIS) == kpis


def test_a_failed_validation_fails_the_run_at_once_and_says_so(settings: Settings, server_settings: Settings) -> None:
    with transaction("owner", settings) as connection:
        landed.event(connection, store_id=" ")
    result = python("-m", "dags.run", "kpi_build", **{SQLALCHEMY: metadata_url(server_settings)})
    assert result.returncode == 1
    assert "kpi_build: failed (build failed)" in result.stdout, result.stderr[-4000:]
    said = result.stdout + result.stderr
    assert "Every row belongs to a shop" in said
    assert said.count("task_failed") == 1
    assert landed.SECRET_TEXT not in said
