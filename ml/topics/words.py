"""The words of messages, and which of them say what a message is about."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml
from Sastrawi.StopWordRemover.StopWordRemoverFactory import StopWordRemoverFactory
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from ml import slang

_STOP_WORDS = Path(__file__).parent / "stop_words.yml"
_HIDDEN = re.compile(r"\[[A-Z]+_\d+\]|https?://\S+|www\.\S+|\S+@\S+|\w*\d\w*")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_FEWEST_LETTERS = 3
_FEWEST_WORDS = 2


def content_words(text: str) -> list[str]:
    """The words that say what a message is about, in lower case and written out, in order; no placeholders of masked
    data, links or anything with a digit."""
    found = _WORD.findall(_HIDDEN.sub(" ", slang.expand(text)).lower())
    return [word for word in found if len(word) >= _FEWEST_LETTERS and word not in stop_words()]


def says_something(text: str) -> bool:
    """Whether a message has at least two words, one of which says what it is about. Courtesies, numbers and pictures
    have none."""
    return len(_WORD.findall(_HIDDEN.sub(" ", text))) >= _FEWEST_WORDS and bool(content_words(text))


def is_nameable(word: str) -> bool:
    """Whether a word can name a topic. General verbs and adverbs cannot, although they may help to distinguish
    messages."""
    return len(word) >= _FEWEST_LETTERS and word not in stop_words() and word not in _unnameable()


def runs(text: str) -> list[list[str]]:
    """The content words of a text, in runs that end where other words stand or a sentence ends, so that pairs of words
    are neighbours as they were written."""
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
def _unnameable() -> frozenset[str]:
    return frozenset(word for words in _lists()["no_names"].values() for word in words.split())


@cache
def stop_words() -> frozenset[str]:
    """Words of both languages that say nothing of a topic: grammar, courtesies, forms of address."""
    listed = [word for words in _lists()["stop_words"].values() for word in words.split()]
    return frozenset([*StopWordRemoverFactory().get_stop_words(), *ENGLISH_STOP_WORDS, *listed])


@cache
def _lists() -> dict[str, dict[str, str]]:
    lists: dict[str, dict[str, str]] = yaml.safe_load(_STOP_WORDS.read_text(encoding="utf-8"))
    return lists
