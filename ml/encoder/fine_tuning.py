"""Fine-tuning the base with heads on its vectors, for any targets. Needs torch.

The outputs of the frozen layers do not change during training, so they can be computed once, before the first epoch
(`frozen_outputs`).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TypeVar

import structlog
import torch
from rich.console import Console
from rich.progress import Progress
from torch import nn
from transformers import DistilBertModel, get_linear_schedule_with_warmup

from ml.encoder.base import Base
from ml.encoder.export import mean_over_tokens

_REPORTS = 20
_log = structlog.get_logger()
_Item = TypeVar("_Item")


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
    of an epoch over the texts, lazily."""
    for part in (encoder.embeddings, *encoder.transformer.layer[: chosen.frozen_layers]):
        part.requires_grad_(False)
    steps = chosen.epochs * -(-texts // chosen.batch_size)
    optimizer = _optimizer(model, encoder, chosen)
    schedule = get_linear_schedule_with_warmup(  # type: ignore[no-untyped-call]
        optimizer, int(steps * chosen.warmup_share), steps
    )
    source = random.Random(chosen.seed)
    model.train()
    for loss in _shown((loss for _ in range(chosen.epochs) for loss in losses(source)), steps, "training"):
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
    model.eval()


def frozen_outputs(base: Base, ids: Sequence[list[int]], chosen: Hyperparameters) -> list[torch.Tensor]:
    """The outputs of the frozen layers for each text, (tokens, dimension) of 16 bits: 11,000 texts of 50 tokens take
    0.4 GB."""
    transformer, layers = base.encoder.transformer, base.encoder.transformer.layer
    base.encoder.eval()  # type: ignore[no-untyped-call]
    batches = shuffled_batches(ids, chosen.batch_size, random.Random(chosen.seed))
    outputs = [torch.empty(0)] * len(ids)
    transformer.layer = layers[: chosen.frozen_layers]
    with torch.no_grad(), fast_products():
        for numbers in _shown(batches, len(batches), "reading"):
            found = base.encoder(*padded([ids[number] for number in numbers], base.pad_id)).last_hidden_state
            for number, row in zip(numbers, found.half(), strict=True):
                outputs[number] = row[: len(ids[number])].clone()
    transformer.layer = layers
    return outputs


def fast_products() -> AbstractContextManager[None]:
    """Products of 16-bit numbers where the processor has them, in about half the time; on others they are slower."""
    return torch.autocast("cpu", torch.bfloat16, enabled=bool(torch.cpu.get_capabilities().get("avx512_bf16")))


def _shown(items: Iterable[_Item], count: int, task: str) -> Iterator[_Item]:
    """The items, with a bar, or with a line in the log for each twentieth of them where no terminal shows a bar."""
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as progress:
        bar = progress.add_task(task, total=count)
        for number, item in enumerate(items, start=1):
            yield item
            loss = {"loss": round(item.item(), 3)} if isinstance(item, torch.Tensor) else {}
            progress.update(bar, advance=1, description=" ".join([task, *map(str, loss.values())]))
            if not console.is_terminal and number * _REPORTS // count > (number - 1) * _REPORTS // count:
                _log.info(task, percent=100 * number // count, **loss)


def mean_of_tokens(encoder: DistilBertModel, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
    """(texts, tokens) ids and mask to (texts, dimension), as the encoder was pretrained but not brought to length 1."""
    hidden = encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
    return mean_over_tokens(hidden, attention_mask)


def weighted_loss(labels: Sequence[str], classes: Sequence[str], chosen: Hyperparameters) -> nn.CrossEntropyLoss:
    """Cross-entropy weighted by the square root of a class's rarity."""
    counts = torch.tensor([labels.count(name) for name in classes], dtype=torch.float32).clamp(min=1)
    weights = (counts.sum() / (len(classes) * counts)).sqrt()
    return nn.CrossEntropyLoss(weights, label_smoothing=chosen.label_smoothing)


def shuffled_batches(ids: Sequence[Sized], size: int, source: random.Random) -> list[list[int]]:
    """The positions of the texts in each batch of an epoch; texts of similar length go together."""
    order = sorted(range(len(ids)), key=lambda number: (len(ids[number]) // 3, source.random()))
    starts = list(range(0, len(order), size))
    source.shuffle(starts)
    return [order[start : start + size] for start in starts]


def padded(rows: Sequence[Sequence[int]], pad_id: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Ids and mask, each (texts, tokens)."""
    longest = max(map(len, rows))
    return torch.tensor([[*row, *[pad_id] * (longest - len(row))] for row in rows]), _mask(rows)


def padded_outputs(rows: Sequence[torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor]:
    """The outputs of the frozen layers as (texts, tokens, dimension), and the mask (texts, tokens)."""
    return nn.utils.rnn.pad_sequence([row.float() for row in rows], batch_first=True), _mask(rows)


def _mask(rows: Sequence[Sized]) -> torch.Tensor:
    longest = max(map(len, rows))
    return torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])


def _optimizer(model: nn.Module, encoder: DistilBertModel, chosen: Hyperparameters) -> torch.optim.Optimizer:
    of_encoder = set(encoder.parameters())
    groups = [
        {"params": [each for each in encoder.parameters() if each.requires_grad], "lr": chosen.learning_rate},
        {"params": [each for each in model.parameters() if each not in of_encoder], "lr": chosen.head_learning_rate},
    ]
    return torch.optim.AdamW(groups, weight_decay=chosen.weight_decay)
