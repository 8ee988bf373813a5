"""The registry of satisfaction models, `ml.satisfaction_models`, with their metrics.

Only the model in use keeps its rows, so that nothing of erased customers stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from psycopg2.extensions import cursor as Cursor  # noqa: N812
from psycopg2.extras import Json

from ml.satisfaction import models
from ml.satisfaction.models import Model
from warehouse.connection import read_sql

_SQL = Path(__file__).parent / "sql"


class InUse(NamedTuple):
    """A model and when it was trained."""

    model: Model
    trained_at: datetime


def version_in_use(cursor: Cursor) -> str | None:
    """The version in use, without reading the model; None before the first."""
    cursor.execute(read_sql(_SQL / "satisfaction_version_in_use.sql"))
    row = cursor.fetchone()
    return row[0] if row else None


def in_use(cursor: Cursor) -> InUse | None:
    """The model in use; None before the first."""
    cursor.execute(read_sql(_SQL / "satisfaction_model_in_use.sql"))
    row = cursor.fetchone()
    return InUse(models.restored(row[0], row[1]), row[2]) if row else None


def put_in_use(cursor: Cursor, model: Model, reason: str, metrics: Mapping[str, Any]) -> None:
    """Put a model in use. The caller holds the lock of `lock_satisfaction.sql` and commits."""
    values = {
        "version": model.version,
        "name": model.name,
        "content": Json(model.content()),
        "metrics": Json(metrics),
        "reason": reason,
    }
    cursor.execute(read_sql(_SQL / "stop_using_satisfaction_model.sql"))
    cursor.execute(read_sql(_SQL / "save_satisfaction_model.sql"), values)
