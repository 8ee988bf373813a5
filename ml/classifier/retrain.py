"""Trains a challenger, compares it with the champion on the frozen test set, and uses the better one.

Decisions are stored in `ml.model_decisions`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

import structlog

from ml.classifier import dataset, registry
from ml.classifier.evaluate import Answer, Predict, evaluate, quality
from ml.classifier.fine_tune import Configuration, train
from ml.classifier.predict import Predictor
from ml.classifier.registry import Decision, Model
from ml.encoder.base import load_base
from ml.encoder.onnx_export import to_onnx
from warehouse.settings import Settings, get_settings

MARGIN = 0.005
"""The least gain in quality for a promotion; a smaller one is a single message of the test set."""

WORST_LOSS = 0.02
"""The largest loss in one head's macro F1 that a gain in the other may offset."""

_log = structlog.get_logger()


def retrain(settings: Settings | None = None, configuration: Configuration | None = None) -> Decision:
    """Train a challenger, compare, promote it if it is better, and record the decision."""
    settings = settings or get_settings()
    challenger = train_model(settings, configuration or Configuration())
    registry.save(challenger, settings)
    return judge(challenger, settings)


def judge(challenger: Model, settings: Settings) -> Decision:
    """Compare a registered challenger with the champion, decide, and record the decision."""
    version = registry.version_in_use(settings)
    champion_metrics = judged(registry.load(version, settings)) if version else None
    promoted, reason = _compare(challenger.metrics, champion_metrics)
    decision = Decision(challenger.version, version, promoted, reason, challenger.metrics, champion_metrics)
    registry.record(decision, settings)
    _log.info("model judged", challenger=decision.challenger, champion=version, promoted=promoted, reason=reason)
    return decision


def train_model(settings: Settings, configuration: Configuration) -> Model:
    """Train, export and evaluate a model, without registering it."""
    base = load_base(settings, configuration.layers)
    training, validation = dataset.split(
        dataset.training_messages(), configuration.validation_share, configuration.seed
    )
    trained = train(base, training, configuration)
    described = {
        **asdict(configuration),
        "issues": list(dataset.ISSUES),
        "urgencies": list(dataset.URGENCIES),
        "pad_id": trained.pad_id,
    }
    onnx = to_onnx(trained.model, ("issue", "urgency"))
    unjudged = Model(onnx, trained.tokenizer.to_str(), described, base.name, metrics={})
    metrics = judged(unjudged) | {
        "training_seconds": round(trained.seconds),
        "training_messages": len(training),
        "validation": evaluate(_answers(unjudged), validation),
    }
    return replace(unjudged, metrics=metrics)


def judged(model: Model) -> dict[str, Any]:
    """The metrics of the exported model on the frozen test set."""
    return evaluate(_answers(model), dataset.frozen_test())


def _answers(model: Model) -> Predict:
    predictor = Predictor(model)

    def predict(texts: Sequence[str]) -> list[Answer]:
        return [(label.issue, label.urgency) for label in predictor.label(texts)]

    return predict


def _compare(challenger: dict[str, Any], champion: dict[str, Any] | None) -> tuple[bool, str]:
    if champion is None:
        return True, f"no model was in use; quality {quality(challenger):.4f}"
    gain = quality(challenger) - quality(champion)
    figures = f"quality {quality(challenger):.4f} against {quality(champion):.4f} on {challenger['messages']} messages"
    for head in ("issue", "urgency"):
        loss = champion[head]["macro_f1"] - challenger[head]["macro_f1"]
        if loss > WORST_LOSS:
            return False, f"{figures}: macro F1 of {head} falls by {loss:.4f}, more than {WORST_LOSS}"
    if gain < MARGIN:
        return False, f"{figures}: the gain of {gain:.4f} is under the margin of {MARGIN}"
    return True, f"{figures}: a gain of {gain:.4f}"
