"""Survey figures: random waves equal an independent computation to 1e-9, and cases worked by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import special

from pipeline import transform
from tests.dbt import landing, survey_oracle
from tests.dbt.survey_waves import Wave, land, random_wave
from warehouse.settings import Settings

WAVES = 30
SEED = 20260211


@pytest.fixture(scope="module")
def waves(module_settings: Settings) -> list[Wave]:
    random = np.random.default_rng(SEED)
    made = [random_wave(random, number) for number in range(WAVES)]
    land(module_settings, [*made, *HAND_WORKED])
    transform.build_part("surveys", module_settings)
    return made


@pytest.mark.parametrize(
    ("mart", "key"),
    [("survey_items", "item"), ("survey_dimensions", "dimension")],
)
def test_every_figure_of_random_waves_equals_the_oracle(
    waves: list[Wave], module_settings: Settings, mart: str, key: str
) -> None:
    names = ("wave", "group_kind", "group_value", key)
    oracle = survey_oracle.items if key == "item" else survey_oracle.dimensions
    expected = {tuple(row[name] for name in names): row for wave in waves for row in oracle(wave)}
    rows = landing.read(module_settings, f"select * from marts.{mart} where wave like 'wave %%'")
    found = {tuple(row[name] for name in names): row for row in rows}
    assert found.keys() - expected.keys() == set()
    assert expected.keys() - found.keys() == set()
    different = [
        (place, column, found[place][column], value)
        for place, row in expected.items()
        for column, value in row.items()
        if not is_same(found[place][column], value)
    ]
    assert different == []


def is_same(found: Any, expected: Any) -> bool:
    if isinstance(expected, float):
        return found is not None and abs(found - expected) <= 1e-9
    return bool(found == expected)


def by_hand(name: str, performance: dict[str, list[int | None]], expectation: dict[str, list[int | None]]) -> Wave:
    """A wave of one dimension, with the answers of each item in the order of the respondents."""
    frames = {
        scale: pd.DataFrame(answers, dtype=float).rename(index=lambda person: f"R{person}")
        for scale, answers in {"performance": performance, "expectation": expectation}.items()
    }
    return Wave(name, frames, dict.fromkeys(performance, "efficiency"))


HAND_WORKED = [
    # Sums of three people. Index: 20 · (14 · 15 + 13 · 10 + 13 · 11) / (3 · 40) = 80.5, from means in thirds.
    by_hand(
        "thirds",
        {"a": [5, 5, 5], "b": [4, 3, 3], "c": [4, 4, 3]},
        {"a": [5, 5, 4], "b": [5, 4, 4], "c": [5, 4, 4]},
    ),
    # The items' sums are 10, 11, 12 and 11, so both lines are at 11 / 3, which no decimal number holds.
    by_hand(
        "lines",
        {"a": [3, 3, 4], "b": [3, 4, 4], "c": [4, 4, 4], "d": [4, 4, 3]},
        {"a": [3, 4, 4], "b": [3, 3, 4], "c": [4, 4, 4], "d": [4, 4, 3]},
    ),
    # Performance: variances 1 and 1 of the items and 3 of the totals 3, 3, 6; alpha 2 · (1 - 2 / 3), r 3 / √12.
    # Expectation: one item does not vary, the totals are 5, 6 and 7.
    by_hand(
        "alpha",
        {"a": [1, 2, 3], "b": [2, 1, 3]},
        {"a": [4, 4, 4], "b": [1, 2, 3]},
    ),
    # R0 ticks one number, R1 leaves two answers out, R2 answers one item on one scale only.
    by_hand(
        "checks",
        {"a": [3, 4, 5], "b": [3, None, None], "c": [3, 5, None]},
        {"a": [3, 5, None], "b": [3, None, None], "c": [3, 5, None]},
    ),
    by_hand("nobody", {"a": [None, None]}, {"a": [None, None]}),
    by_hand("thirty", {"a": [4] * 30}, {"a": [5] * 30}),
    by_hand("many", {"a": [1, 5] * 600, "b": [2, 4] * 600}, {"a": [1, 5] * 600, "b": [2, 4] * 600}),
]


def read(settings: Settings, columns: str, mart: str, wave: str) -> list[tuple[Any, ...]]:
    rows = landing.read(settings, f"select {columns} from marts.{mart} where wave = '{wave}' order by 1, 2")
    return [tuple(row.values()) for row in rows]


def test_an_index_of_thirds_on_a_boundary_gets_the_better_grade(waves: list[Wave], module_settings: Settings) -> None:
    found = read(module_settings, "dimension, csi, grade", "survey_dimensions", "thirds")
    assert found == [("all", 80.5, "very satisfied"), ("efficiency", 80.5, "very satisfied")]


def test_a_mean_of_thirds_on_a_line_counts_as_high(waves: list[Wave], module_settings: Settings) -> None:
    found = read(module_settings, "item, quadrant", "survey_items", "lines")
    assert found == [("a", "I"), ("b", "IV"), ("c", "II"), ("d", "II")]


def test_alpha_and_r_as_worked_by_hand(waves: list[Wave], module_settings: Settings) -> None:
    found = read(module_settings, "item, r_performance, r_expectation, is_valid", "survey_items", "alpha")
    r = 3 / 12**0.5
    # An item that does not vary has no r; 0.866 is below 0.997, the critical r of three people.
    assert found == [("a", pytest.approx(r), None, False), ("b", pytest.approx(r), pytest.approx(1), False)]
    ((_, performance, expectation), _) = read(
        module_settings, "dimension, alpha_performance, alpha_expectation", "survey_dimensions", "alpha"
    )
    assert (performance, expectation) == (pytest.approx(2 / 3), pytest.approx(0))
    alphas = read(module_settings, "dimension, alpha_performance", "survey_dimensions", "thirty")
    assert alphas == [("all", None), ("efficiency", None)], "one item has no alpha"


def test_checks_count_and_leave_nobody_out(waves: list[Wave], module_settings: Settings) -> None:
    columns = "respondents, complete, straight_liners, missing_answers, rejected, is_small"
    assert read(module_settings, columns, "survey_checks", "checks") == [(3, 1, 1, 7, 0, True)]
    assert read(module_settings, columns, "survey_checks", "thirty") == [(30, 30, 0, 0, 0, False)]
    assert read(module_settings, columns, "survey_checks", "nobody") == []
    facts = read(module_settings, "respondent, item, performance, expectation", "fct_survey_answers", "checks")
    assert facts[3:] == [("R1", "a", 4, 5), ("R1", "c", 5, 5), ("R2", "a", 5, None)]


def test_critical_r_is_that_of_students_t_for_any_number_of_people(
    waves: list[Wave], module_settings: Settings
) -> None:
    def exact(freedom: int) -> float:
        return float(np.sqrt(special.betaincinv(0.5, freedom / 2, 0.95)))

    seed = landing.read(module_settings, "select * from intermediate.critical_r", role="dbt")
    assert [row["degrees_of_freedom"] for row in sorted(seed, key=lambda row: row["degrees_of_freedom"])] == [
        *range(1, 1001)
    ]
    assert all(row["critical_r"] == pytest.approx(exact(row["degrees_of_freedom"]), abs=1e-14) for row in seed)
    found = read(module_settings, "item, critical_r_performance, is_valid", "survey_items", "many")
    assert found == [(item, pytest.approx(exact(1198), abs=1e-12), True) for item in ("a", "b")]
