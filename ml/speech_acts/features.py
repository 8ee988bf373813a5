"""What an act is predicted from: the encoder's vector of a question, and hints on the surface of the text.

The vector says what a message is about; whether it asks, tells or thanks is often in a few words, listed in `cues.yml`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import yaml

from ml import slang
from ml.encoder.store import Encoder
from ml.onnx_model import Floats

CUES = Path(__file__).parent / "cues.yml"

# Letters and digits make words, anything else that is not a space is a word of its own, such as an emoji.
_WORD = re.compile(r"[^\W_]+|[^\w\s]")
_COURTEOUS = ("greeting", "thanks", "agreement", "goodbye")


def features(texts: Sequence[str], encoder: Encoder) -> Floats:
    """Features as (texts, 384 of the encoder and those of the surface)."""
    expanded = [slang.expand(text) for text in texts]
    surface = np.array([_surface(text) for text in expanded], dtype=np.float32).reshape(len(texts), -1)
    return np.hstack([encoder.questions(expanded), surface]) if texts else surface


def _surface(text: str) -> list[float]:
    tokens = _WORD.findall(text.lower().replace("'", "").replace("’", ""))
    words = [token for token in tokens if token.isalnum()]
    cues = _cues()
    courteous = sum(any(token in cues[name] for name in _COURTEOUS) for token in tokens)
    hints = ["?" in tokens, "!" in tokens, any(word.isdigit() for word in words)]
    parts = (tokens, tokens[:1], tokens[len(tokens) // 2 :])
    for of_cue in cues.values():
        hints += [any(token in of_cue for token in part) for part in parts]
    return [math.log1p(len(words)), courteous / max(len(tokens), 1), *map(float, hints)]


@cache
def _cues() -> dict[str, frozenset[str]]:
    return {name: frozenset(words.split()) for name, words in yaml.safe_load(CUES.read_text()).items()}
