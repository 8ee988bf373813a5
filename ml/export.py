"""A trained model as ONNX with 8-bit weights: what scoring runs, without torch."""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process

from ml.train import Trained

_OPSET = 17


def to_onnx(trained: Trained, quantised: bool = True) -> bytes:
    """The model as ONNX: `input_ids` and `attention_mask` (messages, tokens) of int64 to the logits `issue` and
    `urgency`. Quantised: weights as int8 per channel, activations as they come, a quarter of the size."""
    with tempfile.TemporaryDirectory() as folder:
        exported = Path(folder) / "exported.onnx"
        _export(trained, exported)
        if not quantised:
            return exported.read_bytes()
        prepared = Path(folder) / "prepared.onnx"
        small = Path(folder) / "int8.onnx"
        quant_pre_process(exported, prepared, skip_symbolic_shape=True)
        quantize_dynamic(prepared, small, per_channel=True, weight_type=QuantType.QInt8)
        onnx.checker.check_model(small)
        return small.read_bytes()


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
