"""Exports models to ONNX, with weights of one byte, so that a text's result does not depend on others in its batch.

onnxruntime's dynamic quantisation scales the activations of a whole batch by their largest value, so one message
changed others' probabilities by up to a quarter. Here each token has its own scale, which is also closer to the 32-bit
model, and costs a tenth to a quarter of the speed.
"""

from __future__ import annotations

import logging
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import NodeProto, TensorProto, helper, numpy_helper
from onnxruntime import quantization
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import nn

_OPSET = 17
_QUANTISATION = Path(quantization.__file__).parent
_CONSTANTS = {
    "row_step": np.float32(1 / 127),
    "row_least": np.float32(1e-9),  # avoids division by zero
    "row_middle": np.float32(128),
    "row_zero_point": np.uint8(128),
}


def to_onnx(model: nn.Module, outputs: Sequence[str], quantised: bool = True) -> bytes:
    """`model` maps `input_ids` and `attention_mask` (texts, tokens) of int64 to the named outputs (texts, …).
    Quantised, it is a quarter of the size: 7-bit weights with a scale per channel, uint8 activations with a scale per
    token."""
    example = torch.ones((2, 8), dtype=torch.int64)
    inputs = ["input_ids", "attention_mask"]
    axes = {name: {0: "texts", 1: "tokens"} for name in inputs} | {name: {0: "texts"} for name in outputs}
    with tempfile.TemporaryDirectory() as folder:
        exported = Path(folder) / "exported.onnx"
        with warnings.catch_warnings():
            # The tracer warns of shapes that it takes for constants; a test compares other shapes.
            warnings.simplefilter("ignore")
            torch.onnx.export(
                model,
                (example, example),
                str(exported),
                input_names=inputs,
                output_names=list(outputs),
                dynamic_axes=axes,
                opset_version=_OPSET,
                dynamo=False,
            )
        return _quantise(exported, Path(folder)) if quantised else exported.read_bytes()


def _quantise(exported: Path, folder: Path) -> bytes:
    prepared, small = folder / "prepared.onnx", folder / "int8.onnx"
    with _onnxruntime_warns_only():
        quant_pre_process(exported, prepared, skip_symbolic_shape=True)
        # 7 bits of weight: processors without VNNI add two products in 16 bits, which 8 bits overflow.
        quantize_dynamic(prepared, small, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8)
    model = onnx.load(small)
    _scale_by_row(model.graph)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


@contextmanager
def _onnxruntime_warns_only() -> Iterator[None]:
    """Its quantisation logs a line for most tensors, as the root logger; warnings, errors and others' lines stay."""

    def is_shown(record: logging.LogRecord) -> bool:
        return record.levelno >= logging.WARNING or _QUANTISATION not in Path(record.pathname).parents

    root = logging.getLogger()
    root.addFilter(is_shown)
    try:
        yield
    finally:
        root.removeFilter(is_shown)


def _scale_by_row(graph: onnx.GraphProto) -> None:
    """Replace each quantisation of a whole tensor by one per row of its last axis."""
    rows = {node.output[1]: node for node in graph.node if node.op_type == "DynamicQuantizeLinear"}
    zero_points = {node.output[2] for node in rows.values()}
    products: dict[str, tuple[str, str]] = {}
    nodes: list[NodeProto] = []
    for node in graph.node:
        if node.op_type == "DynamicQuantizeLinear":
            nodes += _quantise_rows(node.input[0], quantised=node.output[0], scale=node.output[1])
        elif node.op_type == "Mul" and (scale := _one_of(node, rows)):
            products[node.output[0]] = (scale, _other(node, scale))
        elif node.op_type == "Mul" and (product := _one_of(node, products)):
            nodes += _rescale(_other(node, product), *products[product], result=node.output[0])
        else:
            inputs = ["row_zero_point" if name in zero_points else name for name in node.input]
            del node.input[:]
            node.input.extend(inputs)
            nodes.append(node)
    del graph.node[:]
    graph.node.extend(nodes)
    graph.initializer.extend(numpy_helper.from_array(np.asarray(value), name) for name, value in _CONSTANTS.items())


def _quantise_rows(values: str, quantised: str, scale: str) -> list[NodeProto]:
    """scale = largest magnitude of the row / 127; quantised = round(values / scale) + 128."""
    sizes, largest, above, divided, rounded, moved = (f"{quantised}_{step}" for step in range(6))
    return [
        helper.make_node("Abs", [values], [sizes]),
        helper.make_node("ReduceMax", [sizes], [largest], axes=[-1], keepdims=1),
        helper.make_node("Max", [largest, "row_least"], [above]),
        helper.make_node("Mul", [above, "row_step"], [scale]),
        helper.make_node("Div", [values, scale], [divided]),
        helper.make_node("Round", [divided], [rounded]),
        helper.make_node("Add", [rounded, "row_middle"], [moved]),
        helper.make_node("Cast", [moved], [quantised], to=TensorProto.UINT8),
    ]


def _rescale(values: str, row_scale: str, weight_scale: str, result: str) -> list[NodeProto]:
    """Apply the scales one by one: onnxruntime would fuse their product into a kernel with one scale per tensor."""
    by_weight = f"{result}_by_weight"
    return [
        helper.make_node("Mul", [values, weight_scale], [by_weight]),
        helper.make_node("Mul", [by_weight, row_scale], [result]),
    ]


def _one_of(node: NodeProto, names: dict[str, NodeProto] | dict[str, tuple[str, str]]) -> str | None:
    return next((name for name in node.input if name in names), None)


def _other(node: NodeProto, name: str) -> str:
    return str(next(other for other in node.input if other != name))
