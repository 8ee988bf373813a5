"""Measures the ways of telling sentiment on two public collections of Indonesian texts, which the project has not.

`prdect_id.csv`: product reviews, positive or negative, five folds. `smsa_train.tsv` and `smsa_test.tsv`: sentences,
three classes, the official split. Give the folder that has them, or lay them in `../shared/data`. `--fine-tune` also
trains the encoder on the sentences, which takes about an hour of one core.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.table import Table
from sklearn.model_selection import StratifiedKFold

from ml.sentiment import svm
from ml.sentiment.dataset import CLASSES
from ml.sentiment.evaluate import accuracy, macro_f1
from warehouse.settings import ROOT, get_settings

_FOLDER = ROOT.parent / "shared" / "data"
_FOLDS = 5


class Labelled(NamedTuple):
    """Texts with their sentiments."""

    texts: list[str]
    sentiments: list[str]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sentiment", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=_FOLDER)
    parser.add_argument("--fine-tune", action="store_true")
    arguments = parser.parse_args()
    console = Console()
    table = Table("", "texts", "accuracy", "macro F1", title="Sentiment, in brackets 95 % intervals")
    for name, measure in (("prdect_id.csv", _reviews), ("smsa_test.tsv", _sentences)):
        if (arguments.folder / name).exists():
            measure(arguments.folder, table, arguments.fine_tune)
        else:
            console.print(f"Skipped {name}: it is not in {arguments.folder.name}; it may not be part of the project.")
    if table.row_count:
        console.print(table)
    return 0


def _reviews(folder: Path, table: Table, _with_fine_tuning: bool) -> None:
    """Five folds of reviews, without those that are there twice. C is chosen anew in each fold."""
    with open(folder / "prdect_id.csv", encoding="utf-8", newline="") as file:
        rows = {row["Customer Review"].casefold(): row for row in csv.DictReader(file)}.values()
    reviews = Labelled([row["Customer Review"] for row in rows], [row["Sentiment"].lower() for row in rows])
    predicted = [""] * len(rows)
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
    for training, test in folds.split(reviews.texts, reviews.sentiments):
        found = _by_machine(_chosen(reviews, training), [reviews.texts[number] for number in test], CLASSES["review"])
        for number, sentiment in zip(test, found, strict=True):
            predicted[number] = sentiment
    _add(table, "product reviews, five folds: SVM", reviews, predicted)


def _sentences(folder: Path, table: Table, with_fine_tuning: bool) -> None:
    training, test = _tsv(folder / "smsa_train.tsv"), _tsv(folder / "smsa_test.tsv")
    _add(table, "sentences: SVM", test, _by_machine(training, test.texts, CLASSES["chat"]))
    if with_fine_tuning:
        _add(table, "sentences: fine-tuned encoder", test, _by_fine_tuning(training, test.texts))


def _by_machine(training: Labelled, texts: Sequence[str], classes: tuple[str, ...]) -> list[str]:
    model = svm.fit(training.texts, training.sentiments, classes)
    return [classes[number] for number in model.probabilities(texts).argmax(axis=1)]


def _by_fine_tuning(training: Labelled, texts: Sequence[str]) -> list[str]:
    # Imported here since torch takes many seconds to import.
    from ml.encoder.base import load_base
    from ml.encoder.fine_tuning import Hyperparameters
    from ml.encoder.store import Encoder
    from ml.sentiment.fine_tune import fine_tune
    from ml.sentiment.head import vectors

    classes = CLASSES["chat"]
    tuned = fine_tune(
        load_base(get_settings()), training.texts, training.sentiments, classes, Hyperparameters(epochs=3)
    )
    probabilities = tuned.head.probabilities(vectors(texts, Encoder(tuned.encoder, tuned.encoder.version)))
    return [classes[number] for number in probabilities.argmax(axis=1)]


def _add(table: Table, name: str, truth: Labelled, predicted: Sequence[str]) -> None:
    figures = (accuracy(truth.sentiments, predicted), macro_f1(truth.sentiments, predicted))
    table.add_row(name, str(len(predicted)), *map(str, figures))


def _chosen(labelled: Labelled, numbers: npt.NDArray[np.int64]) -> Labelled:
    return Labelled([labelled.texts[number] for number in numbers], [labelled.sentiments[number] for number in numbers])


def _tsv(path: Path) -> Labelled:
    with open(path, encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines if "\t" in line]
    return Labelled([text for text, _ in rows], [sentiment for _, sentiment in rows])


if __name__ == "__main__":
    sys.exit(main())
