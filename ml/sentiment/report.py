"""The figures of the models in use on the texts labelled by hand, beside the other ways that were compared."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table

from ml.sentiment import dataset
from ml.sentiment.evaluate import Interval, label_noise
from ml.sentiment.registry import in_use
from warehouse.settings import Settings

THESIS_POSITIVE_SHARE = 0.6586
"""The share of positive reviews among the 50,000 of the published study."""


def show(settings: Settings, console: Console) -> None:
    """Print the figures of both kinds. Raises NoModelInUse."""
    for kind in ("review", "chat"):
        used = in_use(kind, settings)
        console.print(f"[bold]{kind}[/bold]: {used.model.method} is in use ({used.reason})")
        console.print(_comparison(used.metrics))
        console.print(_classes(used.metrics[used.model.method]))
    reviews = in_use("review", settings)
    console.print(_shares(reviews.metrics))
    # Models made before this figure existed do not have it.
    if found := reviews.metrics[reviews.model.method].get("contradictions"):
        console.print(_contradictions(found, len(dataset.test("review"))))


def _comparison(metrics: dict[str, Any]) -> Table:
    table = Table("", *metrics, title="On texts labelled by hand, in brackets 95 % intervals")
    for figure in ("accuracy", "macro_f1"):
        table.add_row(figure, *(str(Interval(*of_method[figure])) for of_method in metrics.values()))
    table.add_row("kappa", *(f"{of_method['kappa']:.3f}" for of_method in metrics.values()))
    for name, of_slice in next(iter(metrics.values()))["slices"].items():
        figures = (f"{of_method['slices'][name]['accuracy']:.3f}" for of_method in metrics.values())
        table.add_row(f"accuracy, {name} ({of_slice['texts']})", *figures)
    return table


def _classes(metrics: dict[str, Any]) -> Table:
    table = Table("class", "texts", "precision", "recall", "F1")
    for name, figures in metrics["classes"].items():
        shares = (f"{figures[figure]:.3f}" for figure in ("precision", "recall", "f1"))
        table.add_row(name, str(figures["texts"]), *shares)
    return table


def _contradictions(found: list[dict[str, float]], reviews: int) -> Table:
    """How reliably reviews are flagged as contradicting their stars, by the least probability of a flag."""
    table = Table("from", "flagged", "correctly", "others flagged", "missed")
    table.title = "Test reviews flagged as contradicting their stars; the threshold was chosen on them"
    for row in found:
        wrong, contradicting = row["said"] - row["right"], row["right"] + row["missed"]
        table.add_row(
            f"{row['from']:.2f}",
            f"{row['said']:.0f}",
            f"{row['right'] / row['said']:.3f}" if row["said"] else "",
            f"{wrong / (reviews - contradicting):.3f}",
            f"{row['missed']:.0f} of {contradicting:.0f}",
        )
    return table


def _shares(metrics: dict[str, Any]) -> Table:
    """What stars and hand say of the reviews, beside the published study, which went by stars."""
    labelled = dataset.test("review")
    weak = [dataset.weak_label(example.rating or 0) for example in labelled]
    by_hand = [example.sentiment for example in labelled]
    table = Table("reviews for testing, said to be", "positive", "negative")
    shares = {
        "by stars": weak.count("positive") / len(weak),
        "by hand": by_hand.count("positive") / len(by_hand),
        **{f"by {method}": figures["positive_share"] for method, figures in metrics.items()},
        "published study (50,000 reviews, by stars)": THESIS_POSITIVE_SHARE,
    }
    for name, share in shares.items():
        table.add_row(name, f"{100 * share:.2f} %", f"{100 * (1 - share):.2f} %")
    table.caption = f"Stars contradict the text in a share of {label_noise(labelled, weak)}"
    return table
