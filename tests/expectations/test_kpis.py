"""A critical failure keeps the KPIs as they were and marks them; the next sound validation builds them again."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import pytest

from expectations.set_aside import MOST_ROWS
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
        for _ in range(MOST_ROWS + 1):
            landed.event(connection, store_id=" ")
    command = [sys.executable, "-m", "pipeline.kpis"]
    refused = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert refused.returncode == 1, refused.stderr
    assert "Every row belongs to a shop" in refused.stderr
    assert kpis(settings) == [(1, "fail")]

    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute("update raw.chatbot_events set store_id = 'default'")
    assert build_kpis(settings=settings).verdict == "pass"
    assert kpis(settings) == [(MOST_ROWS + 2, "pass")]


def test_fifty_odd_events_change_no_kpi_of_the_others(settings: Settings) -> None:
    def figures() -> list[tuple[Any, ...]]:
        with connect("reader", settings) as connection, connection.cursor() as cursor:
            cursor.execute(
                "select store_id, day, metric, dimension, dimension_value, numerator, denominator"
                " from marts.kpi_daily where numerator > 0 order by 1, 2, 3, 4, 5"
            )
            return cursor.fetchall()

    with transaction("owner", settings) as connection:
        for number in range(20):
            landed.event(connection, customer_key=f"{number:032x}", id_key=f"{number:032x}")
    build_kpis(settings=settings)
    before = figures()
    with transaction("owner", settings) as connection:
        for number in range(50):
            odd = {"occurred_at": ("0001-01-01T00:00:00Z", "9999-01-01T00:00:00Z")[number % 2]}
            landed.event(connection, **(odd if number % 3 else {"store_id": " "}))
    assert build_kpis(settings=settings).verdict == "warn"
    assert figures() == before
    assert len(before) > 5


def test_a_row_that_a_build_used_leaves_the_kpis_when_it_is_set_aside_and_returns_when_it_is_put_back(
    settings: Settings,
) -> None:
    with transaction("owner", settings) as connection:
        landed.event(connection)
        sid = landed.message(connection)
    build_kpis(settings=settings)
    assert kpis(settings) == [(2, "pass")]
    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        # As Twilio's record, loaded later, with an odd time.
        cursor.execute("update raw.twilio_messages set sent_at = '1999-01-01', record = '{}'")
    build_kpis(settings=settings)
    assert kpis(settings) == [(1, "warn")]
    with transaction("inbox", settings) as connection, connection.cursor() as cursor:
        cursor.execute("select raw.put_back('twilio_messages', %s)", (sid,))
    build_kpis(settings=settings)
    assert sum(count for count, _ in kpis(settings)) == 2
