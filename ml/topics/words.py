"""The words of messages, and which of them say what a message is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import yaml
from Sastrawi.StopWordRemover.StopWordRemoverFactory import StopWordRemoverFactory
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfVectorizer
from threadpoolctl import threadpool_limits

from ml import slang
from ml.onnx_model import Floats
from ml.topics.space import unit

_STOP_WORDS = Path(__file__).parent / "stop_words.yml"
_HIDDEN = re.compile(r"\[[A-Z]+_\d+\]|https?://\S+|www\.\S+|\S+@\S+|\w*\d\w*")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_FEWEST_LETTERS = 3
_FEWEST_WORDS = 2
_FEWEST_TEXTS = 3
_WORD_DIMENSIONS = 100


def content_words(text: str) -> list[str]:
    """The words that say what a message is about, in lower case and written out, in order; no placeholders of masked
    data, links or anything with a digit."""
    found = _WORD.findall(_HIDDEN.sub(" ", slang.expand(text)).lower())
    return [word for word in found if len(word) >= _FEWEST_LETTERS and word not in stop_words()]


def says_something(text: str) -> bool:
    """Whether a message has at least two words, one of which says what it is about. Courtesies, numbers and pictures
    have none."""
    return len(_WORD.findall(_HIDDEN.sub(" ", text))) >= _FEWEST_WORDS and bool(content_words(text))


def runs(texts: Sequence[str]) -> list[str]:
    """The content words of each text with line breaks where other words stood between them or a sentence ended, so that
    pairs of words are neighbours as they were written."""
    return ["\n".join(" ".join(run) for run in _runs(text)) for text in texts]


def word_vectors(texts: Sequence[str]) -> Floats:
    """The texts by which of their words are rare among them, as (texts, at most 100), rows of length 1 or 0."""
    counted = TfidfVectorizer(analyzer=content_words, min_df=_FEWEST_TEXTS, sublinear_tf=True)
    try:
        weights = counted.fit_transform(texts)
    except ValueError:  # no word is frequent enough
        return np.zeros((len(texts), 1), dtype=np.float32)
    dimensions = min(_WORD_DIMENSIONS, weights.shape[1] - 1)
    if dimensions < 1:
        return np.zeros((len(texts), 1), dtype=np.float32)
    with threadpool_limits(1):
        return unit(TruncatedSVD(dimensions, random_state=0).fit_transform(weights))


def _runs(text: str) -> list[list[str]]:
    parts = re.split(r"[.,;:!?()\n]+", _HIDDEN.sub(" , ", slang.expand(text)).lower())
    found: list[list[str]] = []
    for part in parts:
        found.append([])
        for word in _WORD.findall(part):
            if len(word) >= _FEWEST_LETTERS and word not in stop_words():
                found[-1].append(word)
            else:
                found.append([])
    return [run for run in found if run]


@cache
def stop_words() -> frozenset[str]:
    """Words of both languages that say nothing of a topic: grammar, courtesies, forms of address."""
    own = yaml.safe_load(_STOP_WORDS.read_text(encoding="utf-8"))
    listed = [word for words in own.values() for word in words.split()]
    return frozenset([*StopWordRemoverFactory().get_stop_words(), *ENGLISH_STOP_WORDS, *listed])
