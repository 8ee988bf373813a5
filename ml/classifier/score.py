"""`python -m ml.classifier.score` labels all unlabelled customer messages with the model in use."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import structlog
from rich.console import Console
from rich.progress import Progress

from ml.classifier import labels
from ml.classifier.predict import Predictor, predictor_in_use
from ml.classifier.registry import NoModelInUse
from ml.customer_messages import Key, keys_not_in, texts
from warehouse import logs
from warehouse.connection import transaction
from warehouse.settings import Settings, get_settings

MESSAGES_AT_ONCE = 1_024
"""Messages that are labelled in one transaction."""

_log = structlog.get_logger()


def score(settings: Settings | None = None) -> int:
    """Label all unlabelled messages and return how many. After a kill the next run continues. Raises NoModelInUse."""
    settings = settings or get_settings()
    predictor = predictor_in_use(settings)
    keys = keys_not_in("message_labels", settings)
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("scoring messages", total=len(keys))
        for start in range(0, len(keys), MESSAGES_AT_ONCE):
            chunk = keys[start : start + MESSAGES_AT_ONCE]
            _label(chunk, predictor, settings)
            progress.update(task, advance=len(chunk))
    _log.info("messages scored", count=len(keys), model_version=predictor.version)
    return len(keys)


def _label(keys: Sequence[Key], predictor: Predictor, settings: Settings) -> None:
    said = texts(keys, settings)
    found = dict(zip(said, labels.label(predictor, list(said.values())), strict=True))
    with transaction("scorer", settings) as connection, connection.cursor() as cursor:
        labels.save(cursor, found)


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
