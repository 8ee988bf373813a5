"""The registry of classifiers in Postgres: all models, the one in use, and the decisions.

Models that are used are cached in the state folder by version.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2.extensions
from psycopg2.extras import Json

from ml.onnx_model import OnnxModel, cached
from warehouse.connection import connect, read_sql, transaction
from warehouse.settings import Role, Settings

_SQL = Path(__file__).parent / "sql"


class NoModelInUse(RuntimeError):
    """No model was trained yet; the message names the command."""

    def __init__(self) -> None:
        super().__init__("no model is in use yet: train one with `python -m ml.train`")


@dataclass(frozen=True)
class Model(OnnxModel):
    """`configuration` also has `issues`, `urgencies` and the hyperparameters; `metrics` are those of `evaluate`."""

    base_model: str
    metrics: dict[str, Any]


@dataclass(frozen=True)
class Decision:
    """Whether a challenger replaced the champion, and why. `champion` is None if no model was in use."""

    challenger: str
    champion: str | None
    promoted: bool
    reason: str
    challenger_metrics: dict[str, Any]
    champion_metrics: dict[str, Any] | None


def version_in_use(settings: Settings, role: Role = "scorer") -> str | None:
    """The version of the model in use, or None."""
    with connect(role, settings) as connection, connection.cursor() as cursor:
        return _version_in_use(cursor)


def model_in_use(settings: Settings, role: Role = "scorer") -> Model:
    """The model in use. Raises NoModelInUse."""
    version = version_in_use(settings, role)
    if version is None:
        raise NoModelInUse
    return load(version, settings, role)


def load(version: str, settings: Settings, role: Role = "scorer") -> Model:
    """A registered model, cached in the state folder. Raises KeyError for an unknown version."""
    return cached(Model, version, settings, lambda: _fetch(version, settings, role))


def save(model: Model, settings: Settings) -> None:
    """Register a model without using it. Idempotent."""
    row = {
        "version": model.version,
        "base_model": model.base_model,
        "onnx": model.onnx,
        "tokenizer": Json(json.loads(model.tokenizer)),
        "configuration": Json(model.configuration),
        "metrics": Json(model.metrics),
    }
    with transaction("scorer", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "save_model.sql"), row)


def record(decision: Decision, settings: Settings) -> None:
    """Store a decision and, if it promotes, put the challenger in use, in one transaction. Raises ChampionChanged if
    the model in use is no longer the champion of the decision."""
    row = {
        "challenger": decision.challenger,
        "champion": decision.champion,
        "promoted": decision.promoted,
        "reason": decision.reason,
        "challenger_metrics": Json(decision.challenger_metrics),
        "champion_metrics": Json(decision.champion_metrics) if decision.champion_metrics else None,
    }
    with transaction("scorer", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "lock_models.sql"))
        if _version_in_use(cursor) != decision.champion:
            raise ChampionChanged(decision.champion)
        cursor.execute(read_sql(_SQL / "save_decision.sql"), row)
        if decision.promoted:
            cursor.execute(read_sql(_SQL / "stop_using.sql"))
            cursor.execute(read_sql(_SQL / "start_using.sql"), {"version": decision.challenger})


class ChampionChanged(RuntimeError):
    """Another model was promoted meanwhile, so the comparison must be repeated."""

    def __init__(self, champion: str | None) -> None:
        super().__init__(f"the model in use is no longer {champion or 'none'}: run the comparison again")


def _version_in_use(cursor: psycopg2.extensions.cursor) -> str | None:
    cursor.execute(read_sql(_SQL / "model_in_use.sql"))
    row = cursor.fetchone()
    return str(row[0]) if row else None


def _fetch(version: str, settings: Settings, role: Role) -> Model:
    with connect(role, settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "model.sql"), {"version": version})
        row = cursor.fetchone()
    if row is None:
        raise KeyError(version)
    base_model, onnx, tokenizer, configuration, metrics = row
    return Model(bytes(onnx), json.dumps(tokenizer, ensure_ascii=False), configuration, base_model, metrics)
