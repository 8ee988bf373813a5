"""Augments training messages with greetings, closings and typing mistakes, which do not change the labels."""

from __future__ import annotations

import random

_OPENINGS = (
    "kak,", "min", "gan", "halo kak", "permisi,", "assalamualaikum", "pagi min,", "siang kak", "sis,", "bang",
    "hi,", "hello,", "hey", "good morning,", "dear team,", "excuse me,", "hi admin,", "saya Andi,", "Budi here,",
    "saya Siti dari Bekasi,", "this is Maya,", "mas", "mbak", "kakk", "om",
)  # fmt: skip
_CLOSINGS = (
    "kak", "ya", "ya min", "makasih", "thanks", "please", "dong", "gan", "sis", "thx", "🙏", "ya kak", "mohon info",
    "terima kasih", "pls", "nih", "- Dewi", "mbak", "bro", "😊",
)  # fmt: skip
# Shares of the messages, 0 to 1, that are varied in each way.
_OPENING_SHARE = 0.3
_CLOSING_SHARE = 0.25
_TYPO_SHARE = 0.3
_NO_MARKS_SHARE = 0.15
_MARKS = str.maketrans("", "", ".,;:'\"-")


def vary(text: str, source: random.Random) -> str:
    """The message, randomly with an opening, a closing, a typing mistake or without punctuation."""
    if source.random() < _NO_MARKS_SHARE:
        text = text.translate(_MARKS) or text
    if source.random() < _TYPO_SHARE:
        text = _mistype(text, source)
    if source.random() < _OPENING_SHARE:
        text = f"{source.choice(_OPENINGS)} {text}"
    if source.random() < _CLOSING_SHARE:
        text = f"{text} {source.choice(_CLOSINGS)}"
    return text


def _mistype(text: str, source: random.Random) -> str:
    if len(text) < 8:
        return text
    place = source.randrange(1, len(text) - 1)
    before, here, after = text[:place], text[place], text[place + 1 :]
    return source.choice((before + after, before + here + here + after, before + after[0] + here + after[1:]))
