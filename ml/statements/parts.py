"""A sentence as parts: the smallest that state something, with their values masked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ml.statements import lexicon
from ml.statements.lexicon import listed
from ml.statements.values import MARK, Masked, extract

_PART = re.compile(
    r"[,:]\s+|\s+[–—-]\s+|\s*\(|\)\s*"
    r"|\s+(?=(?:supaya|agar|sehingga|so that)\b)"
    r"|\s+(?=(?:tapi|tetapi|namun|but|however|sedangkan|sementara|while|whereas|kecuali|except|unless|selain)\b)"
)
_NOT_THESE = re.compile(r"(\b(?:tidak|bukan|jangan|not|no)\b[^.,;:\n]{0,60}):\s+([^.;\n]*,[^.;\n]*)")
_AND = re.compile(r"\s+(?:dan|and)\s+")
TOKEN = re.compile(rf"[^\W\d_][\w'-]*|,|{MARK}")
_MEASURED = frozenset({"money", "duration", "time", "percent", "weight", "volume", "date"})
COMMA = ","
_LEAST_WORDS = 4
_DASH = re.compile(r"(?<=[a-z])\s*[–—]\s*(?=[a-z])|(?<=day)-(?=[a-z]+day)|(?<=senin)-(?=[a-z])")


def parts_of(sentence: str) -> tuple[list[str], Masked]:
    """The parts of a sentence, and the sentence that holds their values."""
    whole = masked(sentence)
    # A list after a negation is negated as a whole.
    whole = whole._replace(text=_NOT_THESE.sub(lambda match: f"{match[1]} {match[2].replace(',', ' dan')}", whole.text))
    return [part for stretch in whole.text.split(";") for part in _merged(stretch, whole)], whole


def masked(text: str) -> Masked:
    return extract(lexicon.with_phrases(_DASH.sub(" to ", text.lower())))


def _merged(stretch: str, whole: Masked) -> list[str]:
    """The parts between commas and the like, with those that state nothing by themselves added to one beside them."""
    pieces = [piece for part in _PART.split(stretch) for piece in _split_at_and(part, whole)]
    merged: list[str] = []
    waiting = ""
    for piece in filter(str.strip, pieces):
        if waiting and first_word(piece) in listed("exceptions") | listed("contrasts") | listed("negations"):
            merged.append(waiting)
            waiting = ""
        if not waiting and merged and first_word(piece) == "likewise":
            waiting = merged.pop()
        joined = f"{waiting} , {piece}" if waiting else piece
        if _is_complete(joined, whole) or first_word(joined) in listed("exceptions") | listed("conditions"):
            merged.append(joined)
            waiting = ""
        else:
            waiting = joined
    if waiting and first_word(waiting) in listed("contrasts") and merged:
        merged.append(waiting)
    elif waiting:
        merged[-1:] = [f"{merged[-1]} , {waiting}" if merged else waiting]
    return merged


def _split_at_and(part: str, whole: Masked) -> Iterator[str]:
    """At `and` where both sides state a value, or sides of opposites."""
    left = ""
    for piece in _AND.split(part):
        if left and ((_measures(left, whole) and _measures(piece, whole)) or _are_opposed(left, piece)):
            yield left
            left = piece
        else:
            left = f"{left} dan {piece}" if left else piece
    yield left


def _are_opposed(text: str, other: str) -> bool:
    """Whether they are on other sides of opposites: `open on Sundays and closed on Mondays`."""
    sides = dict(filter(None, map(lexicon.side, TOKEN.findall(text))))
    others = dict(filter(None, map(lexicon.side, TOKEN.findall(other))))
    return any(others.get(pair, side) != side for pair, side in sides.items())


def _measures(text: str, whole: Masked) -> bool:
    return any(value.kind in _MEASURED for value in whole.among(text))


def _is_complete(text: str, whole: Masked) -> bool:
    words = [word for word in TOKEN.findall(text) if word != COMMA and word not in listed("empty")]
    return _measures(text, whole) or len(words) >= _LEAST_WORDS or any(map(_is_predicate, words))


def _is_predicate(word: str) -> bool:
    side = lexicon.side(word)
    return word in listed("negations") or bool(side and side[0] == "open")


def first_word(text: str) -> str:
    return next((token for token in TOKEN.findall(text) if token != COMMA), "")
