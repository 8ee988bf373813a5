"""Forecasts all series and writes what came of it to `ml.forecasts` and `ml.forecast_evaluations`."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import structlog
from psycopg2.extras import execute_values

from ml.forecast.methods import Weeks
from ml.forecast.rolling import Evaluation, Forecast, evaluated
from ml.forecast.series import Series, read
from warehouse.connection import read_sql, transaction
from warehouse.settings import Settings, get_settings

_SQL = Path(__file__).parent / "sql"
_log = structlog.get_logger()


def forecast(settings: Settings | None = None) -> int:
    """Forecast every series anew; returns how many forecasts are shown. Raises NoMarts."""
    settings = settings or get_settings()
    found = [(series, evaluated(series.weeks)) for series in read(settings)]
    with transaction("scorer", settings) as connection, connection.cursor() as cursor:
        for series, evaluation in found:
            _save(cursor, series, evaluation)
    shown = sum(evaluation.forecast is not None for _, evaluation in found)
    _log.info("forecasts_written", series=len(found), shown=shown)
    return shown


def _save(cursor: Any, series: Series, evaluation: Evaluation) -> None:
    key = {"store_id": series.store_id, "metric": series.metric}
    figures = {
        name: getattr(evaluation, name)
        for name in (
            "weeks", "origins", "method", "error", "naive_error", "coverage_80", "coverage_95", "reason"
        )
    }  # fmt: skip
    cursor.execute(read_sql(_SQL / "save_evaluation.sql"), {**key, "last_week": series.last_week, **figures})
    cursor.execute(read_sql(_SQL / "remove_forecast.sql"), key)
    if evaluation.forecast:
        execute_values(cursor, read_sql(_SQL / "save_forecast.sql"), _rows(series, evaluation.forecast))


def _rows(series: Series, coming: Forecast) -> list[tuple[Any, ...]]:
    """A row for each coming week. What was never below zero stays so."""
    least = 0.0 if series.weeks.min() >= 0 else -np.inf
    bounds: list[Weeks] = [
        coming.values,
        coming.values - coming.half_80,
        coming.values + coming.half_80,
        coming.values - coming.half_95,
        coming.values + coming.half_95,
    ]
    weeks = np.round(np.maximum(bounds, least), 2).T
    return [
        (series.store_id, series.metric, series.last_week + timedelta(weeks=ahead), *map(float, figures))
        for ahead, figures in enumerate(weeks, start=1)
    ]
