"""Evaluates a classifier: overall, by class, by slice, and on messages out of context."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sklearn.metrics import accuracy_score, cohen_kappa_score, confusion_matrix, precision_recall_fscore_support

from ml.classifier.dataset import ISSUES, URGENCIES, Message

Answer = tuple[str, str]
"""An issue and an urgency."""

Predict = Callable[[Sequence[str]], list[Answer]]

_SHORT_WORDS = 3
_SLANG = re.compile(
    r"\b(gan|kak|kakk|min|sis|blm|udh|udah|dah|tf|ga|gak|bs|bgt|tp|klo|kalo|yg|gmn|gimana|brp|kpn|dong|nih|sih|kok|"
    r"aja|jg|skrg|sy|utk|dtg|pls|plis|asap|thx|tengkyu|loh|deh|gpp|td|krn|knp|makasih|pake|nyampe|balikin|duit)\b",
    re.IGNORECASE,
)


def evaluate(predict: Predict, messages: Sequence[Message]) -> dict[str, Any]:
    """Metrics of `predict` as plain JSON: for `issue` and `urgency` accuracy, macro F1, kappa, each class and the
    confusion matrix (rows are the truth); accuracy for each slice; and the share of `other` among messages out of
    context."""
    answers = predict([message.text for message in messages])
    return {
        "messages": len(messages),
        "issue": _head([m.issue for m in messages], [issue for issue, _ in answers], ISSUES),
        "urgency": _head([m.urgency for m in messages], [urgency for _, urgency in answers], URGENCIES),
        "slices": {name: _slice(messages, answers, belongs) for name, belongs in _SLICES.items()},
        "out_of_context_other": _share([issue == "other" for issue, _ in predict(out_of_context())]),
    }


def quality(metrics: dict[str, Any]) -> float:
    """The figure for comparing models: the mean of the macro F1 of issue and urgency."""
    return float(metrics["issue"]["macro_f1"] + metrics["urgency"]["macro_f1"]) / 2


def out_of_context() -> list[str]:
    """Messages unrelated to shops, all `other`, never used for training."""
    return (Path(__file__).parent / "data" / "out_of_context.txt").read_text().splitlines()


_SLICES: dict[str, Callable[[Message], bool]] = {
    "indonesian": lambda message: message.language == "id",
    "english": lambda message: message.language == "en",
    "short": lambda message: len(message.text.split()) <= _SHORT_WORDS,
    "slang": lambda message: _SLANG.search(message.text) is not None,
}


def _head(truth: list[str], answers: list[str], classes: tuple[str, ...]) -> dict[str, Any]:
    precision, recall, f1, support = precision_recall_fscore_support(truth, answers, labels=classes, zero_division=0)
    return {
        "accuracy": _rounded(accuracy_score(truth, answers)),
        "macro_f1": _rounded(f1.mean()),
        "kappa": _rounded(cohen_kappa_score(truth, answers)),
        "classes": {
            name: {
                "precision": _rounded(precision[number]),
                "recall": _rounded(recall[number]),
                "f1": _rounded(f1[number]),
                "messages": int(support[number]),
            }
            for number, name in enumerate(classes)
        },
        "confusion": confusion_matrix(truth, answers, labels=classes).tolist(),
    }


def _slice(
    messages: Sequence[Message], answers: Sequence[Answer], belongs: Callable[[Message], bool]
) -> dict[str, float]:
    pairs = [(message, answer) for message, answer in zip(messages, answers, strict=True) if belongs(message)]
    return {
        "messages": len(pairs),
        "issue_accuracy": _share([message.issue == issue for message, (issue, _) in pairs]),
        "urgency_accuracy": _share([message.urgency == urgency for message, (_, urgency) in pairs]),
    }


def _share(hits: list[bool]) -> float:
    return _rounded(sum(hits) / len(hits)) if hits else 0.0


def _rounded(number: float) -> float:
    return round(float(number), 4)
