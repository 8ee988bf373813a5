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
from ml.encoder.fine_tuning import Hyperparameters, fit, mean_of_tokens, padded, shuffled_batches, weighted_loss
from ml.encoder.onnx_export import to_onnx
from ml.encoder.store import QUESTION
from ml.onnx_model import OnnxModel
from ml.sentiment.head import expanded
from ml.sentiment.linear import Linear


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
    """A linear head on the vectors."""

    def __init__(self, encoder: DistilBertModel, classes: int, dropout: float) -> None:
        super().__init__()
        self.vectors = Vectors(encoder)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(encoder.config.dim, classes)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """(texts, tokens) ids and mask to (texts, classes) logits."""
        logits: torch.Tensor = self.head(self.dropout(self.vectors(input_ids, attention_mask)))
        return logits


def fine_tune(
    base: Base,
    texts: Sequence[str],
    sentiments: Sequence[str],
    classes: Sequence[str],
    configuration: Hyperparameters | None = None,
) -> FineTuned:
    """Train the base, in place, to tell the classes apart; texts are read as `head.vectors` reads them."""
    chosen = configuration or Hyperparameters()
    torch.manual_seed(chosen.seed)
    base.tokenizer.no_padding()
    base.tokenizer.enable_truncation(chosen.max_tokens)
    ids = [
        encoding.ids for encoding in base.tokenizer.encode_batch([QUESTION + expanded(text).lower() for text in texts])
    ]
    targets = torch.tensor([classes.index(sentiment) for sentiment in sentiments])
    model = Classifier(base.encoder, len(classes), chosen.dropout)
    loss_of = weighted_loss(sentiments, classes, chosen)

    def losses(source: random.Random) -> Iterator[torch.Tensor]:
        for numbers in shuffled_batches(ids, chosen.batch_size, source):
            yield loss_of(model(*padded([ids[number] for number in numbers], base.pad_id)), targets[numbers])

    fit(model, base.encoder, len(ids), losses, chosen)
    return _exported(model, base, chosen)


def _exported(model: Classifier, base: Base, configuration: Hyperparameters) -> FineTuned:
    described = {**asdict(configuration), "base": base.name, "pad_id": base.pad_id}
    encoder = OnnxModel(to_onnx(model.vectors, ["embedding"]), base.tokenizer.to_str(), described)
    head = Linear(model.head.weight.detach().numpy(), model.head.bias.detach().numpy())
    return FineTuned(encoder, head)
