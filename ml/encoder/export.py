"""Exports the pretrained encoder to ONNX: the mean of its tokens, normalised, as it was pretrained."""

from __future__ import annotations

import torch
from torch import nn
from transformers import DistilBertModel

from ml.encoder.base import DEFAULT_NAME, load_base
from ml.encoder.onnx_export import to_onnx
from ml.onnx_model import OnnxModel
from warehouse.settings import Settings

MAX_TOKENS = 256
"""Tokens of a text that are read, with the two special ones; the rest is cut off."""


def mean_over_tokens(hidden: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
    """(texts, tokens, dimension) and mask (texts, tokens) to (texts, dimension), without what pads a text."""
    mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
    mean: torch.Tensor = (hidden * mask).sum(1) / mask.sum(1)
    return mean


class MeanOfTokens(nn.Module):
    """Texts in, vectors of length 1 out."""

    def __init__(self, encoder: DistilBertModel) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """(texts, tokens) ids and mask to (texts, dimension)."""
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        return nn.functional.normalize(mean_over_tokens(hidden, attention_mask))


def make(settings: Settings, quantised: bool = True) -> OnnxModel:
    """The default base as an encoder, regardless of `KABAR_BASE_MODEL`, which was not trained to compare texts.
    `quantised=False` keeps 32 bits, for comparison."""
    base = load_base(settings.model_copy(update={"base_model": None}))
    base.tokenizer.no_padding()
    onnx = to_onnx(MeanOfTokens(base.encoder).eval(), ["embedding"], quantised)
    configuration = {"base": DEFAULT_NAME, "max_tokens": MAX_TOKENS, "pad_id": base.pad_id}
    return OnnxModel(onnx, base.tokenizer.to_str(), configuration)
