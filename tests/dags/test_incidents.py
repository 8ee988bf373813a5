"""What a data engineer is told of the DAGs' runs."""

from __future__ import annotations

from typing import Any

from tests.support.airflow import SQLALCHEMY, metadata_url, python
from warehouse.connection import transaction
from warehouse.settings import ROOT, Settings


def rows(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall() if cursor.description else []


def test_runs_that_miss_their_deadline_are_told_once(settings: Settings, server_settings: Settings) -> None:
    airflow = {SQLALCHEMY: metadata_url(server_settings), "PYTHONPATH": str(ROOT)}
    # by its path: a package of the environment brings a module called tests of its own
    late = python("-P", "tests/dags/miss_deadline.py", "kpi_build", **airflow)
    assert late.stdout.count("callback success") == 2, late.stdout[-2000:] + late.stderr[-4000:]
    assert rows(settings, "select kind, subject, details ->> 'run_id', told from quality.incidents") == [
        ("deadline", "kpi_build", "asset_triggered__2", ["log"])
    ]
    assert (late.stdout + late.stderr).count("subject=kpi_build") == 1
