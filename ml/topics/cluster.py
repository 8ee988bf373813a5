"""Finds groups of messages about one thing: average-linkage clustering by cosine, with centres that others join."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sklearn.cluster import AgglomerativeClustering
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from threadpoolctl import threadpool_limits

from ml.onnx_model import Floats
from ml.topics.space import unit

Numbers = npt.NDArray[np.int64]

NO_TOPIC = -1

FARTHEST = 0.82
"""The mean cosine distance between two groups up to which they are one topic."""

NEAREST = 0.3
"""The cosine to a topic's centre from which on a message belongs to it."""

WORDS, REFINED = 0.4, 0.7
"""What words, and the directions that tell topics apart, weigh beside the positions."""

FEWEST = 8
FEWEST_OF = 200
"""A topic has at least 8 messages, and one of 200 of those clustered."""

_FEWEST_TO_REFINE = 3

MOST = 6_000
"""Messages that are clustered, evenly drawn; the others join their nearest centre. Memory grows with the square."""


def cluster(positions: Floats, words: Floats) -> Numbers:
    """The number of each message's topic (messages,), 0 the largest; NO_TOPIC for messages that belong to none.
    `positions`: (messages, 60), `words`: (messages, any), rows of length 1.

    Topics are found twice: what tells those found first apart weighs more the second time."""
    if len(positions) < FEWEST:
        return np.full(len(positions), NO_TOPIC)
    with threadpool_limits(1):
        joint = unit(np.hstack([positions, WORDS * words]))
        groups = _groups(joint)
        if groups.max() < _FEWEST_TO_REFINE:
            return groups
        return _groups(unit(np.hstack([joint, REFINED * _refined(positions, groups)])))


def _groups(positions: Floats) -> Numbers:
    count = len(positions)
    drawn = np.unique(np.linspace(0, count - 1, min(count, MOST)).astype(int))
    model = AgglomerativeClustering(None, metric="cosine", linkage="average", distance_threshold=FARTHEST)
    groups = _by_size(model.fit_predict(positions[drawn]), max(FEWEST, len(drawn) // FEWEST_OF))
    if groups.max() == NO_TOPIC:
        return np.full(count, NO_TOPIC)
    middles = centres(positions[drawn], groups)
    found = assign(positions, middles)
    # A message of a group stays in it unless it is far from its centre.
    near = np.einsum("md,md->m", positions[drawn], middles[groups]) >= NEAREST
    found[drawn] = np.where((groups != NO_TOPIC) & near, groups, NO_TOPIC)
    return _by_size(found, FEWEST)


def _refined(positions: Floats, groups: Numbers) -> Floats:
    """Positions in the directions that tell the groups apart."""
    known = groups != NO_TOPIC
    analysis = LinearDiscriminantAnalysis(solver="eigen", shrinkage="auto")
    analysis.fit(positions[known], groups[known])
    return unit(positions @ analysis.scalings_[:, : groups.max()].astype(np.float32))


def assign(positions: Floats, middles: Floats) -> Numbers:
    """The number of the nearest centre of each message; NO_TOPIC if none is near."""
    if not len(middles) or not len(positions):
        return np.full(len(positions), NO_TOPIC)
    cosines = positions @ middles.T
    return np.where(cosines.max(axis=1) >= NEAREST, cosines.argmax(axis=1), NO_TOPIC)


def centres(positions: Floats, groups: Numbers) -> Floats:
    """The centre of each group (groups, 60), of length 1; zeros for one without messages."""
    sums = np.zeros((groups.max() + 1, positions.shape[1]), dtype=np.float32)
    np.add.at(sums, groups[groups != NO_TOPIC], positions[groups != NO_TOPIC])
    return unit(sums)


def _by_size(groups: Numbers, fewest: int) -> Numbers:
    """Groups numbered by size, ties by their first message; small ones are no topic."""
    numbers, first, sizes = np.unique(groups, return_index=True, return_counts=True)
    kept = [place for place in np.lexsort((first, -sizes)) if numbers[place] != NO_TOPIC and sizes[place] >= fewest]
    renumbered = np.full(len(groups), NO_TOPIC)
    for new, place in enumerate(kept):
        renumbered[groups == numbers[place]] = new
    return renumbered
