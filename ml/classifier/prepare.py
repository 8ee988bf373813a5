"""Normalises messages for training and scoring."""

from __future__ import annotations

import re

MAX_CHARACTERS = 1_000
"""Characters of a message that are read."""

_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_NUMBER = re.compile(r"\d(?:[\d.,\-]*\d){3,}")
_STRETCHED_LETTER = re.compile(r"([^\W\d_])\1{2,}")
_STRETCHED_MARK = re.compile(r"([^\w\s])\1{2,}")
_SPACE = re.compile(r"[\s\x00\ud800-\udfff]+")  # including halves of broken emoji


def prepare(text: str) -> str:
    """A message in lower case: links as `link`, long numbers as `0000`, stretched letters and marks shortened.

    Parcel and phone numbers say nothing about the issue but would be most of the tokens. Text after the first 1,000
    characters is ignored.
    """
    text = _SPACE.sub(" ", text[:MAX_CHARACTERS]).strip().lower()
    text = _LINK.sub("link", text)
    text = _NUMBER.sub("0000", text)
    text = _STRETCHED_LETTER.sub(r"\1", text)
    return _STRETCHED_MARK.sub(r"\1\1", text)
