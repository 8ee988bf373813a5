"""Fine-tunes the encoder on texts with a sentiment each. Needs torch, which only the training requirements have."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import NamedTuple

import torch
from torch import nn
from transformers import DistilBertModel

from ml.encoder.base import Base
from ml.encoder.export import mean_over_tokens
from ml.encoder.fine_tuning import (
    Hyperparameters,
    fast_products,
    fit,
    frozen_outputs,
    mean_of_tokens,
    padded_outputs,
    shuffled_batches,
    weighted_loss,
)
from ml.encoder.onnx_export import to_onnx
from ml.encoder.store import QUESTION
from ml.onnx_model import OnnxModel
from ml.sentiment.head import expanded
from ml.sentiment.linear import Linear

HYPERPARAMETERS = Hyperparameters(frozen_layers=8)
"""Two thirds of the layers are frozen: an epoch then takes half as long as with half of them."""


class FineTuned(NamedTuple):
    """The encoder, and the head that reads its vectors."""

    encoder: OnnxModel
    head: Linear


class Vectors(nn.Module):
    """The mean of the tokens as a vector."""

    def __init__(self, encoder: DistilBertModel) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """(texts, tokens) ids and mask to (texts, dimension)."""
        return mean_of_tokens(self.encoder, input_ids, attention_mask)


class Classifier(nn.Module):
    """The encoder's upper layers, which are trained, and a linear head on the mean of the tokens."""

    def __init__(self, encoder: DistilBertModel, frozen_layers: int, classes: int, dropout: float) -> None:
        super().__init__()
        self.layers = encoder.transformer.layer[frozen_layers:]
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(encoder.config.dim, classes)

    def forward(self, hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """(texts, tokens, dimension) of the lower layers and mask (texts, tokens) to (texts, classes) logits."""
        padding = (1 - mask)[:, None, None, :] * torch.finfo(hidden.dtype).min
        for layer in self.layers:
            hidden = layer(hidden, padding)
        logits: torch.Tensor = self.head(self.dropout(mean_over_tokens(hidden, mask)))
        return logits


def fine_tune(
    base: Base,
    texts: Sequence[str],
    sentiments: Sequence[str],
    classes: Sequence[str],
    configuration: Hyperparameters | None = None,
) -> FineTuned:
    """Train the base, in place, to tell the classes apart; texts are read as `head.vectors` reads them."""
    chosen = configuration or HYPERPARAMETERS
    torch.manual_seed(chosen.seed)
    base.tokenizer.no_padding()
    base.tokenizer.enable_truncation(chosen.max_tokens)
    encoded = base.tokenizer.encode_batch([QUESTION + expanded(text).lower() for text in texts])
    hidden = frozen_outputs(base, [encoding.ids for encoding in encoded], chosen)
    targets = torch.tensor([classes.index(sentiment) for sentiment in sentiments])
    model = Classifier(base.encoder, chosen.frozen_layers, len(classes), chosen.dropout)
    loss_of = weighted_loss(sentiments, classes, chosen)

    def losses(source: random.Random) -> Iterator[torch.Tensor]:
        for numbers in shuffled_batches(hidden, chosen.batch_size, source):
            with fast_products():
                logits = model(*padded_outputs([hidden[number] for number in numbers]))
            yield loss_of(logits.float(), targets[numbers])

    fit(model, base.encoder, len(hidden), losses, chosen)
    return _exported(model, base, chosen)


def _exported(model: Classifier, base: Base, configuration: Hyperparameters) -> FineTuned:
    described = {**asdict(configuration), "base": base.name, "pad_id": base.pad_id}
    onnx = to_onnx(Vectors(base.encoder).eval(), ["embedding"])
    head = Linear(model.head.weight.detach().numpy(), model.head.bias.detach().numpy())
    return FineTuned(OnnxModel(onnx, base.tokenizer.to_str(), described), head)
