"""Reviews of the made-up shop's products, the same for the same seed. Whether a matter was good decides the stars."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from demo.customers import customers
from demo.hours import ZONE
from demo.spelling import typed

COUNT = 3_000
SOURCE = "tokoulas"  # a made-up market place
_FOLDER = Path(__file__).parent
_LENGTH = timedelta(days=540)
_LANGUAGES = {"id": 85, "en": 15}
# How often a matter is written about, and how often it is good. `own`: what the product's category has.
_MATTERS = {
    "packing": (14, 0.8), "delivery": (22, 0.55), "service": (14, 0.6), "refund": (6, 0.3), "order": (12, 0.75),
    "price": (10, 0.75), "nothing": (22, 0.72), "own": (26, 0.8),
}  # fmt: skip
_CHOICE = re.compile(r"\{([^}]*)\}")


class Review(NamedTuple):
    """A review as it stands in a market place's export. `rating`: 1 to 5; `created_at` has a time zone."""

    id: str
    rating: int
    text: str
    created_at: datetime
    author: str
    product: str
    language: str


def reviews(until: datetime, count: int = COUNT, seed: int = 7) -> list[Review]:
    """The newest first, those of the 18 months before `until`."""
    until = until.astimezone(ZONE).replace(microsecond=0)
    people = [person.name for person in customers(seed) if person.name]
    rng = random.Random(seed)
    made = [_review(number, until - _LENGTH * rng.random(), rng.choice(people), rng) for number in range(count)]
    return sorted(made, key=lambda review: review.created_at, reverse=True)


def write(path: Path, made: list[Review]) -> None:
    """As JSON Lines, as `python -m sources.reviews import` reads them."""
    rows = ({**review._asdict(), "created_at": review.created_at.isoformat()} for review in made)
    path.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows))


def _review(number: int, at: datetime, author: str, rng: random.Random) -> Review:
    language = rng.choices([*_LANGUAGES], [*_LANGUAGES.values()])[0]
    category, product = rng.choice(_products())
    kinds = rng.choices([*_MATTERS], [often for often, _ in _MATTERS.values()], k=rng.choice((1, 1, 2, 2, 3)))
    matters = [(kind, rng.random() < _MATTERS[kind][1]) for kind in dict.fromkeys(kinds)]
    sentences = [_sentence(language, category, kind, is_good, rng) for kind, is_good in matters]
    text = rng.choice((", ", ". ", ". ", " ")).join(sentences).replace("[product]", product)
    share = sum(is_good for _, is_good in matters) / len(matters)
    return Review(
        f"U{number:05d}", _stars(share, rng), typed(text, language, rng.random(), rng), at, author, product, language
    )


def _sentence(language: str, category: str, kind: str, is_good: bool, rng: random.Random) -> str:
    texts = _texts()[language]
    of_kind = next(iter(texts[category].values())) if kind == "own" else texts["any"][kind]
    pattern: str = rng.choice(of_kind["good" if is_good else "bad"])
    return _CHOICE.sub(lambda match: rng.choice(match[1].split("|")), pattern)


def _stars(share: float, rng: random.Random) -> int:
    """Stars by the share of what was good. One in 25 customers takes the scale for its opposite."""
    stars = (
        rng.choice((4, 5, 5, 5)) if share == 1 else rng.choice((1, 1, 2)) if share == 0 else rng.choice((2, 3, 3, 4))
    )
    return 6 - stars if rng.random() < 0.04 else stars


@cache
def _texts() -> dict[str, Any]:
    texts: dict[str, Any] = yaml.safe_load((_FOLDER / "reviews.yml").read_text())
    return texts


@cache
def _products() -> list[tuple[str, str]]:
    return list(_pairs(yaml.safe_load((_FOLDER / "products.yml").read_text())))


def _pairs(products: dict[str, dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for category, of_category in products.items():
        yield from ((category, product) for product in of_category)
