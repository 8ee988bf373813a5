"""The encoder of texts as vectors for comparing their meaning: multilingual-e5-small as ONNX, stored in Postgres.

`python -m ml.encoder` makes it. Making it needs torch; using it needs onnxruntime and tokenizers only.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from psycopg2.extras import Json
from tokenizers import Tokenizer

from warehouse.connection import connect, read_sql, transaction
from warehouse.settings import Role, Settings
from warehouse.state import locked, make_state_dir

Floats = npt.NDArray[np.float32]

DIMENSION = 384
BATCH_SIZE = 16

_SQL = Path(__file__).parent / "sql"
# Prefixes of the encoder's training, which move questions and answers closer together.
_QUESTION = "query: "
_PASSAGE = "passage: "


@dataclass(frozen=True)
class StoredEncoder:
    """`onnx` maps `input_ids` and `attention_mask` (texts, tokens) to `embedding` (texts, 384) of length 1;
    `configuration` has `base`, `max_tokens` and `pad_id`."""

    onnx: bytes
    tokenizer: str
    configuration: dict[str, Any]

    @property
    def version(self) -> str:
        """A hash of the content."""
        content = hashlib.sha256(self.onnx)
        content.update(json.dumps(json.loads(self.tokenizer), sort_keys=True).encode())
        content.update(json.dumps(self.configuration, sort_keys=True).encode())
        return content.hexdigest()[:16]


class Encoder:
    """An encoder ready to use. Holds one onnxruntime session; `threads` is how many cores it may use."""

    def __init__(self, stored: StoredEncoder, version: str, threads: int | None = None) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads or int(os.environ.get("OMP_NUM_THREADS", "0"))
        # Threads that spin while they wait take the cores from the database and the web server beside them.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(stored.onnx, options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_str(stored.tokenizer)
        self._tokenizer.enable_truncation(stored.configuration["max_tokens"])
        self._tokenizer.no_padding()
        self._pad_id = int(stored.configuration["pad_id"])
        self.version = version

    def question(self, text: str) -> Floats:
        """A question as a vector of 384 numbers and length 1."""
        return np.asarray(self._encode([_QUESTION + text])[0])

    def passages(self, texts: Sequence[str]) -> Floats:
        """Passages as (texts, 384), each of length 1; the product with a question's vector is the cosine."""
        return self._encode([_PASSAGE + text for text in texts])

    def _encode(self, texts: Sequence[str]) -> Floats:
        # The vocabulary was cut to lower case.
        rows = [encoding.ids for encoding in self._tokenizer.encode_batch([text.lower() for text in texts])]
        vectors = np.zeros((len(rows), DIMENSION), dtype=np.float32)
        for numbers in _alike(rows):
            (vectors[numbers],) = self._session.run(["embedding"], self._batch([rows[number] for number in numbers]))
        return vectors

    def _batch(self, rows: list[list[int]]) -> dict[str, npt.NDArray[np.int64]]:
        ids = np.full((len(rows), max(len(row) for row in rows)), self._pad_id, dtype=np.int64)
        mask = np.zeros_like(ids)
        for number, row in enumerate(rows):
            ids[number, : len(row)] = row
            mask[number, : len(row)] = 1
        return {"input_ids": ids, "attention_mask": mask}


def _alike(rows: list[list[int]]) -> Iterator[list[int]]:
    """The places of texts of like length together, since every text of a batch costs what its longest does."""
    by_length = sorted(range(len(rows)), key=lambda number: len(rows[number]))
    for start in range(0, len(by_length), BATCH_SIZE):
        yield by_length[start : start + BATCH_SIZE]


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
            encoder = Encoder(_load(version, settings, role), version)
            _made.clear()
            _made[version] = encoder
        return _made[version]


def version_in_use(settings: Settings, role: Role = "bot") -> str | None:
    """The version of the encoder in use, or None."""
    with connect(role, settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "encoder_in_use.sql"))
        row = cursor.fetchone()
    return str(row[0]) if row else None


def store(encoder: StoredEncoder, settings: Settings) -> str:
    """Store the encoder and put it in use. Returns its version."""
    row = {
        "version": encoder.version,
        "onnx": encoder.onnx,
        "tokenizer": Json(json.loads(encoder.tokenizer)),
        "configuration": Json(encoder.configuration),
    }
    with transaction("scorer", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "stop_using_encoder.sql"))
        cursor.execute(read_sql(_SQL / "save_encoder.sql"), row)
    return encoder.version


def _load(version: str, settings: Settings, role: Role) -> StoredEncoder:
    state = make_state_dir(settings)
    folder = state / "encoders" / version
    with locked(state, "encoders"):
        if not folder.exists():
            write(_fetch(version, settings, role), folder)
    return read(folder)


def _fetch(version: str, settings: Settings, role: Role) -> StoredEncoder:
    with connect(role, settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "encoder.sql"), {"version": version})
        onnx, tokenizer, configuration = cursor.fetchone() or (b"", {}, {})
    return StoredEncoder(bytes(onnx), json.dumps(tokenizer, ensure_ascii=False), configuration)


def write(encoder: StoredEncoder, folder: Path) -> None:
    """Write atomically, so that a kill leaves nothing half written."""
    fresh = folder.with_suffix(".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    (fresh / "configuration.json").write_text(json.dumps(encoder.configuration))
    (fresh / "tokenizer.json").write_text(encoder.tokenizer)
    (fresh / "encoder.onnx").write_bytes(encoder.onnx)
    fresh.rename(folder)


def read(folder: Path) -> StoredEncoder:
    """A copy that `write` wrote."""
    return StoredEncoder(
        (folder / "encoder.onnx").read_bytes(),
        (folder / "tokenizer.json").read_text(),
        json.loads((folder / "configuration.json").read_text()),
    )
