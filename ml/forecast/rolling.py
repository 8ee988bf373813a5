"""Forecasts a series and evaluates that with rolling origins: at each week of the past, only what was known then
chooses the method and the width of the intervals, and the eight weeks after it judge both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ml.forecast.methods import HORIZON, Weeks, forecasts, repetitions

Reason = Literal["shown", "too_short", "too_few", "not_better"]
Errors = NDArray[np.float64]
"""Of one method: actual − forecast by origin and week ahead, (origins, HORIZON)."""

LEAST_TRAINING = 13
# Origins whose weeks are over, before the first origin that is judged; then those that are judged.
LEAST_SCORED = 6
LEAST_JUDGED = 8
LEAST_WEEKS = LEAST_TRAINING + LEAST_SCORED + LEAST_JUDGED + 2 * HORIZON - 2
MOST_ORIGINS = 40
# Below this share of the naive forecast's error, a difference is rarely luck (benchmarks/forecast.py).
BETTER = 0.95
RECENT = 26
_MOST_EMPTY = 1 / 3
_LEVELS = (0.80, 0.95)


@dataclass(frozen=True)
class Forecast:
    """The coming weeks (HORIZON,), and the half-widths of their 80 % and 95 % intervals."""

    values: Weeks
    half_80: Weeks
    half_95: Weeks


@dataclass(frozen=True)
class Evaluation:
    """How well a series could be forecast. Errors are mean absolute scaled errors; `origins` were judged. Figures are
    None where there were too few weeks. `forecast` is None unless the reason is `shown`."""

    reason: Reason
    weeks: int
    origins: int = 0
    method: str | None = None
    error: float | None = None
    naive_error: float | None = None
    coverage_80: float | None = None
    coverage_95: float | None = None
    forecast: Forecast | None = None


def evaluated(weeks: Weeks) -> Evaluation:
    """Forecast weekly sums, if that beats repeating the last week and the last year."""
    if len(weeks) < LEAST_WEEKS:
        return Evaluation("too_short", len(weeks))
    if np.mean(weeks[-RECENT:] == 0) > _MOST_EMPTY:
        return Evaluation("too_few", len(weeks))
    return _judged(weeks)


def _judged(weeks: Weeks) -> Evaluation:
    last = len(weeks) - HORIZON
    origins = np.arange(max(LEAST_TRAINING, last - MOST_ORIGINS + 1), last + 1)
    errors = _errors(weeks, origins)
    judged = range(LEAST_SCORED + HORIZON - 1, len(origins))
    own, hits = [], []
    for place in judged:
        # The weeks of later origins were not over yet.
        known = {name: each[: place - HORIZON + 1] for name, each in errors.items()}
        name = _best(known)
        missed = np.abs(errors[name][place])
        own.append(missed)
        hits.append([missed <= half for half in _half_widths(known[name])])
    scale = float(np.mean(np.abs(np.diff(weeks)))) or 1.0
    error = float(np.mean(own)) / scale
    naive_error = _naive_error(weeks, origins[list(judged)]) / scale
    coverage_80, coverage_95 = (float(share) for share in np.mean(hits, axis=(0, 2)))
    method = _best(errors)
    is_better = error < BETTER * naive_error
    return Evaluation(
        "shown" if is_better else "not_better",
        len(weeks),
        len(own),
        method,
        error,
        naive_error,
        coverage_80,
        coverage_95,
        Forecast(forecasts(weeks)[method], *_half_widths(errors[method])) if is_better else None,
    )


def _errors(weeks: Weeks, origins: NDArray[np.int_]) -> dict[str, Errors]:
    """The errors of the methods that could forecast from every origin, the others left out."""
    found = [
        {name: weeks[origin : origin + HORIZON] - each for name, each in forecasts(weeks[:origin]).items()}
        for origin in origins
    ]
    return {name: np.array([each[name] for each in found]) for name in found[0]}


def _best(errors: dict[str, Errors]) -> str:
    return min(errors, key=lambda name: float(np.mean(np.abs(errors[name]))))


def _naive_error(weeks: Weeks, origins: NDArray[np.int_]) -> float:
    """The mean absolute error of the better of both repetitions, where both could be made."""
    found = [
        {name: np.abs(weeks[origin : origin + HORIZON] - each) for name, each in repetitions(weeks[:origin]).items()}
        for origin in origins
    ]
    return min(float(np.mean([each[name] for each in found])) for name in found[0])


def _half_widths(errors: Errors) -> list[Weeks]:
    """Half of each interval, by week ahead: so wide that it would have held its share of the past errors. Later weeks
    are never more certain."""
    spread = np.maximum.accumulate(np.sqrt(np.mean(errors**2, axis=0)))
    relative = np.abs(errors) / np.where(spread > 0, spread, 1)
    # Few origins say little of rare errors.
    inflation = 1 + 2 / len(errors)
    return [spread * inflation * float(np.quantile(relative, share, method="higher")) for share in _LEVELS]
