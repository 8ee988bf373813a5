"""Fine-tunes the classifier: a DistilBERT with two heads, issue and urgency."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import DistilBertModel

from ml.classifier.augment import vary
from ml.classifier.dataset import ISSUES, URGENCIES, Message
from ml.classifier.prepare import prepare
from ml.encoder.base import Base
from ml.encoder.fine_tuning import Hyperparameters, fit, mean_of_tokens, padded, shuffled_batches, weighted_loss


@dataclass(frozen=True)
class Configuration(Hyperparameters):
    """Hyperparameters. `layers`: the number of encoder layers used, from the bottom."""

    layers: int = 12
    epochs: int = 8
    learning_rate: float = 3e-4
    validation_share: float = 0.1


class Trained(NamedTuple):
    """A trained model, its tokenizer, and the duration of training."""

    model: Classifier
    tokenizer: Tokenizer
    pad_id: int
    seconds: float


class Classifier(nn.Module):
    """Two heads on the mean of the tokens, which is how the encoder was pretrained."""

    def __init__(self, encoder: DistilBertModel, dropout: float) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = nn.Dropout(dropout)
        self.issue = nn.Linear(encoder.config.dim, len(ISSUES))
        self.urgency = nn.Linear(encoder.config.dim, len(URGENCIES))

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """(messages, tokens) ids and mask to (messages, issues) and (messages, urgencies) logits."""
        mean = self.dropout(mean_of_tokens(self.encoder, input_ids, attention_mask))
        return self.issue(mean), self.urgency(mean)


def train(base: Base, messages: list[Message], configuration: Configuration) -> Trained:
    """Fine-tune the base on the messages."""
    started = time.monotonic()
    torch.manual_seed(configuration.seed)
    base.tokenizer.no_padding()
    base.tokenizer.enable_truncation(configuration.max_tokens)
    model = Classifier(base.encoder, configuration.dropout)
    issue_loss = weighted_loss([message.issue for message in messages], ISSUES, configuration)
    urgency_loss = weighted_loss([message.urgency for message in messages], URGENCIES, configuration)
    issues = torch.tensor([ISSUES.index(message.issue) for message in messages])
    urgencies = torch.tensor([URGENCIES.index(message.urgency) for message in messages])

    def losses(source: random.Random) -> Iterator[torch.Tensor]:
        texts = [prepare(vary(message.text, source)) for message in messages]
        ids = [encoding.ids for encoding in base.tokenizer.encode_batch(texts)]
        for numbers in shuffled_batches(ids, configuration.batch_size, source):
            issue, urgency = model(*padded([ids[number] for number in numbers], base.pad_id))
            yield issue_loss(issue, issues[numbers]) + urgency_loss(urgency, urgencies[numbers])

    fit(model, base.encoder, len(messages), losses, configuration)
    return Trained(model, base.tokenizer, base.pad_id, time.monotonic() - started)
