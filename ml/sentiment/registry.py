"""Keeps models of sentiment in Postgres: which is in use for reviews and for chats, and why."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from psycopg2.extras import Json

from ml import slang
from ml.encoder.store import Encoder, load, store_unused
from ml.onnx_model import OnnxModel
from ml.sentiment.dataset import FOLDER, Kind
from ml.sentiment.model import Model, content, restored
from warehouse.connection import connect, read_sql, transaction
from warehouse.settings import Settings

_SQL = Path(__file__).parent / "sql"
_CODE = ("dataset", "preprocess", "svm", "head", "fine_tune", "linear", "train")
_encoders: dict[str, Encoder] = {}


class NoModelInUse(RuntimeError):
    """No model was made yet; the message names the command."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(f"no model of sentiment is in use for {kind}: make one with `python -m ml.sentiment train`")


class InUse(NamedTuple):
    """A model in use with its version, its metrics and why it is in use. `is_current`: made from these data and by
    this code."""

    model: Model
    version: str
    metrics: dict[str, Any]
    reason: str
    is_current: bool


def in_use(kind: Kind, settings: Settings) -> InUse:
    """The model in use. Raises NoModelInUse."""
    with connect("scorer", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "model_in_use.sql"), {"kind": kind})
        row = cursor.fetchone()
    if row is None:
        raise NoModelInUse(kind)
    version, method, archive, encoder_version, made_by, metrics, reason = row
    encoder = _encoder(encoder_version, settings) if encoder_version else None
    model = restored(kind, method, bytes(archive), encoder)
    return InUse(model, version, metrics, reason, made_by == recipe(kind))


def put_in_use(model: Model, metrics: dict[str, Any], reason: str, settings: Settings) -> str:
    """Store a model and put it in use. Its encoder is stored already. Returns the version."""
    row = {
        "version": model.version,
        "kind": model.kind,
        "method": model.method,
        "content": content(model),
        "encoder_version": model.encoder.version if model.encoder else None,
        "recipe": recipe(model.kind),
        "metrics": Json(metrics),
        "reason": reason,
    }
    with transaction("scorer", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "lock_models.sql"))
        cursor.execute(read_sql(_SQL / "stop_using_model.sql"), row)
        cursor.execute(read_sql(_SQL / "save_model.sql"), row)
    return str(row["version"])


def store_encoder(encoder: OnnxModel, settings: Settings) -> Encoder:
    """Store a fine-tuned encoder, which only its model of sentiment uses."""
    return _encoder(store_unused(encoder, settings), settings)


@cache
def recipe(kind: Kind) -> str:
    """A hash of what makes a model besides the encoder: the texts, the slang and the code."""
    data = FOLDER / ("reviews.jsonl" if kind == "review" else "chat.jsonl")
    paths = [data, slang.FILE, Path(slang.__file__), *(Path(__file__).with_name(f"{name}.py") for name in _CODE)]
    return hashlib.sha256(json.dumps([path.read_text(encoding="utf-8") for path in paths]).encode()).hexdigest()[:16]


def _encoder(version: str, settings: Settings) -> Encoder:
    if version not in _encoders:
        _encoders[version] = Encoder(load(version, settings, "scorer"), version)
    return _encoders[version]
