"""Evaluates predicted sentiments: overall with intervals, by class, by slice, and one model against another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.stats import binomtest
from sklearn.metrics import accuracy_score, cohen_kappa_score, f1_score, precision_recall_fscore_support

from ml.sentiment.dataset import Example, weak_label
from ml.sentiment.model import Sentiment

BEYOND_CHANCE = 0.05
"""The p of McNemar's test up to which one model is said to beat another."""

THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
"""Probabilities from which on a review may be flagged as contradicting its stars."""

_RESAMPLES = 1000
_SHORT_WORDS = 3


class Interval(NamedTuple):
    """A figure, and between what it lies in 95 % of the cases when the texts are drawn anew."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"


def accuracy(truth: Sequence[str], predicted: Sequence[str]) -> Interval:
    return _interval(truth, predicted, accuracy_score)


def macro_f1(truth: Sequence[str], predicted: Sequence[str]) -> Interval:
    """The mean of the classes' F1, over the classes that the truth has."""
    names = sorted(set(truth))
    return _interval(
        truth, predicted, lambda one, other: f1_score(one, other, labels=names, average="macro", zero_division=0)
    )


def evaluate(examples: Sequence[Example], predicted: Sequence[str]) -> dict[str, Any]:
    """Metrics as plain JSON: accuracy and macro F1 with intervals, kappa, each class, the share predicted positive, and
    accuracy by language and of short texts."""
    truth = [example.sentiment for example in examples]
    names = sorted(set(truth))
    precision, recall, f1, support = precision_recall_fscore_support(truth, predicted, labels=names, zero_division=0)
    return {
        "texts": len(truth),
        "accuracy": accuracy(truth, predicted),
        "macro_f1": macro_f1(truth, predicted),
        "kappa": round(float(cohen_kappa_score(truth, predicted)), 4),
        "positive_share": round(predicted.count("positive") / len(truth), 4) if truth else 0.0,
        "classes": {
            name: {
                "precision": round(float(precision[number]), 4),
                "recall": round(float(recall[number]), 4),
                "f1": round(float(f1[number]), 4),
                "texts": int(support[number]),
            }
            for number, name in enumerate(names)
        },
        "slices": {name: _slice(examples, predicted, chosen) for name, chosen in _slices(examples).items()},
    }


def beats(truth: Sequence[str], challenger: Sequence[str], champion: Sequence[str]) -> tuple[bool, str]:
    """Whether the challenger is right more often beyond chance, by McNemar's exact test (two-sided), and that in
    words."""
    rows = list(zip(truth, challenger, champion, strict=True))
    won = sum(new == true != old for true, new, old in rows)
    lost = sum(old == true != new for true, new, old in rows)
    p = float(binomtest(won, won + lost).pvalue) if won + lost else 1.0
    return won > lost and p < BEYOND_CHANCE, f"{won} texts won, {lost} lost, McNemar's p {p:.2g}"


def contradictions(examples: Sequence[Example], predicted: Sequence[Sentiment]) -> list[dict[str, float]]:
    """For each threshold: how many reviews are flagged as contradicting their stars with at least that probability, how
    many of these do by their label, and how many others do. Plain JSON."""
    weak = [weak_label(example.rating or 0) for example in examples]
    by_hand = [example.sentiment != label for example, label in zip(examples, weak, strict=True)]
    found = []
    for threshold in THRESHOLDS:
        said = [
            sentiment != label and probability >= threshold
            for (sentiment, probability), label in zip(predicted, weak, strict=True)
        ]
        right = sum(one and other for one, other in zip(said, by_hand, strict=True))
        found.append({"from": threshold, "said": sum(said), "right": right, "missed": sum(by_hand) - right})
    return found


def label_noise(examples: Sequence[Example], weak: Sequence[str]) -> Interval:
    """The share of texts whose stars say something else than the person who read them."""
    disagree = np.array([example.sentiment != label for example, label in zip(examples, weak, strict=True)])
    drawn = [disagree[chosen].mean() for chosen in _draws(len(disagree))]
    return Interval(float(disagree.mean()), *map(float, np.quantile(drawn, [0.025, 0.975])))


def _interval(truth: Sequence[str], predicted: Sequence[str], figure: Any) -> Interval:
    true, found = np.array(truth), np.array(predicted)
    drawn = [figure(true[chosen], found[chosen]) for chosen in _draws(len(true))]
    return Interval(
        round(float(figure(true, found)), 4), *(round(float(end), 4) for end in np.quantile(drawn, [0.025, 0.975]))
    )


def _draws(count: int) -> list[Any]:
    rng = np.random.default_rng(0)
    return [rng.integers(0, count, count) for _ in range(_RESAMPLES)]


def _slices(examples: Sequence[Example]) -> dict[str, list[int]]:
    return {
        "Indonesian": [number for number, example in enumerate(examples) if example.language == "id"],
        "English": [number for number, example in enumerate(examples) if example.language == "en"],
        "short": [number for number, example in enumerate(examples) if len(example.text.split()) <= _SHORT_WORDS],
    }


def _slice(examples: Sequence[Example], predicted: Sequence[str], chosen: Sequence[int]) -> dict[str, float]:
    right = sum(examples[number].sentiment == predicted[number] for number in chosen)
    return {"texts": len(chosen), "accuracy": round(right / len(chosen), 4) if chosen else 0.0}
