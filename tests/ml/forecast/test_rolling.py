"""Forecasts of weekly sums: when one is shown, how wide its intervals are, and that nothing looks ahead."""

from __future__ import annotations

import numpy as np
import pytest

from dashboards import definition
from ml.forecast import rolling
from ml.forecast.methods import HORIZON, Weeks
from ml.forecast.rolling import LEAST_WEEKS, Evaluation, evaluated


def noise(weeks: int, seed: int = 1) -> Weeks:
    """A level with noise, whose last week says little of the next."""
    return np.random.default_rng(seed).poisson(200, weeks).astype(np.float64)


def test_a_noisy_level_is_forecast_better_than_by_its_last_week() -> None:
    found = evaluated(noise(80))
    assert found.reason == "shown"
    assert found.error is not None
    assert found.naive_error is not None
    assert found.error < 0.8 * found.naive_error
    assert found.forecast is not None
    assert found.forecast.values == pytest.approx(np.full(HORIZON, 200), abs=15)
    assert (found.forecast.half_80 < found.forecast.half_95).all()
    assert (np.diff(found.forecast.half_95) >= 0).all()


def test_a_series_that_only_repetition_forecasts_gets_no_forecast() -> None:
    steps = np.random.default_rng(2).normal(0, 10, 90)
    for weeks in (np.full(60, 70.0), 1_000 + np.cumsum(steps), np.tile(np.random.default_rng(3).poisson(90, 52), 3)):
        found = evaluated(np.asarray(weeks, dtype=np.float64))
        assert (found.reason, found.forecast) == ("not_better", None)


def test_too_few_weeks_and_too_many_empty_ones_are_named() -> None:
    assert evaluated(noise(LEAST_WEEKS - 1)) == Evaluation("too_short", LEAST_WEEKS - 1)
    assert evaluated(noise(LEAST_WEEKS)).origins == rolling.LEAST_JUDGED
    assert evaluated(np.array([], dtype=np.float64)).reason == "too_short"
    seldom = np.where(np.arange(60) % 2, 300_000.0, 0.0)
    assert evaluated(seldom) == Evaluation("too_few", 60)


def test_the_page_names_the_number_of_weeks_that_are_needed() -> None:
    for name in ("store", "conversations"):
        (card,) = [card for card in definition.load(name).cards if card.id == "forecast_quality"]
        assert f" {LEAST_WEEKS} " in str(card.rows["too_short"])


def test_the_same_weeks_give_the_same_forecast() -> None:
    weeks = noise(70)
    once, again = evaluated(weeks), evaluated(weeks.copy())
    assert repr(once) == repr(again)


def test_intervals_hold_their_share_of_weeks_that_nobody_has_seen() -> None:
    inside_80, inside_95 = [], []
    for seed in range(8):
        weeks = noise(70 + HORIZON, seed)
        found = evaluated(weeks[:-HORIZON]).forecast
        assert found is not None
        missed = np.abs(weeks[-HORIZON:] - found.values)
        inside_80.append(np.mean(missed <= found.half_80))
        inside_95.append(np.mean(missed <= found.half_95))
    assert 0.7 < np.mean(inside_80) < 0.95
    assert np.mean(inside_95) > 0.9


def test_a_judged_forecast_does_not_know_what_came_after_it() -> None:
    """After changing the last week, only the weeks that it belongs to are judged differently."""
    weeks = noise(60)
    changed = weeks.copy()
    changed[-1] += 5_000
    last = len(weeks) - HORIZON
    origins = np.arange(last - 12, last + 1)
    before, after = rolling._errors(weeks, origins), rolling._errors(changed, origins)
    for name, errors in before.items():
        difference = after[name] - errors
        assert difference[-1, -1] == pytest.approx(5_000)
        difference[-1, -1] = 0
        assert difference == pytest.approx(0)


def test_steady_growth_goes_on() -> None:
    random = np.random.default_rng(4)
    weeks = np.linspace(100, 400, 90) + random.normal(0, 5, 90)
    found = evaluated(weeks).forecast
    assert found is not None
    assert found.values[-1] > found.values[0] > 390
