"""Predicts and explains the satisfaction of customers who gave no rating.

The model in use is fixed until it is retrained, so that one more rating does not change all predictions. Predicting
only retrains if there is no model, if the number of ratings now allows the extended model or no longer does, or if an
episode of the model was erased. Only retraining and the report need scikit-learn.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import structlog
from psycopg2.extensions import cursor as Cursor  # noqa: N812
from psycopg2.extras import Json, execute_values

from ml.satisfaction import episodes, models, registry
from ml.satisfaction.episodes import Episode
from ml.satisfaction.models import Model
from ml.satisfaction.neighbours import Verdict
from ml.satisfaction.words import in_words
from warehouse.connection import read_sql, transaction
from warehouse.settings import Settings, get_settings

_SQL = Path(__file__).parent / "sql"
_log = structlog.get_logger()


def predict(settings: Settings | None = None) -> int:
    """Predict new and changed ended episodes and delete predictions of erased ones, in one transaction. Returns the
    number of changes. Idempotent. Raises NoMarts."""
    settings = settings or get_settings()
    with transaction("scorer", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "lock_satisfaction.sql"))
        model = _model(cursor, settings)
        version = model.version
        due = episodes.read(settings, unpredicted_by=version)
        rows = [_row(episode, model.judge(episode), version) for episode in due]
        cursor.execute(read_sql(_SQL / "forget_satisfaction.sql"))
        gone = cursor.rowcount
        changed = execute_values(cursor, read_sql(_SQL / "save_satisfaction.sql"), rows, page_size=1_000, fetch=True)
    _log.info("satisfaction predicted", episodes=len(due), changed=len(changed), gone=gone, model_version=version)
    return len(changed) + gone


def retrain(settings: Settings | None = None) -> str:
    """Learn from all rated episodes, evaluate, put the model in use and return its version. Raises NoMarts."""
    from ml.satisfaction import report

    settings = settings or get_settings()
    rated = episodes.read(settings, only_rated=True)
    model = models.train(rated)
    metrics = report.measured(rated) if model.name == "extended" else {}
    with transaction("scorer", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "lock_satisfaction.sql"))
        registry.put_in_use(cursor, model, "retrained", metrics)
    _log.info("satisfaction retrained", rated=len(rated), model_version=model.version)
    return model.version


def is_old(settings: Settings | None = None, after: timedelta = timedelta(days=6)) -> bool:
    """Whether there is no model, or it was trained at least `after` ago."""
    with transaction("scorer", settings or get_settings()) as connection, connection.cursor() as cursor:
        used = registry.in_use(cursor)
    return used is None or datetime.now(UTC) - used.trained_at >= after


def _model(cursor: Cursor, settings: Settings) -> Model:
    used = registry.in_use(cursor)
    ratings = episodes.ratings(settings)
    enough = models.is_enough(list(ratings.values()))
    if used is None:
        reason = "the first"
    elif enough != (used.model.name == "extended"):
        reason = "enough are rated" if enough else "too few are rated"
    elif enough and not set(used.model.rows.names) <= ratings.keys():
        reason = "an episode it rested on is gone"
    else:
        return used.model
    learned = models.train(episodes.read(settings, only_rated=True))
    registry.put_in_use(cursor, learned, reason, {})
    return learned


def explain_values(comprehension: float, rating: float | None, duration_minutes: float) -> str:
    """The verdict of the paper's model on three values (%, 1-5 or None, minutes), in words."""
    model = models.paper()
    known = np.array([comprehension, np.nan if rating is None else rating, duration_minutes])
    rated = "not rated" if rating is None else f"rating {rating:g}"
    subject = f"Comprehension {comprehension:g} %, {rated}, {duration_minutes:g} min"
    return in_words(subject, model, model.rows.judge(known))


def explain(subject: str, settings: Settings | None = None) -> str:
    """The verdicts on an episode, by id, or on all of a customer's, by key, in words. Raises NoMarts and
    LookupError."""
    settings = settings or get_settings()
    found = sorted(episodes.read(settings, subject), key=lambda episode: episode.started_at)
    if not found:
        raise LookupError(f"no episode and no customer is called {subject}")
    with transaction("scorer", settings) as connection, connection.cursor() as cursor:
        used = registry.in_use(cursor)
    model = used.model if used else models.train(episodes.read(settings, only_rated=True))
    return "\n\n".join(in_words(_described(episode), model, model.judge(episode)) for episode in found)


def _row(episode: Episode, verdict: Verdict, version: str) -> tuple[object, ...]:
    neighbours = [
        {"episode": near.name, "distance": round(near.distance, 4), "satisfied": near.satisfied}
        for near in verdict.neighbours
    ]
    # As a Postgres `real`, so that a third equals the stored value.
    share = float(np.float32(verdict.share))
    rests_on_rating = episode.rating is not None
    return (
        episode.id, verdict.satisfied, share, list(verdict.doubts), Json(neighbours), rests_on_rating, version,
        episode.predicted_from,
    )  # fmt: skip


def _described(episode: Episode) -> str:
    parts = [
        "no turn of the customer" if episode.comprehension is None else f"comprehension {episode.comprehension:.0f} %",
        "not rated" if episode.rating is None else f"rating {episode.rating}",
        f"{episode.duration_minutes:.1f} min",
        f"replies after {episode.reply_minutes:.1f} min",
        f"{episode.messages} messages",
        f"{episode.fallbacks} without an answer",
        f"about {episode.issue}",
    ]
    return f"Episode {episode.id}: {', '.join(parts)}"
