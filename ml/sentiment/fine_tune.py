"""Fine-tunes the encoder on texts with a sentiment each. Needs torch, which only the training requirements have."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple

import torch
from rich.console import Console
from rich.progress import Progress
from torch import nn
from transformers import DistilBertModel, get_linear_schedule_with_warmup

from ml.encoder.base import Base
from ml.encoder.onnx_export import to_onnx
from ml.encoder.store import QUESTION
from ml.onnx_model import OnnxModel
from ml.sentiment.head import expanded
from ml.sentiment.linear import Linear


@dataclass(frozen=True)
class Configuration:
    """Hyperparameters. `frozen_layers`: how many layers, from the bottom, are not trained; the embeddings never are."""

    frozen_layers: int = 6
    epochs: int = 6
    batch_size: int = 32
    learning_rate: float = 2e-4
    head_learning_rate: float = 1e-3
    weight_decay: float = 0.01
    warmup_share: float = 0.1
    dropout: float = 0.1
    label_smoothing: float = 0.05
    max_tokens: int = 128
    seed: int = 7


class FineTuned(NamedTuple):
    """The encoder, and the head that reads its vectors."""

    encoder: OnnxModel
    head: Linear


class Vectors(nn.Module):
    """The mean of the tokens, which is how the encoder was pretrained, though not brought to length 1."""

    def __init__(self, encoder: DistilBertModel) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """(texts, tokens) ids and mask to (texts, dimension)."""
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        mean: torch.Tensor = (hidden * mask).sum(1) / mask.sum(1)
        return mean


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
    configuration: Configuration | None = None,
) -> FineTuned:
    """Train the base, in place, to tell the classes apart; texts are read as `head.vectors` reads them."""
    chosen = configuration or Configuration()
    torch.manual_seed(chosen.seed)
    base.tokenizer.no_padding()
    base.tokenizer.enable_truncation(chosen.max_tokens)
    ids = [
        encoding.ids for encoding in base.tokenizer.encode_batch([QUESTION + expanded(text).lower() for text in texts])
    ]
    targets = [classes.index(sentiment) for sentiment in sentiments]
    model = Classifier(base.encoder, len(classes), chosen.dropout)
    for part in (base.encoder.embeddings, *base.encoder.transformer.layer[: chosen.frozen_layers]):
        part.requires_grad_(False)
    steps = chosen.epochs * -(-len(ids) // chosen.batch_size)
    optimizer = _optimizer(model, chosen)
    schedule = get_linear_schedule_with_warmup(  # type: ignore[no-untyped-call]
        optimizer, int(steps * chosen.warmup_share), steps
    )
    loss_of = nn.CrossEntropyLoss(_weights(targets, len(classes)), label_smoothing=chosen.label_smoothing)
    source = random.Random(chosen.seed)
    model.train()
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("training", total=steps)
        for _ in range(chosen.epochs):
            for numbers in _batches(ids, chosen.batch_size, source):
                loss = loss_of(
                    model(*_padded([ids[number] for number in numbers], base.pad_id)),
                    torch.tensor([targets[number] for number in numbers]),
                )
                loss.backward()
                nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimizer.step()
                schedule.step()
                optimizer.zero_grad()
                progress.update(task, advance=1)
    return _exported(model.eval(), base, chosen)


def _exported(model: Classifier, base: Base, configuration: Configuration) -> FineTuned:
    described = {**asdict(configuration), "base": base.name, "pad_id": base.pad_id}
    encoder = OnnxModel(to_onnx(model.vectors, ["embedding"]), base.tokenizer.to_str(), described)
    head = Linear(model.head.weight.detach().numpy(), model.head.bias.detach().numpy())
    return FineTuned(encoder, head)


def _optimizer(model: Classifier, configuration: Configuration) -> torch.optim.Optimizer:
    encoder = [parameter for parameter in model.vectors.parameters() if parameter.requires_grad]
    groups = [
        {"params": encoder, "lr": configuration.learning_rate},
        {"params": model.head.parameters(), "lr": configuration.head_learning_rate},
    ]
    return torch.optim.AdamW(groups, weight_decay=configuration.weight_decay)


def _weights(targets: Sequence[int], classes: int) -> torch.Tensor:
    """The square root of each class's rarity."""
    counts = torch.bincount(torch.tensor(targets), minlength=classes).clamp(min=1)
    return (counts.sum() / (classes * counts)).sqrt()


def _batches(ids: Sequence[Sequence[int]], size: int, source: random.Random) -> Iterator[list[int]]:
    """The shuffled batches of an epoch, of texts of similar length."""
    order = sorted(range(len(ids)), key=lambda number: (len(ids[number]) // 3, source.random()))
    starts = list(range(0, len(order), size))
    source.shuffle(starts)
    return (order[start : start + size] for start in starts)


def _padded(rows: Sequence[Sequence[int]], pad_id: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Ids and mask, each (texts, tokens)."""
    longest = max(map(len, rows))
    ids = torch.tensor([[*row, *[pad_id] * (longest - len(row))] for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
    return ids, mask
