"""Splits blocks into passages: the text under one heading, in pieces short enough for one reply."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.knowledge.reading.blocks import Block

MAX_LENGTH = 700
MAX_PASSAGES = 2_000

_BETWEEN_HEADINGS = " › "
_MAX_HEADING_LENGTH = 160
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")


class Text(NamedTuple):
    """A passage: the path of headings above it, if any, and at most 700 characters of text."""

    heading: str | None
    text: str


def passages(blocks: Sequence[Block]) -> list[Text]:
    """The passages of a file in order. Paragraphs under the same heading are joined as far as they fit."""
    found: list[Text] = []
    path: list[tuple[int, str]] = []
    waiting: list[str] = []
    for block in blocks:
        text = _clean(block.text)
        if not text:
            continue
        if block.level is None:
            waiting.append(text)
            continue
        found += _packed(path, waiting)
        path = [(level, title) for level, title in path if level < block.level] + [(block.level, text)]
        waiting = []
    return found + list(_packed(path, waiting))


def _packed(path: list[tuple[int, str]], paragraphs: list[str]) -> Iterator[Text]:
    heading = _BETWEEN_HEADINGS.join(title[:_MAX_HEADING_LENGTH] for _, title in path) or None
    piece = ""
    for part in (part for paragraph in paragraphs for part in _parts(paragraph)):
        if piece and len(piece) + 1 + len(part) > MAX_LENGTH:
            yield Text(heading, piece)
            piece = ""
        piece = f"{piece}\n{part}" if piece else part
    if piece:
        yield Text(heading, piece)


def _parts(paragraph: str) -> Iterator[str]:
    """The paragraph, cut after sentences, or after words if a sentence is too long."""
    if len(paragraph) <= MAX_LENGTH:
        yield paragraph
        return
    piece = ""
    for sentence in _SENTENCE_END.split(paragraph):
        for words in _cut(sentence):
            if piece and len(piece) + 1 + len(words) > MAX_LENGTH:
                yield piece
                piece = ""
            piece = f"{piece} {words}" if piece else words
    if piece:
        yield piece


def _cut(sentence: str) -> Iterator[str]:
    while len(sentence) > MAX_LENGTH:
        place = sentence.rfind(" ", 0, MAX_LENGTH + 1)
        place = place if place > 0 else MAX_LENGTH
        yield sentence[:place]
        sentence = sentence[place:].lstrip()
    yield sentence


def _clean(text: str) -> str:
    """Removes NUL, halves of broken emoji and repeated spaces."""
    text = text.replace("\x00", "").encode("utf-8", "ignore").decode()
    return "\n".join(line for line in (" ".join(line.split()) for line in text.splitlines()) if line)
