"""The words of questions and the sentences of texts, as the search compares them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from ml.slang import expand

_MAX_WORDS = 40
_MIN_WRAPPED = 50  # characters of a line that may go on in the next
_WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+")
_MEASURED = re.compile(r"\d\s?([^\W\d_]+)")
_ENDS = re.compile(r"(?<=[.!?])(?<!\bJl\.)(?<!\bNo\.)(?<!\bGg\.)(?<!a\.n\.)(?<!\bDr\.)\s+|\n+", re.IGNORECASE)
_LABEL = re.compile(r"[^.!?:;]{1,40}: \S")
_STARTS_ROW = re.compile(r"\s*(?:[-•*–]|\d+[.)]\s)")
_SUFFIXES = ("nya", "kan", "an", "ing", "es", "s", "ed", "i")


def words_asked(written: str) -> list[str]:
    """The distinct words of a question without stop words."""
    words = dict.fromkeys(_WORD.findall(written.lower()))
    return [word for word in words if word not in _stop_words() and (len(word) > 1 or word.isdigit())][:_MAX_WORDS]


def with_synonyms(words: Sequence[str]) -> list[str]:
    """Each word with those that mean nearly the same in either language, as one string of words."""
    return [" ".join(dict.fromkeys((word, *_synonyms(word)))) for word in words]


def stems_asked(question: str) -> list[frozenset[str]]:
    """For each word of a question its stem and those of words that mean nearly the same."""
    groups = with_synonyms(words_asked(expand(question)))
    return [frozenset(_stem(word) for word in group.split()) for group in groups]


def units_asked(question: str) -> frozenset[str]:
    """The units of measure in which an answer may be given: `cm` for how tall something is."""
    asked = frozenset(_WORD.findall(expand(question).lower()))
    return frozenset().union(*(units for words, units in _measures() if words & asked))


def has_measure(text: str, units: frozenset[str]) -> bool:
    """Whether a number with one of these units, or a size such as `60 x 80`, stands in a text."""
    return any(unit.lower() in units for unit in _MEASURED.findall(text))


def stems(text: str) -> frozenset[str]:
    return frozenset(_stem(word) for word in _WORD.findall(expand(text).lower()))


def units_of(text: str) -> list[str]:
    """The sentences and rows of a text. Lines that were only wrapped are joined."""
    lines: list[str] = []
    for line in text.splitlines():
        if lines and _goes_on(lines[-1], line):
            lines[-1] += f" {line.strip()}"
        else:
            lines.append(line.strip())
    return [unit.strip() for line in lines for unit in _ENDS.split(line) if unit.strip()]


def _goes_on(line: str, following: str) -> bool:
    if line.rstrip().endswith((".", "!", "?", ":", ";")) or _STARTS_ROW.match(following) or _LABEL.match(following):
        return False
    is_wrapped = len(line) >= _MIN_WRAPPED and not _LABEL.match(line)
    return is_wrapped or following.strip()[:1].islower()


def _stem(word: str) -> str:
    for ending in _SUFFIXES:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word


@cache
def _stop_words() -> frozenset[str]:
    return frozenset((Path(__file__).parent / "stop_words.txt").read_text().split())


def names_of_goods(word: str) -> tuple[str, ...]:
    """The words that call a thing what this word does, in either language."""
    return _groups("goods.txt").get(_without_ending(word), ())


@cache
def known_words() -> frozenset[str]:
    """The words of five letters and more that the search has synonyms of."""
    groups = (*_groups("synonyms.txt").values(), *_groups("goods.txt").values())
    return frozenset(word for group in groups for word in group if len(word) >= 5 and word.isalpha())


def _synonyms(word: str) -> tuple[str, ...]:
    return (*_groups("synonyms.txt").get(_without_ending(word), ()), *names_of_goods(word))


@cache
def _measures() -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    """The words that ask for a measure, with its units."""
    lines = (Path(__file__).parent / "measures.txt").read_text(encoding="utf-8").splitlines()
    parts = [line.split(" : ") for line in lines if not line.startswith("#")]
    return tuple((frozenset(words.split()), frozenset(units.split())) for words, units in parts)


@cache
def _groups(file: str) -> dict[str, tuple[str, ...]]:
    """The words of a word's groups."""
    lines = (Path(__file__).parent / file).read_text(encoding="utf-8").splitlines()
    found: dict[str, list[str]] = {}
    for group in (line.split() for line in lines if not line.startswith("#")):
        for word in group:
            found.setdefault(_without_ending(word), []).extend(group)
    return {word: tuple(group) for word, group in found.items()}


def _without_ending(word: str) -> str:
    return word.removesuffix("nya") if len(word) > 5 else word
