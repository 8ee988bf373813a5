"""`python -m ml.classifier.report`: the model in use and the baseline on the frozen test set."""

from __future__ import annotations

import sys
from typing import Any

from rich.console import Console
from rich.table import Table

from ml.classifier import dataset, registry
from ml.classifier.baseline import baseline
from ml.classifier.evaluate import evaluate
from ml.classifier.registry import NoModelInUse
from ml.classifier.retrain import judged
from warehouse.settings import get_settings


def main() -> int:
    try:
        model = registry.model_in_use(get_settings())
    except NoModelInUse as error:
        print(f"ml.classifier.report: {error}", file=sys.stderr)
        return 2
    found = judged(model)
    simple = evaluate(baseline(dataset.training_messages()), dataset.frozen_test())
    console = Console()
    console.print(_comparison(found, simple))
    for head in ("issue", "urgency"):
        console.print(_classes(head, found[head]))
    return 0


def _comparison(model: dict[str, Any], simple: dict[str, Any]) -> Table:
    table = Table("", "model in use", "character SVM", title=f"On {model['messages']} messages it never saw")
    for head in ("issue", "urgency"):
        for figure in ("accuracy", "macro_f1", "kappa"):
            table.add_row(f"{head}: {figure}", f"{model[head][figure]:.3f}", f"{simple[head][figure]:.3f}")
    for name, figures in model["slices"].items():
        other = simple["slices"][name]["issue_accuracy"]
        name = f"issue: accuracy on {name} ({figures['messages']})"
        table.add_row(name, f"{figures['issue_accuracy']:.3f}", f"{other:.3f}")
    key = "out_of_context_other"
    table.add_row("out of context, predicted other", f"{model[key]:.3f}", f"{simple[key]:.3f}")
    return table


def _classes(head: str, figures: dict[str, Any]) -> Table:
    """The figures by class and the confusion matrix (rows are the truth, columns the predictions)."""
    names = list(figures["classes"])
    table = Table(head, "precision", "recall", "F1", *(f"→ {name}" for name in names))
    for number, (name, of_class) in enumerate(figures["classes"].items()):
        shares = [f"{of_class[figure]:.2f}" for figure in ("precision", "recall", "f1")]
        table.add_row(name, *shares, *map(str, figures["confusion"][number]))
    return table


if __name__ == "__main__":
    sys.exit(main())
