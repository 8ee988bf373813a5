"""Texts as sentences, and the names in them."""

from __future__ import annotations

import re
import unicodedata

_SENTENCE = re.compile(r"(?<=[.!?…])[\"”')*]*\s+|\n+")
_BULLET = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s+")
_ABBREVIATION = re.compile(r"\b(jl|min|maks|max|dr|st|tel|telp|mr|mrs|ca|approx|a\.m|p\.m)\.(?=\s)", re.I)
_SPACES = re.compile(r"[^\S\n]+")
_NUMBERED = re.compile(r"(?<=\w\s)no\.\s*(?=\d)", re.I)  # else `No.` is a refusal
_NAME = re.compile(r"(?<=[\w,&)'/])\s([A-Z][a-z]{2,})\b")
_INITIALS = re.compile(r"(?<![\w-])[A-Z]{2,5}(?![\w-])")
_SHOUTED = 0.3


def sentences(text: str) -> list[str]:
    text = unicodedata.normalize("NFKC", text).replace("’", "'").replace("*", "")
    text = _SPACES.sub(" ", text)
    text = _NUMBERED.sub("nomor ", text)
    text = _ABBREVIATION.sub(lambda match: match[1].replace(".", ""), text)
    parts = (_BULLET.sub("", part).strip() for part in _SENTENCE.split(text))
    return [part for part in parts if part]


def names(text: str) -> set[str]:
    """Capitalised words within sentences and initials, in lower case."""
    found = {name for sentence in sentences(text) for name in _NAME.findall(sentence)}
    is_shouted = sum(map(str.isupper, text)) > _SHOUTED * len(text)
    initials = set() if is_shouted else set(_INITIALS.findall(text))
    return {name.lower() for name in found | initials}
