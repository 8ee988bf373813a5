"""The head over an encoder's vectors: a multinomial logistic regression, run with numpy alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ml.encoder.store import Encoder
from ml.onnx_model import Floats
from ml.speech_acts.acts import Act
from ml.speech_acts.features import features


class Head(NamedTuple):
    """`weights` (acts, features) and `bias` (acts,); features are not scaled. Probabilities are calibrated."""

    acts: tuple[str, ...]
    weights: Floats
    bias: Floats

    def probabilities(self, vectors: Floats) -> Floats:
        """(texts, features) to (texts, acts); each row sums to 1."""
        scores = vectors @ self.weights.T + self.bias
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)


class SpeechActs:
    """Predicts the acts of messages. Thread-safe."""

    def __init__(self, encoder: Encoder, head: Head) -> None:
        self._encoder = encoder
        self._head = head

    @property
    def version(self) -> str:
        """The version of the encoder that the head belongs to."""
        return self._encoder.version

    def predict(self, texts: Sequence[str]) -> list[Act]:
        """The act of each text, each by itself: what else is in the batch changes nothing."""
        if not texts:
            return []
        rows = self._head.probabilities(features(texts, self._encoder))
        return [_act(dict(zip(self._head.acts, map(float, row), strict=True))) for row in rows]


def _act(distribution: dict[str, float]) -> Act:
    name = max(distribution, key=distribution.__getitem__)
    return Act(name, distribution[name], distribution)
