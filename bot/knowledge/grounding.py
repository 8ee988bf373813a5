"""Checks a language model's answer against the passages; only an answer without findings is sent.

Numbers, dates, prices, links, addresses, codes and stemmed content words must all occur in the passages, and no
sentence may negate what its passage states, or state what it negates.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from psycopg2.extensions import cursor as Cursor  # noqa: N812

from bot.deciding.vocabulary import words
from ml.slang import expand
from warehouse.connection import read_sql
from warehouse.i18n import Language

_SQL = Path(__file__).parent / "sql" / "stems.sql"

_CONFIGURATIONS: dict[Language, str] = {"id": "indonesian", "en": "english"}
_LINK = re.compile(
    r"(?:https?://|www\.)\S+|\S+@\S+\.\S+|\b[\w-]+\.(?:com|co|id|net|org|shop|store|me|ly|io)\b\S*", re.I
)
_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
_CODE = re.compile(r"(?=[\w-]*\d)(?=[\w-]*[^\W\d_])[\w-]{2,}")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_WORD = re.compile(r"[^\W\d_]+")
_ENDING_SIGNS = ".,;:!?)”\"'>"


Fault = Literal["link", "number", "word", "negation", "length"]
"""Why an answer is rejected."""


class Finding(NamedTuple):
    """`found`: how many faults of this kind there are."""

    reason: Fault
    found: int


def check(
    cursor: Cursor, answer: str, passages: Sequence[str], language: Language, shop_name: str = ""
) -> Finding | None:
    """The first fault, or None if the passages support the whole answer."""
    source = "\n".join(passages)
    checks: tuple[tuple[Fault, Callable[[str], set[str]]], ...] = (("link", _links), ("number", _numbers))
    for reason, found in checks:
        if invented := found(answer) - found(source):
            return Finding(reason, len(invented))
    sentences = [part for part in _SENTENCE.split(answer) if part.strip()]
    sources = [part for part in _SENTENCE.split(source) if part.strip()]
    stems = _stems(
        cursor, [*sentences, *sources, shop_name, " ".join(words("says_nothing") | words("negations"))], language
    )
    allowed = stems[-1] | stems[-2]
    answer_stems, source_stems = stems[: len(sentences)], stems[len(sentences) : -2]
    content = [each - allowed for each in answer_stems]
    # One invented word can make a promise.
    if invented_words := frozenset().union(*content) - frozenset().union(*source_stems):
        return Finding("word", len(invented_words))
    pairs = zip(sentences, content, strict=True)
    denied = sum(bool(each) and _denies(sentence, each, sources, source_stems) for sentence, each in pairs)
    return Finding("negation", denied) if denied else None


def _denies(
    sentence: str, content: frozenset[str], sources: Sequence[str], source_stems: Sequence[frozenset[str]]
) -> bool:
    """Whether a sentence and the passages' nearest sentence differ in negation. Of equally near ones any may agree."""
    shared = [len(content & each) for each in source_stems]
    nearest = [source for source, count in zip(sources, shared, strict=True) if count == max(shared)]
    return all(_is_negative(source) != _is_negative(sentence) for source in nearest)


def _is_negative(text: str) -> bool:
    written = expand(text.lower().replace("'", "").replace("’", ""))
    return bool(words("negations") & set(_WORD.findall(written)))


def _links(text: str) -> set[str]:
    return {link.casefold().rstrip(_ENDING_SIGNS).rstrip("/") for link in _LINK.findall(text)}


def _numbers(text: str) -> set[str]:
    """Numbers without separators (`150.000` is `150000`), and codes such as `HEMAT10`."""
    folded = unicodedata.normalize("NFKC", text)
    numbers = {re.sub(r"\D", "", number) for number in _NUMBER.findall(folded)}
    return numbers | {code.casefold() for code in _CODE.findall(folded)}


def _stems(cursor: Cursor, texts: Iterable[str], language: Language) -> list[frozenset[str]]:
    cursor.execute(
        read_sql(_SQL),
        {"texts": [expand(text) for text in texts], "configuration": _CONFIGURATIONS.get(language, "simple")},
    )
    return [frozenset(stems) for (stems,) in cursor.fetchall()]
