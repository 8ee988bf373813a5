"""A linear model over features, with probabilities: what both ways of predicting a sentiment end in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

Numbers = npt.NDArray[np.float64]


class Linear(NamedTuple):
    """`weights` (classes, features) and `bias` (classes,). Probabilities are calibrated."""

    weights: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]

    def probabilities(self, features: csr_matrix | npt.NDArray[np.float32]) -> Numbers:
        """(texts, features) to (texts, classes); each row sums to 1."""
        return softmax(np.asarray(features @ self.weights.T.astype(np.float64) + self.bias, dtype=np.float64))


def calibrated(weights: Numbers, bias: Numbers, held_out: Numbers, truth: Sequence[int]) -> Linear:
    """Scores (weights and bias, one row per score) turned into probabilities by a logistic regression on scores
    (texts, scores) of texts that the model did not learn from, as Platt does with one score."""
    regression = LogisticRegression(C=10.0, max_iter=500).fit(held_out, truth)
    to_classes, shift = regression.coef_, regression.intercept_
    if len(to_classes) == 1:  # two classes have one score, which speaks for the second
        to_classes, shift = np.vstack([np.zeros_like(to_classes), to_classes]), np.array([0.0, shift[0]])
    return Linear((to_classes @ weights).astype(np.float32), (to_classes @ bias + shift).astype(np.float32))


def softmax(scores: Numbers) -> Numbers:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
