"""A model of sentiment, however it was made, and its content as bytes.

The bytes are an archive of numpy arrays, read without unpickling, so that a tampered database runs no code.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from ml.encoder.store import Encoder
from ml.sentiment.dataset import Kind, commonest
from ml.sentiment.head import vectors
from ml.sentiment.linear import Linear, Numbers
from ml.sentiment.preprocess import has_words
from ml.sentiment.svm import Svm, Terms

Method = Literal["svm", "encoder", "fine_tuned"]


class Sentiment(NamedTuple):
    """The likeliest sentiment of a text, with its probability, 0 to 1."""

    sentiment: str
    probability: float


class Model(NamedTuple):
    """`learned` is a Svm, or a Linear over the vectors of `encoder`."""

    kind: Kind
    method: Method
    classes: tuple[str, ...]
    learned: Svm | Linear
    encoder: Encoder | None = None

    @property
    def version(self) -> str:
        """A hash of all that it predicts by."""
        encoder = self.encoder.version if self.encoder else ""
        return hashlib.sha256(f"{self.kind} {encoder} ".encode() + content(self)).hexdigest()[:16]

    def sentiments(self, texts: Sequence[str]) -> list[Sentiment]:
        """The sentiment of each text. A chat message without any sign is neutral; a review without words gets the
        sentiment that most reviews have, with their share."""
        is_read = has_words if self.kind == "review" else has_signs
        read = [number for number, text in enumerate(texts) if is_read(text)]
        unread = Sentiment(*commonest("review")) if self.kind == "review" else Sentiment("neutral", 1.0)
        found = [unread] * len(texts)
        for number, row in zip(read, self._probabilities([texts[number] for number in read]), strict=True):
            best = int(row.argmax())
            found[number] = Sentiment(self.classes[best], float(row[best]))
        return found

    def _probabilities(self, texts: Sequence[str]) -> Numbers:
        if not texts:
            return np.zeros((0, len(self.classes)))
        if isinstance(self.learned, Svm):
            return self.learned.probabilities(texts)
        assert self.encoder is not None
        return self.learned.probabilities(vectors(texts, self.encoder))


def has_signs(text: str) -> bool:
    """Whether a text has anything but blanks and characters that cannot be seen."""
    return any(character.isprintable() and not character.isspace() for character in text)


def content(model: Model) -> bytes:
    """What `restored` reads."""
    learned = model.learned
    arrays = {"classes": np.array(model.classes)}
    if isinstance(learned, Svm):
        linear = learned.linear
        arrays["c"] = np.array(learned.c)
        for name, terms in (("words", learned.words), ("characters", learned.characters)):
            # No term has a line break. An array of strings would give each the length of the longest.
            arrays[name] = np.frombuffer("\n".join(terms.vocabulary).encode(), dtype=np.uint8)
            arrays[f"{name}_idf"] = terms.idf
    else:
        linear = learned
    file = io.BytesIO()
    np.savez_compressed(file, weights=linear.weights, bias=linear.bias, **arrays)  # type: ignore[arg-type]
    return file.getvalue()


def restored(kind: Kind, method: Method, archive: bytes, encoder: Encoder | None) -> Model:
    """The model that `content` wrote. Raises ValueError for what would have to be unpickled."""
    arrays = np.load(io.BytesIO(archive), allow_pickle=False)
    classes = tuple(map(str, arrays["classes"]))
    linear = Linear(arrays["weights"], arrays["bias"])
    if method != "svm":
        return Model(kind, method, classes, linear, encoder)
    words, characters = (
        Terms(tuple(bytes(arrays[name]).decode().split("\n")), arrays[f"{name}_idf"])
        for name in ("words", "characters")
    )
    return Model(kind, method, classes, Svm(classes, words, characters, linear, float(arrays["c"])))
