"""Makes the models of sentiment from the project's own texts, and puts the best of each kind in use.

The support vector machine is first; each challenger replaces the model before it only if it is right more often beyond
chance on the texts labelled by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import structlog

from ml.encoder.store import Encoder, encoder_in_use, store
from ml.sentiment import dataset, evaluate, head, svm
from ml.sentiment.dataset import CLASSES, Kind
from ml.sentiment.model import Model
from ml.sentiment.registry import NoModelInUse, in_use, put_in_use, store_encoder
from warehouse.settings import Settings

_log = structlog.get_logger()


def train(kind: Kind, settings: Settings, with_fine_tuning: bool = False) -> str:
    """Make the models, compare them, put the best in use; returns why that one. Takes seconds, with fine-tuning
    minutes and torch."""
    examples = dataset.test(kind)
    truth = [example.sentiment for example in examples]
    best, best_answers, reasons = None, [""], []
    metrics: dict[str, Any] = {}
    for model in _models(kind, settings, with_fine_tuning):
        predicted = model.sentiments([example.text for example in examples])
        answers = [found.sentiment for found in predicted]
        metrics[model.method] = evaluate.evaluate(examples, answers)
        if kind == "review":
            metrics[model.method]["contradictions"] = evaluate.contradictions(examples, predicted)
        if best is None:
            best, best_answers = model, answers
            continue
        wins, figures = evaluate.beats(truth, answers, best_answers)
        reasons.append(f"{model.method} {'replaces' if wins else 'does not replace'} {best.method}: {figures}")
        if wins:
            best, best_answers = model, answers
    assert best is not None
    reason = "; ".join(reasons) or "there is no encoder to compare it with"
    version = put_in_use(best, metrics, reason, settings)
    _log.info("sentiment model in use", kind=kind, method=best.method, version=version, reason=reason)
    return reason


def train_if_missing(kind: Kind, settings: Settings) -> bool:
    """Train if no model made from these data and by this code is in use. Returns whether it was."""
    try:
        if in_use(kind, settings).is_current:
            return False
    except NoModelInUse:
        pass
    train(kind, settings)
    return True


def encoder(settings: Settings) -> Encoder | None:
    """The encoder in use; made first if there is none. None if that would need torch, which is not installed."""
    found = encoder_in_use(settings, "scorer")
    if found is None and find_spec("torch"):
        # Imported here since torch takes many seconds to import.
        from ml.encoder.export import make

        store(make(settings), settings)
        found = encoder_in_use(settings, "scorer")
    return found


def _models(kind: Kind, settings: Settings, with_fine_tuning: bool) -> Iterator[Model]:
    examples, classes = dataset.training(kind), CLASSES[kind]
    texts, sentiments, groups = (
        [example.text for example in examples],
        [example.sentiment for example in examples],
        [example.group for example in examples],
    )
    yield Model(kind, "svm", classes, svm.fit(texts, sentiments, classes, groups))
    shared = encoder(settings)
    if shared is None:
        return
    learned = head.fit(head.vectors(texts, shared), sentiments, classes, groups)
    yield Model(kind, "encoder", classes, learned, shared)
    if with_fine_tuning:
        # Imported here since torch takes many seconds to import.
        from ml.encoder.base import load_base
        from ml.sentiment.fine_tune import fine_tune

        tuned = fine_tune(load_base(settings), texts, sentiments, classes)
        yield Model(kind, "fine_tuned", classes, tuned.head, store_encoder(tuned.encoder, settings))
