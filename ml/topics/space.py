"""The space in which messages about one thing are near each other, whatever language they are in and however polite.

The encoder's vectors also tell languages and ways of asking apart. So a message is read twice, once with only the words
that say what it is about. Each language's mean is subtracted, and a linear discriminant analysis, learned from labelled
groups of messages about one thing, keeps the directions that tell such groups apart. The groups are of `ml/classifier`,
`ml/speech_acts` and `data/themes.yml`; each message is learned as it is and with courtesies around it.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import yaml
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from threadpoolctl import threadpool_limits

from ml import slang
from ml.encoder.store import Encoder
from ml.onnx_model import Floats
from ml.topics.words import content_words

DIMENSIONS = 120
LANGUAGES = ("id", "en")

_ML = Path(__file__).parents[1]
_SOURCES = (
    _ML / "classifier" / "data" / "messages.jsonl",
    _ML / "speech_acts" / "data" / "messages.jsonl",
    Path(__file__).parent / "data" / "themes.yml",
    Path(__file__).parent / "stop_words.yml",
    Path(__file__),
)
_ASKING = ("question", "request", "complaint")
_POLITE_COPIES = 1
_SHRINKAGE = 0.7
"""How much the encoder's own distances count against those learned. The labelled groups are about other things than a
shop's topics, so they decide less than they would among themselves."""


class Example(NamedTuple):
    """A message with the thing that it is about."""

    text: str
    language: str
    group: str


def recipe() -> str:
    """A hash of what the space is learned from and how."""
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in _SOURCES)).hexdigest()[:16]


def learn(encoder: Encoder) -> Floats:
    """The matrix (384, 120) that projects vectors of `vectors`."""
    examples = _with_courtesies(labelled())
    found = vectors([example.text for example in examples], encoder)
    languages = [example.language for example in examples]
    with threadpool_limits(1):
        analysis = LinearDiscriminantAnalysis(solver="eigen", shrinkage=_SHRINKAGE, n_components=DIMENSIONS)
        analysis.fit(unit(found - means(found, languages)), [example.group for example in examples])
    return np.asarray(analysis.scalings_[:, :DIMENSIONS], dtype=np.float32)


def vectors(texts: Sequence[str], encoder: Encoder) -> Floats:
    """Messages as (texts, 384) of length 1: the mean of the whole text, everyday spelling written out, and of its
    content words alone."""
    whole = [slang.expand(text) for text in texts]
    content = [" ".join(content_words(text)) or text for text in whole]
    return unit(encoder.questions(whole) + encoder.questions(content))


def centred(positions: Floats, languages: Sequence[str]) -> Floats:
    """Projected vectors (messages, 120) without what their language has in common, each of length 1."""
    return unit(positions - means(positions, languages))


def means(found: Floats, languages: Sequence[str]) -> Floats:
    """For each row the mean of its language's rows; of all rows, if the language is none of ours."""
    of_rows = np.tile(found.mean(axis=0), (len(found), 1)) if len(found) else found
    for language in LANGUAGES:
        chosen = np.array([each == language for each in languages], dtype=bool)
        if chosen.any():
            of_rows[chosen] = found[chosen].mean(axis=0)
    return of_rows


def unit(found: Floats) -> Floats:
    return np.asarray(found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def labelled() -> list[Example]:
    """The labelled messages, in both languages."""
    found = []
    for path in _SOURCES[:2]:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["language"] in LANGUAGES and row.get("act", "question") in _ASKING:
                found.append(Example(row["text"], row["language"], f"{path.parent.parent.name} {row['group']}"))
    themes = yaml.safe_load(_SOURCES[2].read_text(encoding="utf-8"))
    for theme, texts in themes["themes"].items():
        found += [Example(text, language, theme) for language in LANGUAGES for text in texts[language]]
    return found


def _with_courtesies(examples: Sequence[Example]) -> list[Example]:
    """The messages, and copies of them with a greeting and a closing, drawn anew for each copy."""
    courtesies = yaml.safe_load(_SOURCES[2].read_text(encoding="utf-8"))["courtesies"]
    draw = random.Random(0)
    polite = []
    for _ in range(_POLITE_COPIES):
        for example in examples:
            first, last = (draw.choice(courtesies[example.language][place]) for place in ("first", "last"))
            polite.append(example._replace(text=f"{first} {example.text} {last}"))
    return [*examples, *polite]
