"""Whether customers whom nobody asked were satisfied, and why the model thinks so.

    python -m ml.satisfaction explain 65 4 6                # comprehension %, rating, minutes: the paper's model
    python -m ml.satisfaction explain EPISODE_OR_CUSTOMER   # by the model in use
    python -m ml.satisfaction predict                       # ended episodes that are new or changed
    python -m ml.satisfaction retrain                       # learn from all that was rated, and compare
    python -m ml.satisfaction report                        # cross-validated, beside other models

Learning is reading the rated episodes. The model in use stays as it is until it is retrained, so that one more rating
does not change what was predicted of everybody; only where it must not stay, predicting learns anew by itself: before
the first model, when enough are rated to leave the paper's six rows, and when an episode that it rests on is gone, as
its customer was erased. Only retraining and the report need scikit-learn.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import structlog
from psycopg2.extensions import cursor as Cursor  # noqa: N812
from psycopg2.extras import Json, execute_values

from ml import episodes, satisfaction_models, satisfaction_registry
from ml.episodes import Episode, NoMarts
from ml.neighbours import Verdict
from ml.satisfaction_models import Model
from ml.satisfaction_words import in_words
from warehouse import logs
from warehouse.connection import read_sql, transaction
from warehouse.settings import Settings, get_settings

_SQL = Path(__file__).parent / "sql"
_log = structlog.get_logger()


def predict(settings: Settings | None = None) -> int:
    """Predict every ended episode that the model in use has not predicted as it is now, forget those that are gone, and
    return how many predictions differ from before. All or nothing; again with nothing new it changes nothing. Raises
    NoMarts."""
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
    """Learn from all rated episodes, compare with other ways to learn, put the result to use and return its version.
    Raises NoMarts."""
    from ml import satisfaction_report

    settings = settings or get_settings()
    rated = episodes.read(settings, only_rated=True)
    model = satisfaction_models.train(rated)
    metrics = satisfaction_report.measured(rated) if model.name == "extended" else {}
    with transaction("scorer", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "lock_satisfaction.sql"))
        satisfaction_registry.put_in_use(cursor, model, "retrained", metrics)
    _log.info("satisfaction retrained", rated=len(rated), model_version=model.version)
    return model.version


def is_old(settings: Settings | None = None, after: timedelta = timedelta(days=6)) -> bool:
    """Whether there is no model yet, or it was learned so long ago that it is time for another."""
    with transaction("scorer", settings or get_settings()) as connection, connection.cursor() as cursor:
        used = satisfaction_registry.in_use(cursor)
    return used is None or datetime.now(UTC) - used.trained_at >= after


def _model(cursor: Cursor, settings: Settings) -> Model:
    used = satisfaction_registry.in_use(cursor)
    ratings = episodes.ratings(settings)
    enough = satisfaction_models.is_enough(list(ratings.values()))
    if used is None:
        reason = "the first"
    elif enough != (used.model.name == "extended"):
        reason = "enough are rated" if enough else "too few are rated"
    elif enough and not set(used.model.rows.names) <= ratings.keys():
        reason = "an episode it rested on is gone"
    else:
        return used.model
    learned = satisfaction_models.train(episodes.read(settings, only_rated=True))
    satisfaction_registry.put_in_use(cursor, learned, reason, {})
    return learned


def explain_values(comprehension: float, rating: float | None, duration_minutes: float) -> str:
    """What the paper's model says of three values (%, 1-5 or None, minutes), in words."""
    model = satisfaction_models.paper()
    known = np.array([comprehension, np.nan if rating is None else rating, duration_minutes])
    rated = "not rated" if rating is None else f"rating {rating:g}"
    asked = f"Comprehension {comprehension:g} %, {rated}, {duration_minutes:g} min"
    return in_words(asked, model, model.rows.judge(known))


def explain(asked: str, settings: Settings | None = None) -> str:
    """What the model in use says of an episode, by its id, or of all of a customer's, by their key, in words.
    Raises NoMarts and LookupError."""
    settings = settings or get_settings()
    found = sorted(episodes.read(settings, asked), key=lambda episode: episode.started_at)
    if not found:
        raise LookupError(f"no episode and no customer is called {asked}")
    with transaction("scorer", settings) as connection, connection.cursor() as cursor:
        used = satisfaction_registry.in_use(cursor)
    model = used.model if used else satisfaction_models.train(episodes.read(settings, only_rated=True))
    return "\n\n".join(in_words(_described(episode), model, model.judge(episode)) for episode in found)


def _row(episode: Episode, verdict: Verdict, version: str) -> tuple[object, ...]:
    neighbours = [
        {"episode": near.name, "distance": round(near.distance, 4), "satisfied": near.satisfied}
        for near in verdict.neighbours
    ]
    # As Postgres keeps a `real`: a third with more digits would differ from itself at every run.
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


def main(arguments: Sequence[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    try:
        return int(given.run(given))
    except (NoMarts, LookupError, argparse.ArgumentTypeError) as error:
        print(f"ml.satisfaction: {error.args[0]}", file=sys.stderr)
        return 2


def _run_explain(given: argparse.Namespace) -> int:
    values = (given.comprehension, given.rating, given.duration)
    if len(given.asked) == 3 and all(map(_is_number, given.asked)):
        values = (_percent(given.asked[0]), _rating(given.asked[1]), _minutes(given.asked[2]))
    elif given.asked:
        print("\n\n".join(map(explain, given.asked)))
        return 0
    comprehension, rating, duration = values
    if comprehension is None or duration is None:
        print("ml.satisfaction: name an episode or a customer, or --comprehension and --duration", file=sys.stderr)
        return 2
    print(explain_values(comprehension, rating, duration))
    return 0


def _run_predict(_: argparse.Namespace) -> int:
    print(f"{predict()} predictions changed")
    return 0


def _run_retrain(_: argparse.Namespace) -> int:
    print(f"in use: {retrain()}")
    return 0


def _run_report(_: argparse.Namespace) -> int:
    from ml import satisfaction_report

    satisfaction_report.show(get_settings())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ml.satisfaction", description=(__doc__ or "").partition("\n")[0])
    commands = parser.add_subparsers(required=True)
    explaining = commands.add_parser("explain", help="say what is predicted, and the neighbours that say why")
    explaining.add_argument("asked", nargs="*", help="episodes, customers' keys, or: comprehension rating minutes")
    explaining.add_argument("--comprehension", type=_percent, help="percent, 0 to 100")
    explaining.add_argument("--rating", type=_rating, help="1 to 5; none for who was not asked")
    explaining.add_argument("--duration", type=_minutes, help="minutes")
    explaining.set_defaults(run=_run_explain)
    commands.add_parser("predict", help="predict every ended episode").set_defaults(run=_run_predict)
    commands.add_parser("retrain", help="learn from all that was rated").set_defaults(run=_run_retrain)
    commands.add_parser("report", help="how good the models are").set_defaults(run=_run_report)
    return parser


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _number(text: str, least: float, most: float, what: str) -> float:
    if not _is_number(text) or not least <= float(text) <= most:
        raise argparse.ArgumentTypeError(f"{text} is no {what}")
    return float(text)


def _percent(text: str) -> float:
    return _number(text, 0, 100, "comprehension in percent, 0 to 100")


def _rating(text: str) -> float:
    return _number(text, 1, 5, "rating from 1 to 5")


def _minutes(text: str) -> float:
    return _number(text, 0, sys.float_info.max, "duration in minutes")


if __name__ == "__main__":
    logs.configure()
    sys.exit(main())
