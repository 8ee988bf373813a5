"""The texts with sentiments, written for this project: chat messages and reviews, to learn from and to test with.

`README.md` has the guideline by which a person labelled the messages and the reviews for testing. Reviews to learn from
have stars only.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

Kind = Literal["review", "chat"]

FOLDER = Path(__file__).parent / "data"

CLASSES: dict[Kind, tuple[str, ...]] = {"review": ("negative", "positive"), "chat": ("negative", "neutral", "positive")}

_LEAST_POSITIVE = 4


class Example(NamedTuple):
    """A text with its sentiment. Texts of a `group` have a theme in common; `rating` is a review's stars, 1 to 5."""

    text: str
    language: str
    sentiment: str
    group: str
    rating: int | None = None


def weak_label(rating: int) -> str:
    """The sentiment that stars stand for: up to three are negative."""
    return "positive" if rating >= _LEAST_POSITIVE else "negative"


def training(kind: Kind) -> list[Example]:
    """What is learned from, without texts that are there twice. A review's sentiment is what its stars stand for."""
    examples = _read("reviews.jsonl" if kind == "review" else "chat.jsonl")
    return list({example.text.casefold(): example for example in examples}.values())


@cache
def commonest(kind: Kind) -> tuple[str, float]:
    """The sentiment that most texts of `training` have, and their share: the prediction for a text without words."""
    counts = Counter(example.sentiment for example in training(kind))
    [(sentiment, count)] = counts.most_common(1)
    return sentiment, count / counts.total()


def test(kind: Kind) -> list[Example]:
    """What is tested with: other products and themes, labelled by hand."""
    return _read("reviews_test.jsonl" if kind == "review" else "chat_test.jsonl")


def _read(name: str) -> list[Example]:
    with open(FOLDER / name, encoding="utf-8") as lines:
        return [_example(json.loads(line)) for line in lines]


def _example(row: dict[str, str | int]) -> Example:
    rating = row.get("rating")
    sentiment = row.get("sentiment") or weak_label(int(rating or 0))
    group = str(row.get("group") or row.get("trade") or "")
    return Example(str(row["text"]), str(row["language"]), str(sentiment), group, int(rating) if rating else None)
