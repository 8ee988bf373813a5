"""A logistic regression on the encoder's vectors, which needs far fewer texts than words do."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import StratifiedGroupKFold
from threadpoolctl import threadpool_limits

from ml import slang
from ml.classifier.prepare import prepare
from ml.encoder.store import Encoder
from ml.onnx_model import Floats
from ml.sentiment.linear import Linear, Numbers, softmax

# Chosen by macro F1 on groups of training texts that were not learned from; 0.002 to 0.01 differ by less than 0.01.
_INVERSE_REGULARISATION = 0.005
_FOLDS = 5


def vectors(texts: Sequence[str], encoder: Encoder) -> Floats:
    """The texts as (texts, 384)."""
    return encoder.questions([expanded(text) for text in texts])


def expanded(text: str) -> str:
    """A text as the encoder reads it: everyday spelling written out, links and long numbers shortened."""
    return slang.expand(prepare(text))


def fit(features: Floats, sentiments: Sequence[str], classes: Sequence[str], groups: Sequence[str]) -> Linear:
    """Learn from vectors (texts, 384). The probabilities are those that suit texts of other groups."""
    truth = np.array([classes.index(sentiment) for sentiment in sentiments])
    held_out = np.zeros((len(truth), len(classes)))
    folds = StratifiedGroupKFold(_FOLDS, shuffle=True, random_state=0)
    for training, test in folds.split(truth, truth, groups):
        learned = _regression(features[training], truth[training])
        held_out[test] = features[test] @ learned.weights.T + learned.bias
    temperature = _temperature(held_out, truth)
    weights, bias = _regression(features, truth)
    return Linear(weights / temperature, bias / temperature)


def _regression(features: Floats, truth: Numbers) -> Linear:
    """A regression on features of like scale, with the scale then moved into its weights."""
    mean, scale = features.mean(axis=0), features.std(axis=0) + 1e-6
    model = LogisticRegression(C=_INVERSE_REGULARISATION, max_iter=500, class_weight="balanced")
    # Threads of a busy machine wait for each other far longer than a matrix this small takes.
    with threadpool_limits(1):
        model.fit((features - mean) / scale, truth)
    coefficients, bias = model.coef_, model.intercept_
    if len(coefficients) == 1:  # two classes have one score, which speaks for the second
        coefficients, bias = np.vstack([np.zeros_like(coefficients), coefficients]), np.array([0.0, bias[0]])
    weights = coefficients / scale
    return Linear(weights.astype(np.float32), (bias - weights @ mean).astype(np.float32))


def _temperature(scores: Numbers, truth: Numbers) -> float:
    def loss(temperature: float) -> float:
        return float(log_loss(truth, softmax(scores / temperature), labels=range(scores.shape[1])))

    return float(minimize_scalar(loss, bounds=(0.2, 5.0), method="bounded").x)
