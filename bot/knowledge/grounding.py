"""Whether an answer says nothing but what passages say. What a language model words is only sent if this finds nothing.

Held against the passages: every number, date and price, link, address and code; every content word, stemmed; and for
each sentence whether it denies what the passage says, or says what the passage denies.
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

# Of the content words of an answer, this share has to stand in the passages. One invented word is enough to promise
# something, so there is no room; what a polite answer may add stands in `vocabulary.yml`.
MIN_SHARE = 1.0

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
"""Why an answer of the language model is thrown away."""


class Finding(NamedTuple):
    """`found`: how many of the fault there are."""

    reason: Fault
    found: int


def check(
    cursor: Cursor, answer: str, passages: Sequence[str], language: Language, shop_name: str = ""
) -> Finding | None:
    """None if every statement of the answer stands in the passages."""
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
    said, known = stems[: len(sentences)], stems[len(sentences) : -2]
    everything = frozenset().union(*known) | allowed
    content = [each - allowed for each in said]
    invented_words = {word for each in content for word in each} - everything
    total = len({word for each in content for word in each})
    if total and 1 - len(invented_words) / total < MIN_SHARE:
        return Finding("word", len(invented_words))
    denied = [
        number for number, each in enumerate(content) if each and _denies(sentences[number], each, sources, known)
    ]
    return Finding("negation", len(denied)) if denied else None


def _denies(sentence: str, content: frozenset[str], sources: Sequence[str], known: Sequence[frozenset[str]]) -> bool:
    """Whether a sentence is a no where the sentence of the passages that it is nearest to is a yes, or the other way
    round. Of equally near ones any may agree."""
    shared = [len(content & each) for each in known]
    nearest = [source for source, count in zip(sources, shared, strict=True) if count == max(shared)]
    return all(_is_negative(source) != _is_negative(sentence) for source in nearest)


def _is_negative(text: str) -> bool:
    written = expand(text.lower().replace("'", "").replace("’", ""))
    return bool(words("negations") & set(_WORD.findall(written)))


def _links(text: str) -> set[str]:
    return {link.casefold().rstrip(_ENDING_SIGNS).rstrip("/") for link in _LINK.findall(text)}


def _numbers(text: str) -> set[str]:
    """Numbers without the signs in them (`150.000` is `150000`), and codes such as `HEMAT10`."""
    folded = unicodedata.normalize("NFKC", text)
    numbers = {re.sub(r"\D", "", number) for number in _NUMBER.findall(folded)}
    return numbers | {code.casefold() for code in _CODE.findall(folded)}


def _stems(cursor: Cursor, texts: Iterable[str], language: Language) -> list[frozenset[str]]:
    cursor.execute(
        read_sql(_SQL),
        {"texts": [expand(text) for text in texts], "configuration": _CONFIGURATIONS.get(language, "simple")},
    )
    return [frozenset(stems) for (stems,) in cursor.fetchall()]
