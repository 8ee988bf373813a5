"""Finds the passages that answer a question, by their words and by their meaning.

`python -m benchmarks.retrieval` measures how often that is right, and fitted the numbers below.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import exp
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import psycopg2.extensions

from ml.encoder.store import Encoder
from ml.slang import expand
from warehouse.connection import read_sql

Way = Literal["words", "meaning"]

# The least score of a passage that answers. Logistic regression of the share of the question's words that a passage
# has, weighted by rarity, and the cosine; fitted on questions in tests/data/knowledge.
FITS = 0.7
_BY_BOTH = (4.41, 52.89, -46.05)
_BY_WORDS = (6.36, -2.3)

_SQL = Path(__file__).parent / "sql"
_WORD = re.compile(r"[^\W_]+")
_MAX_QUESTION_LENGTH = 1_000
_MAX_WORDS = 40
_CANDIDATES = 20


@dataclass(frozen=True)
class Passage:
    """`score`: the probability that it answers, 0 to 1; `fits`: whether that is enough; `heading`: the path of headings
    above it."""

    id: int
    document_id: int
    document_name: str
    heading: str | None
    text: str
    language: str
    score: float
    found_by: tuple[Way, ...]

    @property
    def fits(self) -> bool:
        return self.score >= FITS


def search(
    cursor: psycopg2.extensions.cursor,
    store_id: str,
    question: str,
    encoder: Encoder | None,
    limit: int = 4,
    ways: Sequence[Way] = ("words", "meaning"),
) -> list[Passage]:
    """The store's passages nearest to a question, best first, including those that do not fit, for explanations.
    Without an encoder the search is by words only. `ways`: what to search by."""
    written = expand(question[:_MAX_QUESTION_LENGTH].replace("\x00", ""))
    has_meaning = encoder is not None and "meaning" in ways
    values = {
        "store_id": store_id,
        "words": words_asked(written) if "words" in ways else [],
        "question": as_vector(encoder.question(written)) if encoder and has_meaning else None,
        "encoder_version": encoder.version if encoder and has_meaning else None,
        "candidates": _CANDIDATES,
        "limit": limit,
    }
    cursor.execute(read_sql(_SQL / "search_passages.sql"), values)
    return [_passage(row) for row in cursor.fetchall()]


def words_asked(written: str) -> list[str]:
    """The distinct words of a question without stop words."""
    words = dict.fromkeys(_WORD.findall(written.lower()))
    return [word for word in words if word not in _stop_words() and (len(word) > 1 or word.isdigit())][:_MAX_WORDS]


def as_vector(numbers: npt.NDArray[np.float32]) -> str:
    """A vector in pgvector's text format."""
    return "[" + ",".join(f"{number:.7g}" for number in numbers) + "]"


def _passage(row: tuple[Any, ...]) -> Passage:
    id_, document_id, document_name, heading, text, language, coverage, cosine, words_rank, meaning_rank = row
    ranks: dict[Way, int | None] = {"words": words_rank, "meaning": meaning_rank}
    found_by = tuple(way for way, rank in ranks.items() if rank)
    return Passage(id_, document_id, document_name, heading, text, language, _score(coverage, cosine), found_by)


def _score(coverage: float, cosine: float | None) -> float:
    if cosine is None:
        by_words, constant = _BY_WORDS
        return _logistic(by_words * coverage + constant)
    by_words, by_meaning, constant = _BY_BOTH
    return _logistic(by_words * coverage + by_meaning * cosine + constant)


def _logistic(value: float) -> float:
    return 1 / (1 + exp(-value))


@cache
def _stop_words() -> frozenset[str]:
    return frozenset((Path(__file__).parent / "stop_words.txt").read_text().split())
