"""Fine-tunes the classifier: a DistilBERT with two heads, issue and urgency."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import NamedTuple

import torch
from rich.console import Console
from rich.progress import Progress
from tokenizers import Tokenizer
from torch import nn
from transformers import DistilBertModel, get_linear_schedule_with_warmup

from ml.classifier.augment import vary
from ml.classifier.dataset import ISSUES, URGENCIES, Message
from ml.classifier.prepare import prepare
from ml.encoder.base import Base

Batch = dict[str, torch.Tensor]


@dataclass(frozen=True)
class Configuration:
    """Hyperparameters. `layers`: the number of encoder layers used, from the bottom; `frozen_layers`: how many of them,
    beside the embeddings, are not trained."""

    layers: int = 12
    frozen_layers: int = 6
    epochs: int = 8
    batch_size: int = 32
    learning_rate: float = 3e-4
    head_learning_rate: float = 1e-3
    weight_decay: float = 0.01
    warmup_share: float = 0.1
    dropout: float = 0.1
    label_smoothing: float = 0.05
    max_tokens: int = 128
    validation_share: float = 0.1
    seed: int = 7


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
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        mean = self.dropout((hidden * mask).sum(1) / mask.sum(1))
        return self.issue(mean), self.urgency(mean)


def train(base: Base, messages: list[Message], configuration: Configuration) -> Trained:
    """Fine-tune the base on the messages."""
    started = time.monotonic()
    torch.manual_seed(configuration.seed)
    base.tokenizer.no_padding()
    base.tokenizer.enable_truncation(configuration.max_tokens)
    model = Classifier(base.encoder, configuration.dropout)
    _freeze(model, configuration.frozen_layers)
    steps = configuration.epochs * -(-len(messages) // configuration.batch_size)
    optimizer = _optimizer(model, configuration)
    schedule = get_linear_schedule_with_warmup(  # type: ignore[no-untyped-call]
        optimizer, int(steps * configuration.warmup_share), steps
    )
    issue_loss = _loss([message.issue for message in messages], ISSUES, configuration)
    urgency_loss = _loss([message.urgency for message in messages], URGENCIES, configuration)
    source = random.Random(configuration.seed)
    model.train()
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("training", total=steps)
        for _ in range(configuration.epochs):
            for batch in _batches(messages, base, configuration.batch_size, source):
                issue, urgency = model(batch["input_ids"], batch["attention_mask"])
                loss = issue_loss(issue, batch["issue"]) + urgency_loss(urgency, batch["urgency"])
                loss.backward()
                nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimizer.step()
                schedule.step()
                optimizer.zero_grad()
                progress.update(task, advance=1, description=f"training, loss {loss.item():.2f}")
    return Trained(model.eval(), base.tokenizer, base.pad_id, time.monotonic() - started)


def _freeze(model: Classifier, layers: int) -> None:
    frozen = [model.encoder.embeddings, *model.encoder.transformer.layer[:layers]]
    for part in frozen:
        part.requires_grad_(False)


def _optimizer(model: Classifier, configuration: Configuration) -> torch.optim.Optimizer:
    heads = [*model.issue.parameters(), *model.urgency.parameters()]
    encoder = [parameter for parameter in model.encoder.parameters() if parameter.requires_grad]
    return torch.optim.AdamW(
        [
            {"params": encoder, "lr": configuration.learning_rate},
            {"params": heads, "lr": configuration.head_learning_rate},
        ],
        weight_decay=configuration.weight_decay,
    )


def _loss(labels: list[str], classes: tuple[str, ...], configuration: Configuration) -> nn.CrossEntropyLoss:
    """Cross-entropy weighted by the square root of a class's rarity."""
    counts = torch.tensor([labels.count(name) for name in classes], dtype=torch.float32).clamp(min=1)
    weights = (counts.sum() / (len(classes) * counts)).sqrt()
    return nn.CrossEntropyLoss(weights, label_smoothing=configuration.label_smoothing)


def _batches(messages: list[Message], base: Base, size: int, source: random.Random) -> list[Batch]:
    """The shuffled batches of an epoch: augmented messages, grouped by similar length."""
    texts = [prepare(vary(message.text, source)) for message in messages]
    ids = [encoding.ids for encoding in base.tokenizer.encode_batch(texts)]
    order = sorted(range(len(ids)), key=lambda number: (len(ids[number]) // 3, source.random()))
    starts = list(range(0, len(order), size))
    source.shuffle(starts)
    return [_batch([(ids[n], messages[n]) for n in order[start : start + size]], base.pad_id) for start in starts]


def _batch(rows: list[tuple[list[int], Message]], pad_id: int) -> Batch:
    longest = max(len(ids) for ids, _ in rows)
    return {
        "input_ids": torch.tensor([ids + [pad_id] * (longest - len(ids)) for ids, _ in rows]),
        "attention_mask": torch.tensor([[1] * len(ids) + [0] * (longest - len(ids)) for ids, _ in rows]),
        "issue": torch.tensor([ISSUES.index(message.issue) for _, message in rows]),
        "urgency": torch.tensor([URGENCIES.index(message.urgency) for _, message in rows]),
    }
