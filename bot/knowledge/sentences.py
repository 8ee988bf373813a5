"""Takes the sentences that answer out of passages and descriptions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bot.knowledge import text
from ml.encoder.store import Encoder
from ml.onnx_model import Floats
from ml.slang import expand

MAX_CHARACTERS = 320
_SHORT_ENOUGH = 300
# The least score of a sentence of a description that answers, and of one that may answer if nothing else does.
ANSWERS, MAY_ANSWER = 0.5, 0.3
_NEARLY_AS_GOOD = 0.85
_BEFORE = 0.3  # the weight of words of the question that a follow-up completes
_OF_MEASURE = 0.3  # what a number in the unit that is asked for adds to the share of words
_MAX_VECTORS = 20_000

_MIN_CHOICES = 3
# The first cell of a row, `City: Medan; …`, or what a line of a list is about, `- Tune-up: $45`.
_LABEL = re.compile(r"^(?:[^:;.!?]{1,40}:\s+([^:;]{1,40});|[-•*–]\s+([^:;.!?]{1,40}):\s)")
_ROW = re.compile(r"^\s*(?:[-•*]|[^.!?]{1,60}:\s)")


class Scored(NamedTuple):
    place: int
    text: str
    score: float


class Vectors:
    """The vectors of sentences that were met before, so that each is encoded once a process. Thread-safe."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Floats] = {}

    def of(self, texts: Sequence[str], encoder: Encoder) -> Floats:
        """The vectors as (texts, 384)."""
        known = self._known
        found = {unit: known.get((encoder.version, unit)) for unit in texts}
        if missing := [unit for unit, vector in found.items() if vector is None]:
            made = dict(zip(missing, encoder.passages(missing), strict=True))
            found |= made
            kept = known if len(known) < _MAX_VECTORS else {}
            self._known = kept | {(encoder.version, unit): vector for unit, vector in made.items()}
        return np.stack([found[unit] for unit in texts])  # type: ignore[misc]


_vectors = Vectors()


class Told(NamedTuple):
    """What a text says about a question; `score`: of its best sentence, 0 to about 1."""

    text: str
    score: float


def of_description(
    description: Sequence[str], attributes: Sequence[str], question: str, encoder: Encoder | None
) -> Told | None:
    """What a product's description and attributes say that is nearest to a question; None if they are empty."""
    units = [*attributes, *(unit for part in description for unit in text.units_of(part))]
    if not units:
        return None
    found = _scored(units, units, question, encoder)
    best = max(found, key=lambda unit: unit.score)
    return Told(_joined(found, best), best.score)


def choices(passage: str, question: str) -> list[str]:
    """What the rows of a table or list are about, if a question names none of them; empty for fewer than three rows."""
    labels = list(
        dict.fromkeys(
            (match[1] or match[2]).strip() for unit in text.units_of(passage) if (match := _LABEL.match(unit))
        )
    )
    asked = frozenset().union(*text.stems_asked(question))
    if len(labels) < _MIN_CHOICES or any(text.stems(label) & asked for label in labels):
        return []
    return labels


def of_passage(passage: str, heading: str | None, question: str, before: str, encoder: Encoder | None) -> str:
    """The part of a passage that answers a question: the nearest sentence and those that are nearly as near. A short
    passage stays whole. A row of a list gets the heading that says what it is about. `before`: the question that a
    follow-up completes, whose words count less."""
    units = text.units_of(passage)
    if len(passage) <= _SHORT_ENOUGH or len(units) == 1:
        return _trimmed("\n".join(units))
    above = f"{heading.split('›')[-1].strip()}: " if heading else ""
    found = _scored(units, [f"{above}{unit}" for unit in units], question, encoder, before)
    best = max(found, key=lambda unit: unit.score)
    kept = _joined(found, best)
    return f"{above}{kept}" if _ROW.match(best.text) and above.lower() not in kept.lower() else kept


def _scored(
    units: Sequence[str], encoded: Sequence[str], question: str, encoder: Encoder | None, before: str = ""
) -> list[Scored]:
    units_asked = text.units_asked(question)
    asked = [(group, 1.0) for group in text.stems_asked(question)]
    asked += [(group, _BEFORE) for group in text.stems_asked(before)]
    own = [text.stems(unit) for unit in encoded]
    weights = [weight / (1 + sum(bool(group & said) for said in own)) for group, weight in asked]
    whole = sum(weights) or 1
    shares = [
        sum(weight for (group, _), weight in zip(asked, weights, strict=True) if group & said) / whole
        + _OF_MEASURE * text.has_measure(unit, units_asked)
        for unit, said in zip(units, own, strict=True)
    ]
    if encoder is None:
        return [Scored(place, unit, share) for place, (unit, share) in enumerate(zip(units, shares, strict=True))]
    # Cosines of this encoder lie between about 0.75 and 0.9.
    near = np.clip((_vectors.of(encoded, encoder) @ encoder.question(expand(question)) - 0.75) / 0.15, 0, 1)
    return [
        Scored(place, unit, 0.5 * share + 0.5 * float(cosine))
        for place, (unit, share, cosine) in enumerate(zip(units, shares, near, strict=True))
    ]


def _joined(found: Sequence[Scored], best: Scored) -> str:
    """The best unit and those nearly as good, in order, as long as they fit."""
    kept = [best]
    for unit in sorted(found, key=lambda each: (-each.score, each.place)):
        length = sum(len(each.text) + 1 for each in kept) + len(unit.text)
        if unit is not best and unit.score >= _NEARLY_AS_GOOD * best.score and length <= MAX_CHARACTERS:
            kept.append(unit)
    kept.sort()
    separator = "\n" if any(_ROW.match(unit.text) for unit in kept) else " "
    return _trimmed(separator.join(unit.text for unit in kept))


def _trimmed(kept: str, room: int = 2 * MAX_CHARACTERS) -> str:
    return kept if len(kept) <= room else kept[: room - 1].rsplit(" ", 1)[0].rstrip() + "…"
