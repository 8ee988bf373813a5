"""Which topics are new, or grew beyond chance, in a week.

The messages of a topic in the last week are compared with what its share in the weeks before leads to expect, given
how many messages the other topics have. That number varies as a negative binomial: weeks vary more than by chance alone
(how much is measured over all topics), and the share is itself an estimate.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.stats import nbinom

Counts = npt.NDArray[np.int64]

FALSE_ALARMS = 0.01
"""The probability that a week without a change has any report."""

FEWEST_WEEKS = 4
"""Whole weeks before the last one that are needed to say what is usual."""

MOST_WEEKS = 12
_FEWEST = 5
_LEAST_TIMES = 1.5
_NEW_UP_TO = 2
_ERRORS = 1.0


class Growth(NamedTuple):
    """A topic's messages in the last week and how many were expected. New: hardly any came before."""

    topic: int
    is_new: bool
    messages: int
    expected: float


def grown(counts: Counts) -> list[Growth]:
    """The topics that grew in the last week. `counts`: messages (topics, weeks), the last week last."""
    counts = counts[:, -MOST_WEEKS - 1 :]
    if not len(counts) or counts.shape[1] <= FEWEST_WEEKS:
        return []
    others = counts.sum(axis=0) - counts
    before, exposure = counts[:, :-1], others[:, :-1].sum(axis=1)
    known = before.sum(axis=1) + 0.5
    expected = known * others[:, -1] / np.maximum(exposure, 1)
    chance = _chance(counts[:, -1], expected, known, _dispersion(before, others[:, :-1]))
    found = chance * len(counts) <= FALSE_ALARMS
    found &= (counts[:, -1] >= _FEWEST) & (counts[:, -1] >= _LEAST_TIMES * expected)
    return [
        Growth(topic, bool(before[topic].sum() <= _NEW_UP_TO), int(counts[topic, -1]), float(expected[topic]))
        for topic in np.flatnonzero(found).tolist()
    ]


def _chance(
    now: Counts, expected: npt.NDArray[np.float64], known: npt.NDArray[np.float64], dispersion: float
) -> npt.NDArray[np.float64]:
    """The probability of at least as many messages as there were."""
    mean = np.maximum(expected, 1e-9)
    size = 1 / (dispersion + 1 / known)
    return np.asarray(nbinom.sf(now - 1, size, size / (size + mean)))


def _dispersion(before: Counts, others: Counts) -> float:
    """How much the weekly shares of topics vary beyond chance: the square of their relative deviation, over all topics,
    at the upper end of what its estimate leaves open."""
    weeks = before.shape[1]
    usual = before.sum(axis=1, keepdims=True) * others / np.maximum(others.sum(axis=1, keepdims=True), 1)
    beyond = (before - usual) ** 2 * weeks / (weeks - 1) - usual
    squares = max(float((usual**2).sum()), 1e-9)
    return max(float(beyond.sum()) + _ERRORS * float(np.sqrt((beyond**2).sum())), 0.0) / squares
