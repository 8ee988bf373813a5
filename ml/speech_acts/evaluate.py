"""Evaluates predictions of acts on groups of messages that were not learned from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from ml.onnx_model import Floats
from ml.speech_acts.acts import ACTS, ASKING, COURTESIES
from ml.speech_acts.baseline import baseline
from ml.speech_acts.dataset import Message
from ml.speech_acts.fit import Numbers, fit_features, folds

SEEDS = range(5)
_RESAMPLES = 1000

Probabilities = npt.NDArray[np.float64]
"""Probabilities (seeds, messages, acts)."""


class Interval(NamedTuple):
    """A figure over all seeds, and between what it lies in 95 % of the cases when an act's groups are drawn anew."""

    value: float
    low: float
    high: float


class Errors(NamedTuple):
    """At a threshold, shares of messages: those that ask and are taken for a courtesy, courtesies that are found, those
    that are no complaint and are taken for one, complaints that are found."""

    false_courtesies: float
    courtesies_found: float
    false_complaints: float
    complaints_found: float


def held_out(vectors: Floats, labelled: Sequence[Message], seeds: Sequence[int] = SEEDS) -> Probabilities:
    """Probabilities by heads that did not learn from the message's group."""

    def predict(training: Numbers, test: Numbers) -> Floats:
        return fit_features(vectors[training], [labelled[number] for number in training]).probabilities(vectors[test])

    return _held_out(predict, labelled, seeds)


def held_out_baseline(labelled: Sequence[Message], seeds: Sequence[int] = SEEDS) -> Probabilities:
    """The same by character n-grams."""

    def predict(training: Numbers, test: Numbers) -> Probabilities:
        with threadpool_limits(1):
            return baseline([labelled[number] for number in training])([labelled[number].text for number in test])

    return _held_out(predict, labelled, seeds)


def macro_f1(probabilities: Probabilities, labelled: Sequence[Message]) -> Interval:
    """The mean of the acts' F1."""
    groups = np.array([message.group for message in labelled])
    by_group = np.array([confusion(*among(probabilities, labelled, groups == group)) for group in np.unique(groups)])
    act_of_group = by_group.sum(axis=2).argmax(axis=1)
    rng = np.random.default_rng(0)
    drawn = [f1(by_group[_draw(act_of_group, rng)].sum(axis=0)).mean() for _ in range(_RESAMPLES)]
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Interval(float(f1(by_group.sum(axis=0)).mean()), float(low), float(high))


def among(
    probabilities: Probabilities, labelled: Sequence[Message], chosen: npt.NDArray[np.bool_]
) -> tuple[Probabilities, list[Message]]:
    """The chosen messages with their probabilities; `chosen` is (messages,)."""
    return probabilities[:, chosen], [labelled[number] for number in np.flatnonzero(chosen).tolist()]


def confusion(probabilities: Probabilities, labelled: Sequence[Message]) -> Numbers:
    """How often (act, predicted act) occurs over all seeds."""
    truth = np.array([ACTS.index(message.act) for message in labelled])
    counts = np.zeros((len(ACTS), len(ACTS)), dtype=np.int64)
    for predicted in probabilities.argmax(axis=2):
        np.add.at(counts, (truth, predicted), 1)
    return counts


def f1(counts: Numbers) -> npt.NDArray[np.float64]:
    """The F1 of each act by a confusion matrix; 0 for one that neither occurs nor is predicted."""
    right = np.diag(counts)
    return np.asarray(2 * right / np.maximum(counts.sum(axis=0) + counts.sum(axis=1), 1))


def errors(probabilities: Probabilities, labelled: Sequence[Message], threshold: float) -> Errors:
    """Whatever has a question mark is never taken for a courtesy, as in the bot."""
    truth = np.array([message.act for message in labelled])
    is_question = np.array(["?" in message.text for message in labelled])
    of_courtesies = probabilities[:, :, [ACTS.index(act) for act in COURTESIES]].sum(axis=2)
    courtesy = (of_courtesies >= threshold) & ~is_question
    complaint = probabilities[:, :, ACTS.index("complaint")] >= threshold
    return Errors(
        false_courtesies=float(courtesy[:, np.isin(truth, ASKING)].mean()),
        courtesies_found=float(courtesy[:, np.isin(truth, COURTESIES)].mean()),
        false_complaints=float(complaint[:, truth != "complaint"].mean()),
        complaints_found=float(complaint[:, truth == "complaint"].mean()),
    )


def _held_out(
    predict: Callable[[Numbers, Numbers], npt.NDArray[np.floating]], labelled: Sequence[Message], seeds: Sequence[int]
) -> Probabilities:
    probabilities = np.zeros((len(seeds), len(labelled), len(ACTS)))
    for place, seed in enumerate(seeds):
        for training, test in folds(labelled, seed):
            probabilities[place, test] = predict(training, test)
    return probabilities


def _draw(acts: Numbers, rng: np.random.Generator) -> Numbers:
    """As many groups of each act as there are, drawn with replacement."""
    return np.concatenate([rng.choice(np.flatnonzero(acts == act), (acts == act).sum()) for act in np.unique(acts)])
