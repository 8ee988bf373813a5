"""A natural language inference model from a folder: whether a text follows from another one.

The folder is as Hugging Face models are published: `config.json` and `tokenizer.json` with `model.onnx` (or
`onnx/model.onnx`), else with the weights for transformers, which is then needed beside onnxruntime.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from inspect import signature
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import onnxruntime
import structlog
from tokenizers import Tokenizer

Inputs = dict[str, npt.NDArray[np.int64]]
Run = Callable[[Inputs], npt.NDArray[np.float32]]
"""Tokenised pairs to logits (pairs, labels)."""

_log = structlog.get_logger()

_MAX_TOKENS = 512  # of premise and statement together
_ONNX = ("model.onnx", "onnx/model.onnx")
_INPUTS = ("input_ids", "attention_mask", "token_type_ids")


class NotAnNliModel(ValueError):
    """The folder lacks a file or one of the three labels, or what it has cannot be loaded."""


class Inference(NamedTuple):
    """Probabilities that sum up to 1."""

    entailment: float
    neutral: float
    contradiction: float


class NliModel:
    """Thread-safe. Raises NotAnNliModel."""

    def __init__(self, folder: Path) -> None:
        try:
            self._load(folder)
        except NotAnNliModel:
            raise
        except Exception as error:  # each library has errors of its own
            raise NotAnNliModel(f"{folder} cannot be loaded: {type(error).__name__}") from None

    def _load(self, folder: Path) -> None:
        config = _config(folder)
        self._labels = _labels(config)
        if not (folder / "tokenizer.json").exists():
            raise NotAnNliModel(f"{folder} has no tokenizer.json")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._most = min(_MAX_TOKENS, int(config.get("max_position_embeddings", _MAX_TOKENS)))
        # What is cut off could be a condition.
        self._tokenizer.no_truncation()
        self._tokenizer.enable_padding(pad_id=int(config.get("pad_token_id") or 0))
        onnx = next((folder / name for name in _ONNX if (folder / name).exists()), None)
        self._run = _with_onnxruntime(onnx) if onnx else _with_transformers(folder)

    def infer(self, premises: Sequence[str], hypothesis: str) -> list[Inference] | None:
        """Whether the hypothesis follows, for each premise; None without premises, if one is too long for the model
        together with the hypothesis, or if the model fails."""
        try:
            return self._infer(premises, hypothesis) if premises else None
        except Exception as error:  # each library has errors of its own
            _log.warning("nli_model_failed", problem=type(error).__name__)
            return None

    def _infer(self, premises: Sequence[str], hypothesis: str) -> list[Inference] | None:
        encodings = self._tokenizer.encode_batch([(premise, hypothesis) for premise in premises])
        if any(len(each.ids) > self._most for each in encodings):
            return None
        columns = ([each.ids for each in encodings], [each.attention_mask for each in encodings],
                   [each.type_ids for each in encodings])  # fmt: skip
        logits = self._run({name: np.array(rows, dtype=np.int64) for name, rows in zip(_INPUTS, columns, strict=True)})
        if not np.isfinite(logits).all():
            return None
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        probabilities = powers / powers.sum(axis=1, keepdims=True)
        return [Inference(*(float(row[self._labels[name]]) for name in Inference._fields)) for row in probabilities]


def _config(folder: Path) -> dict[str, Any]:
    try:
        config: dict[str, Any] = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise NotAnNliModel(f"{folder} has no readable config.json") from None
    return config


def _labels(config: dict[str, Any]) -> dict[str, int]:
    """The place of each label among the logits."""
    places = {str(label).lower(): int(place) for place, label in config.get("id2label", {}).items()}
    if missing := set(Inference._fields) - places.keys():
        raise NotAnNliModel(f"the labels of config.json lack {', '.join(sorted(missing))}")
    return places


def _with_onnxruntime(path: Path) -> Run:
    options = onnxruntime.SessionOptions()
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    known = {each.name for each in session.get_inputs()}

    def run(inputs: Inputs) -> npt.NDArray[np.float32]:
        [logits] = session.run(["logits"], {name: rows for name, rows in inputs.items() if name in known})
        return np.asarray(logits, dtype=np.float32)

    return run


def _with_transformers(folder: Path) -> Run:
    try:
        import torch
        from transformers import AutoModelForSequenceClassification
    except ImportError:
        raise NotAnNliModel(f"{folder} has no model.onnx, and transformers is not installed") from None
    model = AutoModelForSequenceClassification.from_pretrained(folder, local_files_only=True).eval()
    known = signature(model.forward).parameters.keys() & set(_INPUTS)

    def run(inputs: Inputs) -> npt.NDArray[np.float32]:
        with torch.inference_mode():
            rows = {name: torch.from_numpy(values) for name, values in inputs.items() if name in known}
            return np.asarray(model(**rows).logits.numpy(), dtype=np.float32)

    return run
