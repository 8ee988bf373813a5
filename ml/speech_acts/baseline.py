"""The baseline without pretraining and without hints: character n-grams and logistic regression."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from ml import slang
from ml.speech_acts.acts import ACTS
from ml.speech_acts.dataset import Message

Predict = Callable[[Sequence[str]], npt.NDArray[np.float64]]


def baseline(labelled: Sequence[Message]) -> Predict:
    """What maps texts to probabilities (texts, acts)."""
    model = make_pipeline(
        TfidfVectorizer(preprocessor=_prepare, analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2),
        LogisticRegression(C=10, max_iter=300),
    )
    model.fit([message.text for message in labelled], [ACTS.index(message.act) for message in labelled])
    return lambda texts: np.asarray(model.predict_proba(texts))


def _prepare(text: str) -> str:
    return slang.expand(text).lower()
