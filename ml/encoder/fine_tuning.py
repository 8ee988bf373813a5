"""Fine-tuning the base with heads on its vectors, whatever the heads predict. Needs torch."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import torch
from rich.console import Console
from rich.progress import Progress
from torch import nn
from transformers import DistilBertModel, get_linear_schedule_with_warmup


@dataclass(frozen=True)
class Hyperparameters:
    """`frozen_layers`: how many layers, from the bottom, are not trained; the embeddings never are."""

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


def fit(
    model: nn.Module,
    encoder: DistilBertModel,
    texts: int,
    losses: Callable[[random.Random], Iterable[torch.Tensor]],
    chosen: Hyperparameters,
) -> None:
    """Train the encoder and the model's other parameters, the heads, in place. `losses` computes the loss of each batch
    of an epoch over the texts, when it is asked for."""
    for part in (encoder.embeddings, *encoder.transformer.layer[: chosen.frozen_layers]):
        part.requires_grad_(False)
    steps = chosen.epochs * -(-texts // chosen.batch_size)
    optimizer = _optimizer(model, encoder, chosen)
    schedule = get_linear_schedule_with_warmup(  # type: ignore[no-untyped-call]
        optimizer, int(steps * chosen.warmup_share), steps
    )
    source = random.Random(chosen.seed)
    model.train()
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("training", total=steps)
        for _ in range(chosen.epochs):
            for loss in losses(source):
                loss.backward()  # type: ignore[no-untyped-call]
                nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimizer.step()
                schedule.step()
                optimizer.zero_grad()
                progress.update(task, advance=1, description=f"training, loss {loss.item():.2f}")
    model.eval()


def mean_of_tokens(encoder: DistilBertModel, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
    """(texts, tokens) ids and mask to (texts, dimension), as the encoder was pretrained but not brought to length 1."""
    hidden = encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
    mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
    mean: torch.Tensor = (hidden * mask).sum(1) / mask.sum(1)
    return mean


def weighted_loss(labels: Sequence[str], classes: Sequence[str], chosen: Hyperparameters) -> nn.CrossEntropyLoss:
    """Cross-entropy weighted by the square root of a class's rarity."""
    counts = torch.tensor([labels.count(name) for name in classes], dtype=torch.float32).clamp(min=1)
    weights = (counts.sum() / (len(classes) * counts)).sqrt()
    return nn.CrossEntropyLoss(weights, label_smoothing=chosen.label_smoothing)


def shuffled_batches(ids: Sequence[Sequence[int]], size: int, source: random.Random) -> list[list[int]]:
    """The positions of the texts in each batch of an epoch; texts of similar length go together."""
    order = sorted(range(len(ids)), key=lambda number: (len(ids[number]) // 3, source.random()))
    starts = list(range(0, len(order), size))
    source.shuffle(starts)
    return [order[start : start + size] for start in starts]


def padded(rows: Sequence[Sequence[int]], pad_id: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Ids and mask, each (texts, tokens)."""
    longest = max(map(len, rows))
    ids = torch.tensor([[*row, *[pad_id] * (longest - len(row))] for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
    return ids, mask


def _optimizer(model: nn.Module, encoder: DistilBertModel, chosen: Hyperparameters) -> torch.optim.Optimizer:
    of_encoder = set(encoder.parameters())
    groups = [
        {"params": [each for each in encoder.parameters() if each.requires_grad], "lr": chosen.learning_rate},
        {"params": [each for each in model.parameters() if each not in of_encoder], "lr": chosen.head_learning_rate},
    ]
    return torch.optim.AdamW(groups, weight_decay=chosen.weight_decay)
