"""`python -m ml.classifier.score` labels all unlabelled customer messages with the model in use."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import structlog
from rich.console import Console
from rich.progress import Progress

from ml.classifier import labels
from ml.classifier.labels import Key
from ml.classifier.predict import Predictor, predictor_in_use
from ml.classifier.registry import NoModelInUse
from warehouse import logs
from warehouse.connection import connect, read_sql, transaction
from warehouse.settings import Settings, get_settings

MESSAGES_AT_ONCE = 1_024
"""Messages that are labelled in one transaction."""

_SQL = Path(__file__).parent / "sql"
_log = structlog.get_logger()


def score(settings: Settings | None = None) -> int:
    """Label all unlabelled messages and return how many. After a kill the next run continues. Raises NoModelInUse."""
    settings = settings or get_settings()
    predictor = predictor_in_use(settings)
    keys = _unlabelled(settings)
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("scoring messages", total=len(keys))
        for start in range(0, len(keys), MESSAGES_AT_ONCE):
            chunk = keys[start : start + MESSAGES_AT_ONCE]
            _label(chunk, predictor, settings)
            progress.update(task, advance=len(chunk))
    _log.info("messages scored", count=len(keys), model_version=predictor.version)
    return len(keys)


def _unlabelled(settings: Settings) -> list[Key]:
    with connect("scorer", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "unlabelled_messages.sql"))
        return [(source, message_id) for source, message_id in cursor]


def _label(keys: Sequence[Key], predictor: Predictor, settings: Settings) -> None:
    texts = _texts(keys, settings)
    found = dict(zip(texts, labels.label(predictor, list(texts.values())), strict=True))
    with transaction("scorer", settings) as connection, connection.cursor() as cursor:
        labels.save(cursor, found)


def _texts(keys: Sequence[Key], settings: Settings) -> dict[Key, str]:
    by_source = {source: [id_ for source_, id_ in keys if source_ == source] for source in ("twilio", "chatbot")}
    with connect("scorer", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "texts.sql"), by_source)
        return {(source, message_id): text or "" for source, message_id, text in cursor}


def main() -> int:
    logs.configure()
    try:
        score()
    except NoModelInUse as error:
        print(f"ml.classifier.score: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
