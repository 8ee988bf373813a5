"""A linear support vector machine on TF-IDF of words, pairs of words and character n-grams."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.svm import LinearSVC
from threadpoolctl import threadpool_limits

from ml.sentiment.linear import Linear, Numbers, calibrated
from ml.sentiment.preprocess import steps

_CS = (0.1, 0.3, 1.0, 3.0)
_FOLDS = 5
_LEAST_TEXTS = 2  # a term of one text only says nothing about others


class Terms(NamedTuple):
    """What a vectorizer learned: its terms in the order of their features, and their weights (inverse document
    frequencies)."""

    vocabulary: tuple[str, ...]
    idf: npt.NDArray[np.float64]


class Svm(NamedTuple):
    """A learned model. `c` is the parameter that cross-validation chose."""

    classes: tuple[str, ...]
    words: Terms
    characters: Terms
    linear: Linear
    c: float

    def probabilities(self, texts: Sequence[str]) -> Numbers:
        """(texts, classes); each row sums to 1."""
        return self.linear.probabilities(
            _features(texts, _restored(_words(), self.words), _restored(_characters(), self.characters))
        )


def fit(
    texts: Sequence[str], sentiments: Sequence[str], classes: Sequence[str], groups: Sequence[str] | None = None
) -> Svm:
    """Learn from texts. Cross-validation, which keeps texts of a group together, chooses C by macro F1, and its
    held-out scores calibrate the probabilities."""
    truth = np.array([classes.index(sentiment) for sentiment in sentiments])
    words, characters = _words(), _characters()
    prepared = _prepared(texts)
    with threadpool_limits(1):
        features = csr_matrix(hstack([words.fit_transform(prepared), characters.fit_transform(prepared)]))
        held_out = {
            c: _held_out(features, truth, c, groups or [str(number) for number in range(len(texts))]) for c in _CS
        }
        best = max(_CS, key=lambda c: _macro_f1(truth, held_out[c]))
        model = _svc(best).fit(features, truth)
    linear = calibrated(model.coef_, model.intercept_, held_out[best], truth.tolist())
    return Svm(tuple(classes), _learned(words), _learned(characters), linear, best)


def _held_out(features: csr_matrix, truth: npt.NDArray[np.int64], c: float, groups: Sequence[str]) -> Numbers:
    """Scores (texts, scores) by models that did not learn from the text's group. TF-IDF knows all texts: it reads no
    sentiments, and C is chosen among four values only."""
    scores = np.zeros((len(truth), 1 if len(set(truth.tolist())) == 2 else len(set(truth.tolist()))))
    folds = StratifiedGroupKFold(_FOLDS, shuffle=True, random_state=0)
    for training, test in folds.split(truth, truth, groups):
        found = _svc(c).fit(features[training], truth[training]).decision_function(features[test])
        scores[test] = found.reshape(len(test), -1)
    return scores


def _macro_f1(truth: npt.NDArray[np.int64], scores: Numbers) -> float:
    predicted = scores.argmax(axis=1) if scores.shape[1] > 1 else (scores[:, 0] > 0).astype(int)
    return float(f1_score(truth, predicted, average="macro"))


def _svc(c: float) -> LinearSVC:
    return LinearSVC(C=c, class_weight="balanced")


def _features(texts: Sequence[str], words: TfidfVectorizer, characters: TfidfVectorizer) -> csr_matrix:
    prepared = _prepared(texts)
    return csr_matrix(hstack([words.transform(prepared), characters.transform(prepared)]))


def _prepared(texts: Sequence[str]) -> list[str]:
    """Everyday spelling written out, with stop words and unstemmed, which predicts best: see README.md."""
    return [" ".join(steps(text).normalised) for text in texts]


def _words() -> TfidfVectorizer:
    return TfidfVectorizer(
        lowercase=False, tokenizer=str.split, token_pattern=None, ngram_range=(1, 2), sublinear_tf=True
    )


def _characters() -> TfidfVectorizer:
    return TfidfVectorizer(
        lowercase=False, analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=_LEAST_TEXTS
    )


def _learned(vectorizer: TfidfVectorizer) -> Terms:
    return Terms(tuple(map(str, vectorizer.get_feature_names_out())), np.asarray(vectorizer.idf_))


def _restored(vectorizer: TfidfVectorizer, terms: Terms) -> TfidfVectorizer:
    vectorizer.set_params(vocabulary={term: number for number, term in enumerate(terms.vocabulary)})
    vectorizer.idf_ = terms.idf
    return vectorizer
