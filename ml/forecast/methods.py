"""Methods that forecast weekly sums. Each takes the weeks so far (n,) and returns the coming ones (HORIZON,)."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Weeks = NDArray[np.float64]

HORIZON = 8
YEAR = 52
# The yearly season needs two whole years.
_LEAST_FOR_YEAR = 2 * YEAR


def level(weeks: Weeks) -> Weeks:
    """Exponential smoothing: a level that drifts."""
    from statsmodels.tsa.holtwinters import SimpleExpSmoothing

    return np.asarray(SimpleExpSmoothing(weeks, initialization_method="estimated").fit().forecast(HORIZON))


def trend(weeks: Weeks) -> Weeks:
    """Exponential smoothing with a damped trend."""
    from statsmodels.tsa.holtwinters import ExponentialSmoothing

    model = ExponentialSmoothing(weeks, trend="add", damped_trend=True, initialization_method="estimated")
    return np.asarray(model.fit().forecast(HORIZON))


def theta(weeks: Weeks) -> Weeks:
    """The Theta method: half of the trend over all weeks, and a level."""
    return _theta(weeks, 1)


def year(weeks: Weeks) -> Weeks:
    """The Theta method over the weeks without their yearly season."""
    return _theta(weeks, YEAR)


def _theta(weeks: Weeks, period: int) -> Weeks:
    from statsmodels.tsa.forecasting.theta import ThetaModel

    model = ThetaModel(weeks, period=period, deseasonalize=period > 1, use_test=False, method="additive")
    return np.asarray(model.fit().forecast(HORIZON))


_SINGLE: dict[str, Callable[[Weeks], Weeks]] = {"level": level, "trend": trend, "theta": theta}


def forecasts(weeks: Weeks) -> dict[str, Weeks]:
    """The forecast by each method; `mean` is the mean of level, trend and Theta."""
    with warnings.catch_warnings():
        # Few or constant weeks let an optimiser end early; what it found is judged like any other forecast.
        warnings.simplefilter("ignore")
        found = {name: method(weeks) for name, method in _SINGLE.items()}
        found["mean"] = np.mean(list(found.values()), axis=0)
        if len(weeks) >= _LEAST_FOR_YEAR:
            found["year"] = year(weeks)
    return {name: np.nan_to_num(each, nan=float(weeks[-1])) for name, each in found.items()}


def repetitions(weeks: Weeks) -> dict[str, Weeks]:
    """The seasonal naive forecasts: the last week again and again, and the same weeks a year ago.

    Repeating the weekdays of the last week gives the first of these once the days are added up."""
    found = {"week": np.repeat(weeks[-1], HORIZON)}
    if len(weeks) >= YEAR:
        found["year"] = weeks[len(weeks) - YEAR :][:HORIZON]
    return found
