"""The series that are forecast: sums of whole weeks from the marts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

import numpy as np

from ml.forecast.methods import Weeks
from ml.marts import reading_marts
from warehouse.connection import read_sql, transaction
from warehouse.settings import Settings

METRICS = ("net_sales", "message_volume")
_SQL = Path(__file__).parent / "sql"


@dataclass(frozen=True)
class Series:
    """A KPI of a shop by week: the Monday of the last whole week, and the sums (n,) until then, oldest first."""

    store_id: str
    metric: str
    last_week: date
    weeks: Weeks


def read(settings: Settings, store_id: str | None = None) -> list[Series]:
    """The series of one shop or of all, each with one whole week at least. Raises NoMarts."""
    with reading_marts(), transaction("reader", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "weekly_sums.sql"), {"metrics": list(METRICS)})
        rows = cursor.fetchall()
    found = []
    for (store, metric), weeks in groupby(rows, key=lambda row: row[:2]):
        days, totals = zip(*((week, total) for _, _, week, total in weeks), strict=True)
        if store_id in (None, store):
            found.append(Series(store, metric, days[-1], np.array(totals, dtype=np.float64)))
    return found
