"""The lines of a PDF page's text: joined where a word was divided, and judged whether they are text at all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_DIVIDED = re.compile(r"([^\W\d_]{2,})[-\u00ad\u2010]$")
_GOES_ON = re.compile(r"([^\W\d_]+)")
_GLYPH = re.compile(r"\(cid:\d+\)|/[gG]\d+\b|\ufffd")
_NUMBER = re.compile(r"\W*(?:rp|idr|usd|s\$|\$)?\W*[\d.,:/%+x()-]+\W*\w{0,4}\W*", re.IGNORECASE)
_VOWEL = re.compile(r"[aeiouy]", re.IGNORECASE)
_INSIDE = re.compile(r"[^\W_]+(?:[-'’./&@+][^\W_]+)*")
_SHORT = 3
_MIN_TOKENS = 5
# Of the letters of running text, a third or more are vowels in Indonesian and English.
_MIN_LETTERS = 25
_VOWELS = "aeiou"
_MIN_VOWELS = 0.22
_MAX_ODD = 0.5
_MAX_LOST = 0.2


def joined(lines: Sequence[str]) -> str:
    """Lines as one text. A word that was divided at a line's end is whole again; a word said twice keeps its hyphen
    (`barang-barang`)."""
    text = ""
    for line in lines:
        divided, rest = _DIVIDED.search(text), _GOES_ON.match(line)
        if divided and rest and line[0].islower():
            is_twice = rest[1].lower().startswith(divided[1].lower()[-len(rest[1]) :]) and text.endswith("-")
            text = text + line if is_twice else text[:-1] + line
        else:
            text = f"{text} {line}".strip()
    return text.replace("\u00ad", "")


def is_gibberish(text: str) -> bool:
    """Whether most of a page's text is no words: numbers of glyphs, or letters in place of others, as where a PDF does
    not say which letters its glyphs are."""
    tokens = text.split()
    if not tokens:
        return False
    lost = sum(len(found) for found in _GLYPH.findall(text)) + sum(map(_is_lost, text))
    if lost > _MAX_LOST * len("".join(tokens)):
        return True
    letters = [letter for token in tokens if token.isascii() for letter in token.lower() if letter.isalpha()]
    if len(letters) >= _MIN_LETTERS and sum(letter in _VOWELS for letter in letters) < _MIN_VOWELS * len(letters):
        return True
    return len(tokens) >= _MIN_TOKENS and sum(not _is_word(token) for token in tokens) > _MAX_ODD * len(tokens)


def _is_lost(character: str) -> bool:
    return unicodedata.category(character) in ("Co", "Cn") or (
        unicodedata.category(character) == "Cc" and character not in "\n\r\t"
    )


def _is_word(token: str) -> bool:
    """Whether it may be a word, a number or a mark. Latin words of more than three letters have a vowel."""
    stripped = token.strip(".,;:!?()[]{}\"'“”‘’«»…-–—•*/|&+=#@%$<>~")
    if not stripped or _NUMBER.fullmatch(token):
        return True
    if not _INSIDE.fullmatch(stripped):
        return False
    letters = "".join(filter(str.isalpha, stripped))
    return not letters.isascii() or len(letters) <= _SHORT or bool(_VOWEL.search(letters))
