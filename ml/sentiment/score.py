"""Gives the customers' messages and the reviews that have none their sentiment, with the models in use."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import structlog
from rich.console import Console
from rich.progress import track

from ml.customer_messages import keys_not_in, texts
from ml.sentiment.preprocess import steps, terms
from ml.sentiment.registry import InUse, in_use
from warehouse.connection import connect, read_sql, transaction
from warehouse.settings import Settings, get_settings

_SQL = Path(__file__).parent / "sql"
_TEXTS_AT_ONCE = 1_024

_log = structlog.get_logger()

Rows = list[tuple[Any, ...]]


def score_messages(settings: Settings | None = None) -> int:
    """Score all unscored messages; returns how many. After a kill the next run continues. Raises NoModelInUse."""
    settings = settings or get_settings()
    used = in_use("chat", settings)
    keys = keys_not_in("message_sentiments", settings)
    for chunk in _chunks(keys, "scoring messages"):
        said = texts(chunk, settings)
        found = used.model.sentiments(list(said.values()))
        _save("save_message_sentiments", used, found, settings, _columns(("source", "message_id"), list(said)))
    _log.info("messages scored", count=len(keys), model_version=used.version)
    return len(keys)


def score_reviews(settings: Settings | None = None) -> int:
    """Score all unscored current versions of reviews, and keep their words; returns how many. After a kill the next
    run continues. Raises NoModelInUse."""
    settings = settings or get_settings()
    used = in_use("review", settings)
    keys = _rows("unscored_reviews", settings)
    names = ("store_id", "source", "review_id", "version")
    for chunk in _chunks(keys, "scoring reviews"):
        rows = _rows("review_texts", settings, _columns(names, chunk))
        written = [text for *_, text in rows]
        prepared = [steps(text) for text in written]
        values = _columns(names, rows) | {
            "terms": [json.dumps(terms(of_text.words), ensure_ascii=False) for of_text in prepared],
            "stems": [json.dumps(terms(of_text.stems), ensure_ascii=False) for of_text in prepared],
        }
        _save("save_review_sentiments", used, used.model.sentiments(written), settings, values)
    _log.info("reviews scored", count=len(keys), model_version=used.version)
    return len(keys)


def _save(name: str, used: InUse, found: Sequence[Any], settings: Settings, values: dict[str, Any]) -> None:
    values = values | {
        "sentiment": [sentiment for sentiment, _ in found],
        "probability": [probability for _, probability in found],
        "used": used.version,
    }
    with transaction("scorer", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / f"{name}.sql"), values)


def _rows(name: str, settings: Settings, values: dict[str, Any] | None = None) -> Rows:
    with connect("scorer", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / f"{name}.sql"), values)
        return cursor.fetchall()


def _columns(names: Sequence[str], rows: Rows) -> dict[str, Any]:
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


def _chunks(keys: Rows, description: str) -> Any:
    starts = range(0, len(keys), _TEXTS_AT_ONCE)
    for start in track(starts, description, console=Console(stderr=True), disable=not keys):
        yield keys[start : start + _TEXTS_AT_ONCE]
