"""What a message becomes before any model reads it: the same for training and for scoring."""

from __future__ import annotations

import re

MAX_CHARACTERS = 1_000

_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_NUMBER = re.compile(r"\d(?:[\d.,\-]*\d){3,}")
_STRETCHED_LETTER = re.compile(r"([^\W\d_])\1{2,}")
_STRETCHED_MARK = re.compile(r"([^\w\s])\1{2,}")
_SPACE = re.compile(r"[\s\x00\ud800-\udfff]+")  # halves of a broken emoji are no text either


def prepare(text: str) -> str:
    """A message in lower case: links as `link`, long numbers as `0000`, stretched letters and marks shortened.

    A parcel's number or a phone number says nothing about the issue; left in, it would be most of the tokens.
    What follows the first 1,000 characters is not read.
    """
    text = _SPACE.sub(" ", text[:MAX_CHARACTERS]).strip().lower()
    text = _LINK.sub("link", text)
    text = _NUMBER.sub("0000", text)
    text = _STRETCHED_LETTER.sub(r"\1", text)
    return _STRETCHED_MARK.sub(r"\1\1", text)
