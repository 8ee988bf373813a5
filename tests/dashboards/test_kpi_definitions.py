"""What is said of the KPIs is what the marts hold and the cards show."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

from dashboards import definition, kpi_definitions
from warehouse.connection import connect
from warehouse.settings import Settings

KPIS = kpi_definitions.load()
IN_MARTS = """
    select metric, dimension, unit from marts.kpi_daily
    union
    select metric, dimension, unit from marts.kpi_monthly
"""
# Nothing was predicted of the shop's customers.
NOT_THERE = {"predicted_satisfaction_rate"}


@pytest.fixture(scope="module")
def ask(built: Settings) -> Any:
    def asked(query: str) -> list[tuple[Any, ...]]:
        with connect("owner", built) as opened, opened.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall()

    return asked


def test_every_kpi_of_the_marts_is_defined_with_its_unit_and_dimensions(ask: Any) -> None:
    units: dict[str, set[str]] = defaultdict(set)
    dimensions: dict[str, set[str]] = defaultdict(set)
    for metric, dimension, unit in ask(IN_MARTS):
        units[metric].add(unit)
        dimensions[metric].add(dimension)
    assert units == {metric: {kpi.unit} for metric, kpi in KPIS.items() if metric not in NOT_THERE}
    assert dimensions == {metric: {"all", *kpi.dimensions} for metric, kpi in KPIS.items() if metric not in NOT_THERE}


def test_the_model_that_a_definition_names_computes_the_kpi(ask: Any) -> None:
    computed = {
        model: {metric for (metric,) in ask(f"select distinct metric from intermediate.{model}")}
        for model in {kpi.model for kpi in KPIS.values()}
    }
    assert [kpi for kpi in KPIS.values() if kpi.metric not in computed[kpi.model] | NOT_THERE] == []


def test_every_kpi_that_a_card_shows_is_defined() -> None:
    shown = {metric for dashboard in definition.load_all() for card in dashboard.cards for metric in card.metrics}
    assert shown
    assert shown <= KPIS.keys()
