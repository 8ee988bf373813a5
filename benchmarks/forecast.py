"""How good forecasts of made-up shops are: `python -m benchmarks.forecast`.

Each series has two years of days and eight more weeks that are forecast and then compared. `shown`: how often there is
a forecast at all; the other figures are of these. `error`: their mean absolute error beside that of the last week
repeated, which is 1. `inside`: how many of the coming weeks lie in the 80 % and in the 95 % interval. `daily` is the
error of exponential smoothing of the days with the season of a week, added up by week, and `weekly` that of the same
smoothing of weeks, over all series. The settings in ml/forecast were chosen on the first kinds only; those held out say
how good they are.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from ml.forecast import methods, rolling
from ml.forecast.methods import HORIZON

SERIES = 10
WEEKS = 104
_WEEKDAYS = np.array([0.8, 0.7, 0.8, 0.9, 1.2, 1.5, 1.1])

Days = NDArray[np.float64]


def _noisy(random: np.random.Generator, means: Days) -> Days:
    return random.poisson(np.maximum(means, 0)).astype(float)


def _noise(random: np.random.Generator, days: NDArray[np.int_]) -> Days:
    return _noisy(random, np.full(len(days), 40.0) * random.lognormal(0, 0.3, len(days)))


def _weekdays(random: np.random.Generator, days: NDArray[np.int_]) -> Days:
    return _noisy(random, 40 * _WEEKDAYS[days % 7] * random.lognormal(0, 0.15, len(days)))


def _trend(random: np.random.Generator, days: NDArray[np.int_]) -> Days:
    return _noisy(random, 20 * np.exp(days * random.uniform(0.0005, 0.003)) * _WEEKDAYS[days % 7])


def _drift(random: np.random.Generator, days: NDArray[np.int_]) -> Days:
    """A random walk of weeks, which nothing forecasts better than its last week."""
    return 40 * np.exp(np.repeat(np.cumsum(random.normal(0, 0.08, len(days) // 7)), 7))


def _lumpy(random: np.random.Generator, days: NDArray[np.int_]) -> Days:
    """A few orders a week, some of them large."""
    return _noisy(random, np.full(len(days), 0.5)) * random.lognormal(12, 1, len(days))


def _rare(random: np.random.Generator, days: NDArray[np.int_]) -> Days:
    return _noisy(random, np.full(len(days), 0.05)) * 100_000.0


def _shift(random: np.random.Generator, days: NDArray[np.int_]) -> Days:
    """Twice or half the level from some day of the last year on."""
    factor = np.where(days < random.integers(365, 670), 1, random.choice((0.5, 2.0)))
    return _noisy(random, 40 * factor * _WEEKDAYS[days % 7])


def _year(random: np.random.Generator, days: NDArray[np.int_]) -> Days:
    return _noisy(random, 40 * (1 + 0.5 * np.sin(2 * np.pi * days / 364)) * random.lognormal(0, 0.2, len(days)))


def _holidays(random: np.random.Generator, days: NDArray[np.int_]) -> Days:
    """Two closed weeks a year after a busy one, eleven days earlier each year."""
    since = (days - 200) % 354
    factor = np.where(since < 10, 0.05, np.where(since > 344, 1.8, 1))
    return _noisy(random, 40 * factor * _WEEKDAYS[days % 7] * random.lognormal(0, 0.15, len(days)))


Kind = Callable[[np.random.Generator, NDArray[np.int_]], Days]
CHOSEN_ON: dict[str, Kind] = {"noise": _noise, "weekdays": _weekdays, "trend": _trend, "random walk": _drift}
HELD_OUT: dict[str, Kind] = {
    "few orders": _lumpy, "rare orders": _rare, "level shift": _shift, "yearly season": _year, "holidays": _holidays
}  # fmt: skip


def _daily(days: Days) -> NDArray[np.float64]:
    from statsmodels.tsa.holtwinters import ExponentialSmoothing

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = ExponentialSmoothing(days, seasonal="add", seasonal_periods=7, initialization_method="estimated")
        coming: Days = np.asarray(model.fit().forecast(7 * HORIZON)).reshape(HORIZON, 7)
    return coming @ np.ones(7)


def _row(number: int, kind: Kind) -> list[str]:
    own, naive, in_80, in_95 = [], [], [], []
    daily, weekly, repeated = [], [], []
    for series in range(SERIES):
        random = np.random.default_rng([number, series])
        days = kind(random, np.arange(7 * (WEEKS + HORIZON)))
        weeks = days.reshape(-1, 7).sum(axis=1)
        past, coming = weeks[:WEEKS], weeks[WEEKS:]
        last = np.abs(coming - past[-1]).mean()
        repeated.append(last)
        daily.append(np.abs(coming - _daily(days[: 7 * WEEKS])).mean())
        weekly.append(np.abs(coming - methods.forecasts(past)["level"]).mean())
        found = rolling.evaluated(past).forecast
        if found is None:
            continue
        missed = np.abs(coming - found.values)
        own.append(missed.mean())
        naive.append(last)
        in_80.append(np.mean(missed <= found.half_80))
        in_95.append(np.mean(missed <= found.half_95))
    figures = [f"{len(own)} of {SERIES}"]
    figures += (
        [f"{np.sum(own) / np.sum(naive):.2f}", f"{np.mean(in_80):.2f}, {np.mean(in_95):.2f}"] if own else ["–"] * 2
    )
    return [*figures, f"{np.sum(daily) / np.sum(repeated):.2f}", f"{np.sum(weekly) / np.sum(repeated):.2f}"]


def main() -> int:
    table = Table("kind", "shown", "error", "inside 80 %, 95 %", "daily", "weekly")
    for number, (name, kind) in enumerate({**CHOSEN_ON, **HELD_OUT}.items()):
        table.add_row(f"{name} (held out)" if name in HELD_OUT else name, *_row(number, kind))
    Console().print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
