"""Two waves of a survey among the made-up shop's customers, the same for the same seed."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

# The respondents of each wave, and how much better things were done in it than in the first.
WAVES = {"2026-1": (120, 0.0), "2026-2": (150, 0.25)}
_FILE = Path(__file__).with_name("survey.yml")
_COLUMNS = ("respondent", "item", "dimension", "performance", "expectation", "text")
_MISSING = 0.02
_IMPROVED = ("FUL1", "COM1", "RES1")


def write(path: Path, wave: str) -> int:
    """A wave's answers as CSV, as `python -m sources.surveys import` reads them. Returns the number of respondents."""
    respondents, better = WAVES[wave]
    survey: dict[str, Any] = yaml.safe_load(_FILE.read_text())
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, [*_COLUMNS, *survey["people"]])
        writer.writeheader()
        for number in range(respondents):
            writer.writerows(_answers(survey, f"{wave}/R{number + 1:03d}", better))
    return respondents


def _answers(survey: dict[str, Any], respondent: str, better: float) -> Iterator[dict[str, Any]]:
    rng = random.Random(respondent)
    person = {group: rng.choices([*shares], [*shares.values()])[0] for group, shares in survey["people"].items()}
    mood, demands = rng.gauss(0, 0.55), rng.gauss(0, 0.35)
    for dimension, items in survey["items"].items():
        of_dimension = rng.gauss(0, 0.35)
        for item, about in items.items():
            done = about["done"] + mood + of_dimension + (better if item in _IMPROVED else 0)
            yield {
                "respondent": respondent,
                "item": item,
                "dimension": dimension,
                "performance": _answer(done, 0.7, rng),
                "expectation": _answer(about["expected"] + demands, 0.5, rng),
                "text": about["id"],
                **person,
            }


def _answer(mean: float, spread: float, rng: random.Random) -> int | str:
    """An answer from 1 to 5; empty if it was left out."""
    answer = min(5, max(1, round(rng.gauss(mean, spread))))
    return "" if rng.random() < _MISSING else answer
