"""Finds the passages that answer a question, by their words and by their meaning.

`python -m benchmarks.retrieval` and `python -m benchmarks.dialogues` measure how often that is right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import psycopg2.extensions

from bot.knowledge import text
from ml.encoder.store import Encoder
from ml.language import UNKNOWN, languages
from ml.slang import expand
from warehouse.connection import read_sql
from warehouse.i18n import Language

Way = Literal["words", "meaning"]

# The least score of a passage that answers. Logistic regression of the share of the question's words that a passage
# has, weighted by rarity; the cosine; the share that its best sentence has; and whether it is in another language than
# the question. Fitted on the dialogues of plants and bicycles in benchmarks/dialogues; those of toys are held out.
FITS = 0.22
_BY_BOTH = (1.63, 18.94, 1.75, 0.7, -18.53)
_BY_WORDS = (4.5, 1.9, -4.66)

_SQL = Path(__file__).parent / "sql"
_MAX_QUESTION_LENGTH = 1_000
_CANDIDATES = 20  # by words and by meaning each
_CONSIDERED = 8  # of both together


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
    is_product: bool = False

    @property
    def fits(self) -> bool:
        return self.score >= FITS


def search(
    cursor: psycopg2.extensions.cursor,
    store_id: str,
    question: str,
    encoder: Encoder | None,
    language: Language | None = None,
    limit: int = 4,
    ways: Sequence[Way] = ("words", "meaning"),
) -> list[Passage]:
    """The store's passages nearest to a question, best first, including those that do not fit, for explanations.
    Without an encoder the search is by words only. `language`: the question's, detected if None; `ways`: what to search
    by."""
    asked_in = language or languages([question])[0]
    written = expand(question[:_MAX_QUESTION_LENGTH].replace("\x00", ""))
    has_meaning = encoder is not None and "meaning" in ways
    values = {
        "store_id": store_id,
        "words": text.with_synonyms(text.words_asked(written)) if "words" in ways else [],
        "question": as_vector(encoder.question(written)) if encoder and has_meaning else None,
        "encoder_version": encoder.version if encoder and has_meaning else None,
        "candidates": _CANDIDATES,
        "limit": _CONSIDERED,
    }
    cursor.execute(read_sql(_SQL / "search_passages.sql"), values)
    found = [_passage(row, text.stems_asked(written), asked_in) for row in cursor.fetchall()]
    return sorted(found, key=lambda passage: -passage.score)[:limit]


def as_vector(numbers: npt.NDArray[np.float32]) -> str:
    """A vector in pgvector's text format."""
    return "[" + ",".join(f"{number:.7g}" for number in numbers) + "]"


def _passage(row: tuple[Any, ...], asked: Sequence[frozenset[str]], question_language: Language) -> Passage:
    id_, document_id, name, is_product, heading, body, language, coverage, cosine, words_rank, meaning_rank = row
    ranks: dict[Way, int | None] = {"words": words_rank, "meaning": meaning_rank}
    found_by = tuple(way for way, rank in ranks.items() if rank)
    score = _score(coverage, cosine, _best_share(heading, body, asked), language not in (question_language, UNKNOWN))
    return Passage(id_, document_id, name, heading, body, language, score, found_by, is_product)


def _best_share(heading: str | None, body: str, asked: Sequence[frozenset[str]]) -> float:
    """The largest share of the question's words that the heading has together with one of the sentences."""
    above = text.stems(heading or "")
    said = [above | text.stems(unit) for unit in text.units_of(body)]
    return max((sum(bool(word & own) for word in asked) / len(asked) for own in said if asked), default=0)


def _score(coverage: float, cosine: float | None, best_share: float, is_foreign: bool) -> float:
    if cosine is None:
        by_words, by_sentence, constant = _BY_WORDS
        return _logistic(by_words * coverage + by_sentence * best_share + constant)
    by_words, by_meaning, by_sentence, foreign, constant = _BY_BOTH
    return _logistic(
        by_words * coverage + by_meaning * cosine + by_sentence * best_share + foreign * is_foreign + constant
    )


def _logistic(value: float) -> float:
    return 1 / (1 + exp(-value))
