"""The baseline without pretraining: character n-grams and linear SVMs."""

from __future__ import annotations

from collections.abc import Sequence

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.svm import LinearSVC

from ml.classifier.dataset import Message
from ml.classifier.evaluate import Answer, Predict
from ml.classifier.prepare import prepare


def baseline(messages: Sequence[Message]) -> Predict:
    """Train one SVM for the issue and one for the urgency."""
    texts = [prepare(message.text) for message in messages]
    issue = _pipeline().fit(texts, [message.issue for message in messages])
    urgency = _pipeline().fit(texts, [message.urgency for message in messages])

    def predict(unseen: Sequence[str]) -> list[Answer]:
        prepared = [prepare(text) for text in unseen]
        return [(str(a), str(b)) for a, b in zip(issue.predict(prepared), urgency.predict(prepared), strict=True)]

    return predict


def _pipeline() -> Pipeline:
    return make_pipeline(
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True), LinearSVC(class_weight="balanced")
    )
