"""Every trap of the KPI contract, against figures that were worked out by hand: in the marts and in the oracle."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from pipeline import transform
from tests.dbt import landing
from tests.dbt.comparison import TOLERANCE, kpis_of, marts_by_shop
from tests.dbt.history import Event, History
from tests.dbt.trap_cases import AS_OF, CASES, Case
from warehouse.settings import Settings

DUPLICATED = next(case for case in CASES if case.name == "coming-again-on-another-channel")


@pytest.fixture(scope="module")
def marts(module_settings: Settings) -> dict[str, dict[Any, Any]]:
    """The marts of all cases after two builds, between which the late events landed and some landed again."""
    early = [only(case, lambda event, case=case: event.id not in case.late) for case in CASES]
    landing.open_shops(module_settings, early)
    landing.land(module_settings, early)
    transform.build(AS_OF, module_settings)

    landing.land(module_settings, [only(case, lambda event, case=case: event.id in case.late) for case in CASES])
    landing.land(module_settings, [DUPLICATED.history, changed(DUPLICATED.history)])
    transform.build(AS_OF, module_settings)
    return marts_by_shop(module_settings)


def only(case: Case, wanted: Any) -> History:
    return History(case.shop, tuple(event for event in case.events if wanted(event)))


def changed(history: History) -> History:
    """The same ids with other bodies: the first ones are kept."""

    def change(event: Event) -> Event:
        return replace(event, at=event.at + timedelta(hours=1))

    return replace(history, events=tuple(map(change, history.events)))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_marts_hold_what_was_worked_out_by_hand(case: Case, marts: dict[str, dict[Any, Any]]) -> None:
    assert_holds(case, marts[case.name])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_oracle_says_what_was_worked_out_by_hand(case: Case) -> None:
    assert_holds(case, kpis_of(case.history, AS_OF))


def assert_holds(case: Case, found: dict[Any, Any]) -> None:
    for words, expected in case.rows.items():
        period, _, rest = words.partition(" ") if words[0].isdigit() else ("", "", words)
        if not period:
            assert not [key for key in found if key[2] == words], words
            continue
        metric, _, part = rest.partition(" ")
        dimension, _, value = part.partition("=") if part else ("all", "", "all")
        grain, day = ("day", period) if len(period) == 10 else ("month", f"{period}-01")
        row, _ = found.get((grain, date.fromisoformat(day), metric, dimension, value), (None, None))
        if expected is None:
            assert row is None, words
        else:
            assert row is not None, words
            assert (row.numerator, row.denominator) == expected[:2], words
            assert row.value == pytest.approx(expected[2], abs=TOLERANCE), words
