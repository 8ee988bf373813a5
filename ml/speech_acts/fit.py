"""Learns a head from labelled messages with scikit-learn, which serving does not need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import StratifiedGroupKFold
from threadpoolctl import threadpool_limits

from ml.encoder.store import DIMENSION, Encoder
from ml.onnx_model import Floats
from ml.speech_acts.acts import ACTS
from ml.speech_acts.dataset import Message, messages
from ml.speech_acts.features import features
from ml.speech_acts.head import Head

# Both chosen by the macro F1 of `python -m ml.speech_acts`. A hint weighs this many times as much as a number of the
# vector.
_INVERSE_REGULARISATION = 0.005
_WEIGHT_OF_HINTS = 2.0
_FOLDS = 5

Numbers = npt.NDArray[np.int64]


def fit(encoder: Encoder) -> Head:
    """A head for this encoder from all labelled messages; takes some seconds."""
    labelled = messages()
    return fit_features(features([message.text for message in labelled], encoder), labelled)


def fit_features(vectors: Floats, labelled: Sequence[Message]) -> Head:
    """A head from the features (messages, features) of labelled messages. Its probabilities are divided by the
    temperature that suits messages of groups that were not learned from."""
    held_out = np.zeros((len(labelled), len(ACTS)))
    for training, test in folds(labelled, seed=0):
        head = _regression(vectors[training], [labelled[number].act for number in training])
        held_out[test] = vectors[test] @ head.weights.T + head.bias
    temperature = _temperature(held_out, [ACTS.index(message.act) for message in labelled])
    acts, weights, bias = _regression(vectors, [message.act for message in labelled])
    return Head(acts, weights / temperature, bias / temperature)


def folds(labelled: Sequence[Message], seed: int) -> Iterator[tuple[Numbers, Numbers]]:
    """Positions for training and for testing; no group is in both, and all acts are in each."""
    acts, groups = [message.act for message in labelled], [message.group for message in labelled]
    return iter(StratifiedGroupKFold(_FOLDS, shuffle=True, random_state=seed).split(acts, acts, groups))


def _regression(vectors: Floats, acts: Sequence[str]) -> Head:
    """A regression on features of like scale, with the scale then moved into its weights."""
    mean, scale = vectors.mean(axis=0), vectors.std(axis=0) + 1e-6
    scale[DIMENSION:] /= _WEIGHT_OF_HINTS
    model = LogisticRegression(C=_INVERSE_REGULARISATION, max_iter=300)
    # With a matrix this small, threads of a busy machine wait for each other a hundred times longer than they compute.
    with threadpool_limits(1):
        model.fit((vectors - mean) / scale, [ACTS.index(act) for act in acts])
    weights = model.coef_ / scale
    return Head(ACTS, weights.astype(np.float32), (model.intercept_ - weights @ mean).astype(np.float32))


def _temperature(scores: npt.NDArray[np.float64], truth: Sequence[int]) -> float:
    def loss(temperature: float) -> float:
        powers = np.exp((scores - scores.max(axis=1, keepdims=True)) / temperature)
        return float(log_loss(truth, powers / powers.sum(axis=1, keepdims=True), labels=range(len(ACTS))))

    return float(minimize_scalar(loss, bounds=(0.3, 5.0), method="bounded").x)
