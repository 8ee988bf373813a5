"""Splits what a customer wrote in one go into separate requests."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.deciding import patterns
from bot.deciding.rules import fillers
from bot.vocabulary import words

MAX_REQUESTS = 5
_SENTENCE = re.compile(r"(?<=[?!.…])\s+|\n+")
# What joins two requests: "ongkir ke Medan berapa dan bisa COD?"
_JOINING = re.compile(
    r"[,;]\s+|\s+(?:dan|sama|terus|trus|trs|lalu|plus|and|also|then)\s+(?:juga\s+)?(?=\S)", re.IGNORECASE
)
_FOLLOWS_UP = re.compile(
    r"^\W*(?:(?:oh|ok\w*|oops|ups|duh|eh|maaf|sorry|kak|min)\W+){0,3}(?:kalau|kalo|klo|kl|terus|trus|trs|lalu|"
    r"dan|and|what about|how about|what if|yang|yg|eh|maksud\w*|i mean\w*|no|bukan|itu|that|it|those|sama)\b",
    re.IGNORECASE,
)
_MEASURE = re.compile(r"(\d)([A-Za-z]{1,5})\b")  # `12cm`
_OF_IT = re.compile(r"[a-z]{3,}nya")
_MAX_ELLIPTICAL = 2  # content words


class Request(NamedTuple):
    """`text`: as written; `words`: as patterns see them; `joint`: what joins it to the request before it in the same
    sentence."""

    text: str
    words: tuple[str, ...]
    joint: str = ""

    def joined_to(self, before: Request) -> Request:
        """Both as the one sentence that they were written as."""
        return Request(before.text + self.joint + self.text, before.words + self.words, before.joint)

    @property
    def content(self) -> tuple[str, ...]:
        """The words that say what it is about."""
        return tuple(word for word in self.words if word not in fillers() and word not in words("says_nothing"))

    @property
    def asks(self) -> bool:
        """Whether it has the form of a question."""
        return "?" in self.text or bool(words("asking") & set(self.words))

    @property
    def is_elliptical(self) -> bool:
        """Whether it may only be understood from what was said before."""
        return len(self.content) <= _MAX_ELLIPTICAL or self.follows_up

    @property
    def follows_up(self) -> bool:
        """Whether it begins as what goes on with something does."""
        return bool(_FOLLOWS_UP.match(self.text))

    @property
    def matter(self) -> str:
        """The text without the words by which it goes on with something: "Medan" of "and what about Medan"."""
        return _FOLLOWS_UP.sub("", self.text).strip() or self.text

    @property
    def refers_back(self) -> bool:
        """Whether it is elliptical or speaks of `it`, `that one`, or a thing with the ending `-nya`."""
        is_of_it = any(word in words("pronouns") or _OF_IT.fullmatch(word) for word in self.words)
        return self.is_elliptical or is_of_it

    @property
    def asks_whether_there_is(self) -> bool:
        """Whether it asks if the shop has something, and not which ones."""
        return bool(words("has") & set(self.words)) and not words("which") & set(self.words)


def split(texts: Sequence[str]) -> tuple[Request, ...]:
    """The requests of a burst in order; more than `MAX_REQUESTS` parts are one request, since nobody asks so much."""
    parts = [part for text in _whole(texts) for part in _parts(text)]
    if len(parts) > MAX_REQUESTS:
        parts = [("\n".join(part for part, _ in parts), "")]
    return tuple(Request(part, patterns.tokens(_MEASURE.sub(r"\1 \2", part)), joint) for part, joint in parts)


def _whole(texts: Sequence[str]) -> list[str]:
    """The messages; one that ends in the middle of a sentence is joined with the next."""
    found: list[str] = []
    for text in filter(str.strip, texts):
        last = patterns.tokens(found[-1])[-1:] if found else ()
        if last and last[0] in words("goes_on"):
            found[-1] += f" {text}"
        else:
            found.append(text)
    return found


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """The requests of a message, each with what joins it to the one before it in the same sentence."""
    for sentence in _SENTENCE.split(text):
        waiting, joined_by = "", ""
        for piece, joint in _pieces(sentence):
            if waiting and _can_stand_alone(waiting) and _can_stand_alone(piece):
                yield waiting.strip(), joined_by
                waiting, joined_by = piece, joint
            else:
                waiting += joint + piece
        if waiting.strip():
            yield waiting.strip(), joined_by


def _pieces(sentence: str) -> Iterator[tuple[str, str]]:
    """The pieces of a sentence, each with what joins it to the one before."""
    start, joint = 0, ""
    for found in _JOINING.finditer(sentence):
        yield sentence[start : found.start()], joint
        start, joint = found.end(), found[0]
    yield sentence[start:], joint


def _can_stand_alone(piece: str) -> bool:
    said = set(patterns.tokens(piece))
    return bool(said & words("asking")) or "?" in piece
