"""Exports the pretrained encoder to ONNX: the mean of its tokens, normalised, as it was pretrained."""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path

import torch
from torch import nn
from transformers import DistilBertModel

from ml.encoder.base import DEFAULT_NAME, load_base
from ml.encoder.quantise import quantise
from ml.encoder.store import StoredEncoder
from warehouse.settings import Settings

MAX_TOKENS = 256

_OPSET = 17


class MeanOfTokens(nn.Module):
    """Texts in, vectors of length 1 out."""

    def __init__(self, encoder: DistilBertModel) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """(texts, tokens) ids and mask to (texts, dimension)."""
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * mask).sum(1) / mask.sum(1)
        return nn.functional.normalize(mean)


def make(settings: Settings, quantised: bool = True) -> StoredEncoder:
    """The default base as an encoder, regardless of `KABAR_BASE_MODEL`, which was not trained to compare texts.
    `quantised=False` keeps 32 bits, for comparison."""
    base = load_base(settings.model_copy(update={"base_model": None}))
    base.tokenizer.no_padding()
    with tempfile.TemporaryDirectory() as folder:
        exported = Path(folder) / "exported.onnx"
        _export(MeanOfTokens(base.encoder).eval(), exported)
        onnx = quantise(exported, Path(folder)) if quantised else exported.read_bytes()
    configuration = {"base": DEFAULT_NAME, "max_tokens": MAX_TOKENS, "pad_id": base.pad_id}
    return StoredEncoder(onnx, base.tokenizer.to_str(), configuration)


def _export(model: MeanOfTokens, path: Path) -> None:
    example = torch.ones((2, 8), dtype=torch.int64)
    axes = {0: "texts", 1: "tokens"}
    with warnings.catch_warnings():
        # The tracer warns of every shape that it writes down as a constant; the test compares other shapes.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model,
            (example, example),
            str(path),
            input_names=["input_ids", "attention_mask"],
            output_names=["embedding"],
            dynamic_axes={"input_ids": axes, "attention_mask": axes, "embedding": {0: "texts"}},
            opset_version=_OPSET,
            dynamo=False,
        )
