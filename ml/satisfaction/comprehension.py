"""Comprehension: the share of a customer's turns that repeat no earlier turn and got no fallback.

A turn is a repetition if one of its messages is nearly the same as one of an earlier turn of the episode: 80 % of the
words in any order, or 90 % of the letters in order, or all of fewer than three words. Messages are compared after
`prepare`, without greetings, thanks, numbers and punctuation, and with uniform spelling (`data/repetition.yml`). They
differ if one has "belum" and the other "sudah", or if each has another long number. A message without words, such as a
picture or "ok kak", is no repetition.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from ml.classifier.prepare import MAX_CHARACTERS, prepare

SHARED_WORDS = 0.8
"""The least share of words, 0 to 1, that makes two messages nearly the same."""

SHARED_LETTERS = 0.9
"""The same for letters in order."""

MIN_WORDS = 3
"""A message of fewer words is the same only if all are."""

_FILE = Path(__file__).parent / "data" / "repetition.yml"
_WORD = re.compile(r"[^\W\d_]+")
_LONG_NUMBER = re.compile(r"\d{4,}")
_APOSTROPHE = re.compile("n['’]t\\b")


class Turn(NamedTuple):
    """A customer's messages until the next reply, and whether that was a fallback."""

    texts: tuple[str, ...]
    met_fallback: bool


class _Content(NamedTuple):
    words: tuple[str, ...]
    numbers: frozenset[str]


def comprehension(turns: Sequence[Turn]) -> float | None:
    """The share in percent, 0 to 100, of an episode's turns in order; None without turns."""
    if not turns:
        return None
    understood = [
        not turn.met_fallback and not repeats for turn, repeats in zip(turns, repetitions(turns), strict=True)
    ]
    return 100 * sum(understood) / len(turns)


def repetitions(turns: Sequence[Turn]) -> Iterator[bool]:
    """Whether each turn repeats an earlier one."""
    earlier: list[_Content] = []
    for turn in turns:
        contents = [content for text in turn.texts if (content := _content(text)).words]
        yield any(_nearly_the_same(new, old) for new in contents for old in earlier)
        earlier += contents


def _content(text: str) -> _Content:
    prepared = _APOSTROPHE.sub(" not", prepare(text))
    words = (_spellings().get(word, word) for word in _WORD.findall(prepared))
    numbers = frozenset(_LONG_NUMBER.findall(text[:MAX_CHARACTERS]))
    return _Content(tuple(word for word in words if word not in _word_set("courtesies")), numbers)


def _nearly_the_same(one: _Content, other: _Content) -> bool:
    if one.numbers and other.numbers and not one.numbers & other.numbers:
        return False
    one_turns, other_turns = set(one.words) & _word_set("turns"), set(other.words) & _word_set("turns")
    if (one_turns or other_turns) and not one_turns & other_turns:
        return False
    if min(len(one.words), len(other.words)) < MIN_WORDS:
        return sorted(one.words) == sorted(other.words)
    shared = (Counter(one.words) & Counter(other.words)).total()
    if 2 * shared >= SHARED_WORDS * (len(one.words) + len(other.words)):
        return True
    letters = SequenceMatcher(None, " ".join(one.words), " ".join(other.words), autojunk=False)
    return letters.real_quick_ratio() >= SHARED_LETTERS and letters.ratio() >= SHARED_LETTERS


@cache
def _vocabulary() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(_FILE.read_text())
    return found


@cache
def _word_set(name: str) -> frozenset[str]:
    return frozenset(_vocabulary()[name].split())


@cache
def _spellings() -> dict[str, str]:
    return {way: word for word, ways in _vocabulary()["spellings"].items() for way in ways.split()}
