"""`python -m ml.sentiment predict` reads lines and writes a line of JSON for each."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import BinaryIO, TextIO

from ml.sentiment.dataset import Kind
from ml.sentiment.model import Model
from ml.sentiment.registry import NoModelInUse, in_use
from ml.sentiment.train import train
from warehouse.settings import Settings

_LINES_AT_ONCE = 256


def predict_lines(kind: Kind, lines: BinaryIO, answers: TextIO, settings: Settings) -> None:
    """Write `{"sentiment", "probability"}` for each line. Without a model in use, one is made first from the project's
    own texts."""
    model = _model(kind, settings)
    # Invalid UTF-8 is replaced, so that every input line has an output line.
    texts = (line.decode(errors="replace").rstrip("\r\n") for line in lines)
    for chunk in _chunks(texts):
        for sentiment, probability in model.sentiments(chunk):
            print(json.dumps({"sentiment": sentiment, "probability": round(probability, 4)}), file=answers)
        answers.flush()


def _model(kind: Kind, settings: Settings) -> Model:
    try:
        return in_use(kind, settings).model
    except NoModelInUse as error:
        print(f"ml.sentiment: {error}; making it now from the project's own texts", file=sys.stderr)
        train(kind, settings)
        return in_use(kind, settings).model


def _chunks(lines: Iterable[str]) -> Iterator[list[str]]:
    lines = iter(lines)
    while chunk := list(islice(lines, _LINES_AT_ONCE)):
        yield chunk
