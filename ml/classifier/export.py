"""Exports a trained classifier to ONNX, so that scoring needs no torch."""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path

import torch

from ml.classifier.fine_tune import Trained
from ml.encoder.quantise import quantise

_OPSET = 17


def to_onnx(trained: Trained, quantised: bool = True) -> bytes:
    """The model as ONNX: `input_ids` and `attention_mask` (messages, tokens) of int64 to the logits `issue` and
    `urgency`. Quantised, it is a quarter of the size."""
    with tempfile.TemporaryDirectory() as folder:
        exported = Path(folder) / "exported.onnx"
        _export(trained, exported)
        return quantise(exported, Path(folder)) if quantised else exported.read_bytes()


def _export(trained: Trained, path: Path) -> None:
    example = torch.ones((2, 8), dtype=torch.int64)
    axes = {0: "messages", 1: "tokens"}
    with warnings.catch_warnings():
        # The tracer warns of every shape that it writes down as a constant; the test compares other shapes.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            trained.model,
            (example, example),
            str(path),
            input_names=["input_ids", "attention_mask"],
            output_names=["issue", "urgency"],
            dynamic_axes={
                "input_ids": axes,
                "attention_mask": axes,
                "issue": {0: "messages"},
                "urgency": {0: "messages"},
            },
            opset_version=_OPSET,
            dynamo=False,
        )
