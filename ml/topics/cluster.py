"""Finds groups of messages about one thing: average-linkage clustering by cosine, with centres that others join; groups
about several things are split."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sklearn.cluster import AgglomerativeClustering
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from threadpoolctl import threadpool_limits

from ml.onnx_model import Floats
from ml.topics.space import unit
from ml.topics.vocabulary import Vocabulary, keyword_coverage

Numbers = npt.NDArray[np.int64]

NO_TOPIC = -1

FARTHEST, FARTHEST_REFINED = 0.82, 0.9
"""The mean cosine distance between two groups up to which they are one topic, the first and the second time."""

NEAREST = 0.3
"""The cosine to a topic's centre from which on a message belongs to it."""

WORDS, REFINED = 0.5, 0.4
"""What words, and the directions that tell topics apart, weigh beside the positions."""

FEWEST = 8
FEWEST_OF = 150
"""A topic has at least 8 messages, and one of 150 of those clustered."""

COHERENT = 0.6
"""A topic's messages have at least this mean cosine to their centre, without the words. Words in common may have joined
messages about different things."""

KEYWORDS = 4
MIN_COVERAGE = 0.6
"""A topic's 4 keywords, or words like them, are in at least 60 % of its messages. Messages that belong to no topic may
also form a group; no few words are in most of them."""

_FEWEST_OF_FIRST = 300
_FEWEST_TO_REFINE = 3
_MOVES = 3

MOST = 6_000
"""Messages that are clustered, evenly drawn; the others join their nearest centre. Memory grows with the square."""


def cluster(positions: Floats, vocabulary: Vocabulary) -> Numbers:
    """The number of each message's topic (messages,), 0 the largest; NO_TOPIC for messages that belong to none.
    `positions`: (messages, 120), rows of length 1.

    Topics are found twice: directions that separate the first topics weigh more the second time. Those that are about
    several things are split."""
    if len(positions) < FEWEST:
        return np.full(len(positions), NO_TOPIC)
    with threadpool_limits(1):
        joint = unit(np.hstack([positions, WORDS * vocabulary.vectors]))
        groups = _groups(joint, FARTHEST, _FEWEST_OF_FIRST)
        if groups.max() >= _FEWEST_TO_REFINE:
            joint = unit(np.hstack([joint, REFINED * _refined(joint, groups)]))
            groups = _groups(joint, FARTHEST_REFINED, FEWEST_OF)
        return _split(_with_keywords(groups, vocabulary), positions)


def _groups(positions: Floats, farthest: float, fewest_of: int) -> Numbers:
    count = len(positions)
    drawn = _drawn(count)
    model = AgglomerativeClustering(None, metric="cosine", linkage="average", distance_threshold=farthest)
    groups = _by_size(model.fit_predict(positions[drawn]), max(FEWEST, len(drawn) // fewest_of))
    if groups.max() == NO_TOPIC:
        return np.full(count, NO_TOPIC)
    # Early joins are not undone by the clustering, so messages move to the centre that is nearest in the end.
    middles = centres(positions[drawn], groups)
    for _ in range(_MOVES):
        found = assign(positions, middles)
        middles = centres(positions, found)
    return _by_size(found, max(FEWEST, count // fewest_of))


def _with_keywords(groups: Numbers, vocabulary: Vocabulary) -> Numbers:
    """The groups without those whose keywords are in too few of their messages."""
    if groups.max() == NO_TOPIC:
        return groups
    shares = keyword_coverage(groups, vocabulary.has, KEYWORDS)
    return _by_size(np.where((groups != NO_TOPIC) & (shares[groups] >= MIN_COVERAGE), groups, NO_TOPIC), FEWEST)


def _split(groups: Numbers, positions: Floats) -> Numbers:
    """The groups, halved until each is coherent. Messages of parts that are too small join the nearest centre."""
    fewest = max(FEWEST, len(groups) // FEWEST_OF)
    found = np.full(len(groups), NO_TOPIC)
    waiting = [np.flatnonzero(groups == number) for number in range(groups.max() + 1)]
    while waiting:
        members = waiting.pop()
        if len(members) < fewest:
            continue
        of_group = positions[members]
        if (of_group @ unit(of_group.mean(axis=0, keepdims=True))[0]).mean() >= COHERENT:
            found[members] = found.max() + 1
        else:
            halves = _halves(of_group)
            waiting += [members[halves == 0], members[halves == 1]]
    joining = (found == NO_TOPIC) & (groups != NO_TOPIC)
    found[joining] = assign(positions[joining], centres(positions, found))
    return _by_size(found, fewest)


def _halves(positions: Floats) -> Numbers:
    drawn = _drawn(len(positions))
    halves = AgglomerativeClustering(2, metric="cosine", linkage="average").fit_predict(positions[drawn])
    return np.asarray((positions @ centres(positions[drawn], halves).T).argmax(axis=1))


def _drawn(count: int) -> Numbers:
    """The numbers of the messages that are clustered."""
    return np.unique(np.linspace(0, count - 1, min(count, MOST)).astype(int))


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
    """The centre of each group (groups, 120), of length 1; zeros for one without messages."""
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
