"""Expands everyday spelling by the words of `slang.yml`: `gmn cara tf` becomes `bagaimana cara transfer`."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

FILE = Path(__file__).parent / "slang.yml"
# Links and e-mail addresses are kept.
_WORD = re.compile(r"(?P<kept>https?://\S+|www\.\S+|\S+@\S+)|[^\W_]+", re.IGNORECASE)
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_DOUBLED = re.compile(r"([^\W\d_]{3,})2(nya|an)?")
_AFTER_NUMBER = re.compile(r"\d[\s.,]*$")
_ENDINGS = ("nya", "ny", "ku", "mu")
_MIN_LETTERS = 3  # keeps sizes such as XXXL


class _Spelling(NamedTuple):
    phrases: re.Pattern[str]
    words: dict[str, str]
    units: frozenset[str]


def expand(text: str) -> str:
    """The text with slang expanded in lower case and other words unchanged. Idempotent."""
    known = _spelling()
    text = known.phrases.sub(lambda match: known.words[" ".join(match[0].lower().split())], text)
    return _WORD.sub(lambda match: match[0] if match["kept"] else _written(match, known), text)


def _written(match: re.Match[str], known: _Spelling) -> str:
    word = _shortened(match[0])
    typed = word.lower()
    if typed in known.units and _AFTER_NUMBER.search(match.string, 0, match.start()):
        return word
    if typed in known.words:
        return known.words[typed]
    if doubled := _DOUBLED.fullmatch(typed):
        stem = known.words.get(doubled[1], doubled[1])
        return f"{stem}-{stem}{doubled[2] or ''}"
    return _with_ending(typed, known) or word


def _shortened(word: str) -> str:
    """`bangettt` becomes `banget`."""
    shortened = _STRETCHED.sub(r"\1", word)
    return shortened if len(shortened) >= _MIN_LETTERS else word


def _with_ending(typed: str, known: _Spelling) -> str | None:
    """`ongkirnya` becomes `ongkos kirimnya`; None if it is not slang with an ending."""
    for ending in _ENDINGS:
        stem = typed.removesuffix(ending)
        if stem != typed and len(stem) >= _MIN_LETTERS and stem in known.words:
            return known.words[stem] + ("nya" if ending == "ny" else ending)
    return None


@cache
def _spelling() -> _Spelling:
    content = yaml.safe_load(FILE.read_text())
    words = {typed: written for written, ways in content["words"].items() for typed in ways}
    phrases = "|".join(re.escape(typed).replace(r"\ ", r"\s+") for typed in words if " " in typed)
    return _Spelling(re.compile(rf"\b(?:{phrases})\b", re.IGNORECASE), words, frozenset(content["units"]))
