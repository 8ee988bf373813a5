"""ONNX models of texts: their content, copies of it in the state folder, and running them with onnxruntime."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from warehouse.settings import Settings
from warehouse.state import locked, make_state_dir

Floats = npt.NDArray[np.float32]
Batch = dict[str, npt.NDArray[np.int64]]

BATCH_SIZE = 16
"""Texts that are run at once."""


@dataclass(frozen=True)
class OnnxModel:
    """`onnx` takes `input_ids` and `attention_mask` (texts, tokens); `tokenizer` is the JSON of the library tokenizers;
    `configuration` has at least `max_tokens` and `pad_id`."""

    onnx: bytes
    tokenizer: str
    configuration: dict[str, Any]

    @property
    def version(self) -> str:
        """A hash of weights, tokenizer and configuration."""
        content = hashlib.sha256(self.onnx)
        content.update(json.dumps(json.loads(self.tokenizer), sort_keys=True).encode())
        content.update(json.dumps(self.configuration, sort_keys=True).encode())
        return content.hexdigest()[:16]


class Session:
    """A model ready to run. Thread-safe. `threads` is how many cores it may use."""

    def __init__(self, model: OnnxModel, threads: int | None = None) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads or int(os.environ.get("OMP_NUM_THREADS", "0"))
        # Spinning threads would take the cores from the database and the web server.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(model.onnx, options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_str(model.tokenizer)
        self._tokenizer.enable_truncation(model.configuration["max_tokens"])
        self._tokenizer.no_padding()
        self._pad_id = int(model.configuration["pad_id"])

    def batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Batch]]:
        """Tokenised batches with the positions of their texts. Texts of similar length go together, since every text of
        a batch costs as much as its longest."""
        rows = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        by_length = sorted(range(len(rows)), key=lambda number: len(rows[number]))
        for start in range(0, len(by_length), BATCH_SIZE):
            numbers = by_length[start : start + BATCH_SIZE]
            yield numbers, self._batch([rows[number] for number in numbers])

    def is_one_token(self, word: str) -> bool:
        return len(self._tokenizer.encode(word, add_special_tokens=False).ids) == 1

    def run(self, batch: Batch, *outputs: str) -> list[Floats]:
        """The named outputs for a batch."""
        return [np.asarray(found, dtype=np.float32) for found in self._session.run(list(outputs), batch)]

    def _batch(self, rows: list[list[int]]) -> Batch:
        ids = np.full((len(rows), max(len(row) for row in rows)), self._pad_id, dtype=np.int64)
        mask = np.zeros_like(ids)
        for number, row in enumerate(rows):
            ids[number, : len(row)] = row
            mask[number, : len(row)] = 1
        return {"input_ids": ids, "attention_mask": mask}


_Model = TypeVar("_Model", bound=OnnxModel)


def cached(kind: type[_Model], version: str, settings: Settings, fetch: Callable[[], _Model]) -> _Model:
    """A model from the state folder, fetched first if it is not there."""
    state = make_state_dir(settings)
    folder = state / "models" / version
    with locked(state, "models"):
        if not folder.exists():
            write(fetch(), folder)
    return read(kind, folder)


def write(model: OnnxModel, folder: Path) -> None:
    """Write atomically, so that a kill leaves nothing half written."""
    fresh = folder.with_suffix(".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    rest = {field.name: getattr(model, field.name) for field in fields(model)}
    (fresh / "model.onnx").write_bytes(rest.pop("onnx"))
    (fresh / "tokenizer.json").write_text(rest.pop("tokenizer"))
    (fresh / "model.json").write_text(json.dumps(rest))
    fresh.rename(folder)


def read(kind: type[_Model], folder: Path) -> _Model:
    """A model that `write` wrote."""
    return kind(
        **json.loads((folder / "model.json").read_text()),
        onnx=(folder / "model.onnx").read_bytes(),
        tokenizer=(folder / "tokenizer.json").read_text(),
    )
