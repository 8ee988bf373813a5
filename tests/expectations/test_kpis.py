"""A critical failure keeps the KPIs as they were and marks them; the next sound validation builds them again."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import pytest

from pipeline.kpis import build_kpis
from tests.support import empty_marts, landed
from tests.support.database import Step
from warehouse.connection import connect, transaction
from warehouse.settings import ROOT, Settings


@pytest.fixture(scope="module")
def database_steps() -> Sequence[Step]:
    return (empty_marts.build,)


def kpis(settings: Settings) -> list[tuple[Any, ...]]:
    with connect("reader", settings) as connection, connection.cursor() as cursor:
        cursor.execute(
            "select numerator, quality from marts.kpi_daily where metric = 'message_volume' and dimension = 'all'"
        )
        return cursor.fetchall()


def test_a_critical_failure_keeps_the_kpis_marks_them_and_says_why(settings: Settings) -> None:
    with transaction("owner", settings) as connection:
        landed.event(connection)
    assert build_kpis(settings=settings).verdict == "pass"
    assert kpis(settings) == [(1, "pass")]

    with transaction("owner", settings) as connection:
        broken = landed.event(connection, store_id=" ")
    command = [sys.executable, "-m", "pipeline.kpis"]
    refused = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert refused.returncode == 1, refused.stderr
    assert "Every row belongs to a shop" in refused.stderr
    assert kpis(settings) == [(1, "fail")]

    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute("update raw.chatbot_events set store_id = 'default' where event_id = %s", (broken,))
    assert build_kpis(settings=settings).verdict == "pass"
    assert kpis(settings) == [(2, "pass")]
