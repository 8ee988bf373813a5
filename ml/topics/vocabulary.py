"""The words of a shop's messages, and which of them are alike in meaning or spelling, in one language or in two."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from threadpoolctl import threadpool_limits

from ml.encoder.store import Encoder
from ml.onnx_model import Floats
from ml.topics.space import unit
from ml.topics.words import content_words

_ALIKE = 0.6
"""The cosine from which on two words are alike: parking, parkir, parkirnya."""

_FEWEST_TEXTS = 2
_MOST_WORDS = 6_000
_DIMENSIONS = 100


class Vocabulary(NamedTuple):
    """`vectors`: the texts by which of their words are rare among them, as (texts, at most 100), rows of length 1 or 0;
    words that are alike count for each other. `has`: whether a text has a word or one like it (texts, words)."""

    vectors: Floats
    has: sparse.csr_matrix


def vocabulary(texts: Sequence[str], encoder: Encoder) -> Vocabulary:
    """The words of texts; without any, one column of zeros."""
    counted = TfidfVectorizer(
        analyzer=content_words, min_df=_FEWEST_TEXTS, max_features=_MOST_WORDS, sublinear_tf=True, dtype=np.float32
    )
    try:
        weights = counted.fit_transform(texts)
    except ValueError:  # no word is frequent enough
        return Vocabulary(np.zeros((len(texts), 1), dtype=np.float32), sparse.csr_matrix((len(texts), 1), dtype=bool))
    alike = _alike(counted.get_feature_names_out().tolist(), encoder)
    has = sparse.csr_matrix(((weights > 0).astype(np.float32) @ (alike > 0).astype(np.float32)) > 0)
    return Vocabulary(_reduced(weights @ alike), has)


def _alike(words: Sequence[str], encoder: Encoder) -> sparse.csr_matrix:
    """The cosines of words that are alike (words, words), 0 elsewhere. What all words have in common is left out."""
    found = encoder.questions(words)
    with threadpool_limits(1):
        centred = unit(found - found.mean(axis=0)) if len(words) > 1 else found
        cosines = centred @ centred.T
    np.fill_diagonal(cosines, 1)
    return sparse.csr_matrix(np.where(cosines > _ALIKE, cosines, 0))


def _reduced(weights: sparse.csr_matrix) -> Floats:
    dimensions = min(_DIMENSIONS, weights.shape[1] - 1)
    if dimensions < 1:
        return np.zeros((weights.shape[0], 1), dtype=np.float32)
    with threadpool_limits(1):
        return unit(TruncatedSVD(dimensions, random_state=0).fit_transform(weights))


def keyword_coverage(groups: npt.NDArray[np.int64], has: sparse.csr_matrix, keywords: int) -> npt.NDArray[np.float64]:
    """For the groups 0, 1, … the share of their messages that have one of their `keywords` best words."""
    overall = np.asarray(has.mean(axis=0)).ravel()
    of_groups = (has[groups == number].toarray() for number in range(groups.max() + 1))
    return np.array([_coverage(of_group, overall, keywords) for of_group in of_groups])


def _coverage(has: npt.NDArray[np.bool_], overall: npt.NDArray[np.float64], keywords: int) -> float:
    """Words are chosen one by one: in many messages that no earlier one is in, and in few of other groups."""
    rarity = np.log1p(has.mean(axis=0) / np.maximum(overall, 1e-9))
    covered = np.zeros(len(has), dtype=bool)
    for _ in range(keywords):
        covered |= has[:, int(((has & ~covered[:, None]).mean(axis=0) * rarity).argmax())]
    return float(covered.mean())
