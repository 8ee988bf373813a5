"""Labels messages; `python -m ml.classifier.predict` reads lines from stdin and writes JSON lines.

Needs onnxruntime and tokenizers, not torch.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np

from ml.classifier.prepare import prepare
from ml.classifier.registry import Model, NoModelInUse, model_in_use
from ml.language import languages
from ml.onnx_model import Floats, Session
from warehouse.settings import Role, Settings, get_settings

_LINES_AT_ONCE = 256


class Label(NamedTuple):
    """A model's label of a message. Probabilities are of the named issue and urgency, 0 to 1."""

    issue: str
    issue_probability: float
    urgency: str
    urgency_probability: float
    language: str
    model_version: str


class Predictor:
    """Labels texts with a model. `threads` is how many cores it may use."""

    def __init__(self, model: Model, threads: int | None = None) -> None:
        self.session = Session(model, threads)
        self._issues = model.configuration["issues"]
        self._urgencies = model.configuration["urgencies"]
        self.version = model.version

    def label(self, texts: Sequence[str]) -> list[Label]:
        """A label for each text, in their order. Texts that are the same once prepared are read once."""
        prepared = [prepare(text) for text in texts]
        distinct = list(dict.fromkeys(prepared))
        places = {text: place for place, text in enumerate(distinct)}
        issues = np.zeros((len(distinct), len(self._issues)), dtype=np.float32)
        urgencies = np.zeros((len(distinct), len(self._urgencies)), dtype=np.float32)
        for numbers, batch in self.session.batches(distinct):
            issue_logits, urgency_logits = self.session.run(batch, "issue", "urgency")
            issues[numbers] = _softmax(issue_logits)
            urgencies[numbers] = _softmax(urgency_logits)
        return [
            self._label(issues[places[text]], urgencies[places[text]], language)
            for text, language in zip(prepared, languages(prepared), strict=True)
        ]

    def _label(self, issue: Floats, urgency: Floats, language: str) -> Label:
        likeliest_issue, likeliest_urgency = int(issue.argmax()), int(urgency.argmax())
        return Label(
            issue=self._issues[likeliest_issue],
            issue_probability=float(issue[likeliest_issue]),
            urgency=self._urgencies[likeliest_urgency],
            urgency_probability=float(urgency[likeliest_urgency]),
            language=language,
            model_version=self.version,
        )


def predictor_in_use(settings: Settings, role: Role = "scorer") -> Predictor:
    """A predictor with the model in use, read as `role`. Raises NoModelInUse."""
    return Predictor(model_in_use(settings, role))


def _softmax(logits: Floats) -> Floats:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)


def _chunks(lines: Iterable[str]) -> Iterator[list[str]]:
    lines = iter(lines)
    while chunk := list(islice(lines, _LINES_AT_ONCE)):
        yield chunk


def main() -> int:
    try:
        predictor = predictor_in_use(get_settings())
    except NoModelInUse as error:
        print(f"ml.classifier.predict: {error}", file=sys.stderr)
        return 2
    # Invalid UTF-8 is replaced, so that every input line has an output line.
    lines = (line.decode(errors="replace").rstrip("\r\n") for line in sys.stdin.buffer)
    for chunk in _chunks(lines):
        for label in predictor.label(chunk):
            rounded = {
                name: round(value, 4) if isinstance(value, float) else value for name, value in label._asdict().items()
            }
            print(json.dumps(rounded, ensure_ascii=False))
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
