"""Messages labelled a second, on one thread: the transformers pipeline as one would write it, and Kabar's scoring.

`python -m benchmarks.scoring` runs all ways in turns over the same messages, several rounds, in one process, and prints
the median of each with its share of the upper bound: onnxruntime alone, given batches that are already tokenised.

The encoder is the same for all, with untrained heads: weights do not change the speed. The pipeline answers only one of
the two questions (the issue) and no language; ours answers all three.
"""

from __future__ import annotations

import os

os.environ["TOKENIZERS_PARALLELISM"] = "false"  # before any import that reads it: one thread for all

import argparse
import statistics
import time
from collections.abc import Callable, Sequence

import torch
from rich.console import Console
from rich.table import Table
from transformers import DistilBertForSequenceClassification, PreTrainedTokenizerFast, pipeline

from ml.classifier import dataset
from ml.classifier.fine_tune import Classifier, Configuration
from ml.classifier.predict import Predictor
from ml.classifier.prepare import prepare
from ml.classifier.registry import Model
from ml.encoder.base import Base, load_base
from ml.encoder.onnx_export import to_onnx
from warehouse.settings import get_settings

GOAL = 4.0
HEADS = ("issue", "urgency")

Label = Callable[[Sequence[str]], object]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scoring", description="messages labelled a second")
    parser.add_argument("--messages", type=int, default=400, help="how many messages each way labels in a round")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    texts = [message.text for message in dataset.training_messages()][:: max(1, 800 // arguments.messages)]
    rates = measure(ways(texts), texts, arguments.rounds)
    report(rates)


def ways(texts: Sequence[str]) -> dict[str, Label]:
    """The ways to label `texts`, by name, warm and ready."""
    configuration = Configuration()
    base = load_base(get_settings(), configuration.layers)
    model = Classifier(base.encoder, configuration.dropout).eval()
    described = {
        "issues": list(dataset.ISSUES),
        "urgencies": list(dataset.URGENCIES),
        "max_tokens": configuration.max_tokens,
        "pad_id": base.pad_id,
    }
    full, quantised = (
        Predictor(Model(to_onnx(model, HEADS, quantised), base.tokenizer.to_str(), described, base.name, {}), threads=1)
        for quantised in (False, True)
    )
    batches = list(quantised.session.batches([prepare(text) for text in texts]))
    return {
        "transformers pipeline": _pipeline(base),
        "Kabar, 32-bit weights": full.label,
        "Kabar": quantised.label,
        "upper bound: onnxruntime alone": lambda _: [quantised.session.run(batch, *HEADS) for _, batch in batches],
    }


def measure(ways: dict[str, Label], texts: Sequence[str], rounds: int) -> dict[str, float]:
    """Messages a second of each way: the median of rounds in which all take turns, so that a busy moment of the machine
    hits all of them."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for label in ways.values():
        label(texts[:16])
    for _ in range(rounds):
        for name, label in ways.items():
            started = time.perf_counter()
            label(texts)
            seconds[name].append(time.perf_counter() - started)
    return {name: len(texts) / statistics.median(taken) for name, taken in seconds.items()}


def report(rates: dict[str, float]) -> None:
    """Print the rates, the ratio to the pipeline's and whether the goal was met."""
    naive, bound = rates["transformers pipeline"], rates["upper bound: onnxruntime alone"]
    table = Table(title="Scoring on one thread")
    for heading in ("way", "messages/s", "× pipeline", "of the bound"):
        table.add_column(heading, justify="left" if heading == "way" else "right")
    for name, rate in rates.items():
        table.add_row(name, f"{rate:,.0f}", f"{rate / naive:.1f}", f"{100 * rate / bound:.0f} %")
    console = Console()
    console.print(table)
    ratio = rates["Kabar"] / naive
    console.print(f"goal at least {GOAL:g} times the pipeline: {'met' if ratio >= GOAL else 'missed'} ({ratio:.1f})")


def _pipeline(base: Base) -> Label:
    """As the documentation shows it: a list of texts in, one after the other through the model in 32 bits."""
    model = DistilBertForSequenceClassification(base.encoder.config)
    model.distilbert = base.encoder
    tokenizer = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=base.tokenizer,
        pad_token="<pad>",  # noqa: S106
    )
    classify = pipeline("text-classification", model=model, tokenizer=tokenizer, device="cpu")
    return lambda texts: classify(list(texts))


if __name__ == "__main__":
    main()
