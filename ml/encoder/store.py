"""The encoder of texts as vectors for comparing their meaning: multilingual-e5-small as ONNX, stored in Postgres.

`python -m ml.encoder` makes it. Making it needs torch; using it needs onnxruntime and tokenizers only.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from psycopg2.extensions import cursor as Cursor  # noqa: N812
from psycopg2.extras import Json

from ml.onnx_model import Floats, OnnxModel, Session, cached
from warehouse.connection import connect, read_sql, transaction
from warehouse.settings import Role, Settings

DIMENSION = 384
"""The numbers of a vector."""

_SQL = Path(__file__).parent / "sql"
# Prefixes of the encoder's training, which move questions and answers closer together.
QUESTION = "query: "
"""The prefix of questions, and of texts that are compared with each other."""

_PASSAGE = "passage: "


class Encoder:
    """`stored` maps texts to `embedding` (texts, 384) of length 1. `threads` is how many cores it may use."""

    def __init__(self, stored: OnnxModel, version: str, threads: int | None = None) -> None:
        self._session = Session(stored, threads)
        self.version = version

    def question(self, text: str) -> Floats:
        """A question as a vector of 384 numbers and length 1."""
        return np.asarray(self.questions([text])[0])

    def questions(self, texts: Sequence[str]) -> Floats:
        """Questions as (texts, 384), each of length 1."""
        return self._encode([QUESTION + text for text in texts])

    def passages(self, texts: Sequence[str]) -> Floats:
        """Passages as (texts, 384), each of length 1; the product with a question's vector is the cosine."""
        return self._encode([_PASSAGE + text for text in texts])

    def has_word(self, word: str) -> bool:
        """Whether the vocabulary has the whole word, as it has common words of its languages."""
        return self._session.is_one_token(word.lower())

    def _encode(self, texts: Sequence[str]) -> Floats:
        vectors = np.zeros((len(texts), DIMENSION), dtype=np.float32)
        # The vocabulary has no upper case.
        for numbers, batch in self._session.batches([text.lower() for text in texts]):
            (vectors[numbers],) = self._session.run(batch, "embedding")
        return vectors


_made: dict[str, Encoder] = {}
_making = threading.Lock()


def encoder_in_use(settings: Settings, role: Role = "bot") -> Encoder | None:
    """The encoder in use, read as `role` (`bot`, `inbox` or `scorer`); None if there is none."""
    version = version_in_use(settings, role)
    if version is None:
        return None
    # One per process: sessions are thread-safe.
    with _making:
        if version not in _made:
            encoder = Encoder(load(version, settings, role), version)
            _made.clear()
            _made[version] = encoder
        return _made[version]


def version_in_use(settings: Settings, role: Role = "bot") -> str | None:
    """The version of the encoder in use, or None."""
    with connect(role, settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "encoder_in_use.sql"))
        row = cursor.fetchone()
    return str(row[0]) if row else None


def load(version: str, settings: Settings, role: Role = "bot") -> OnnxModel:
    """A stored encoder, cached in the state folder."""
    return cached(OnnxModel, version, settings, lambda: _fetch(version, settings, role))


def store(encoder: OnnxModel, settings: Settings) -> str:
    """Store the encoder and put it in use. Returns its version."""
    with transaction("scorer", settings) as connection, connection.cursor() as cursor:
        _insert(cursor, encoder)
        cursor.execute(read_sql(_SQL / "stop_using_encoder.sql"))
        cursor.execute(read_sql(_SQL / "start_using_encoder.sql"), {"version": encoder.version})
    return encoder.version


def store_unused(encoder: OnnxModel, settings: Settings) -> str:
    """Store an encoder that only a model of its own uses. Returns its version."""
    with transaction("scorer", settings) as connection, connection.cursor() as cursor:
        _insert(cursor, encoder)
    return encoder.version


def _insert(cursor: Cursor, encoder: OnnxModel) -> None:
    row = {
        "version": encoder.version,
        "onnx": encoder.onnx,
        "tokenizer": Json(json.loads(encoder.tokenizer)),
        "configuration": Json(encoder.configuration),
    }
    cursor.execute(read_sql(_SQL / "save_encoder.sql"), row)


def _fetch(version: str, settings: Settings, role: Role) -> OnnxModel:
    with connect(role, settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "encoder.sql"), {"version": version})
        onnx, tokenizer, configuration = cursor.fetchone() or (b"", {}, {})
    return OnnxModel(bytes(onnx), json.dumps(tokenizer, ensure_ascii=False), configuration)
