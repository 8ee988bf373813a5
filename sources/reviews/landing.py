"""Lands reviews in `raw.reviews`: a changed text or rating is a new version, and what is known changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from psycopg2.extensions import cursor as Cursor  # noqa: N812
from psycopg2.extras import execute_values

from warehouse.connection import read_sql

SQL = Path(__file__).parent / "sql"
_PAGE = 1_000


class Review(NamedTuple):
    """One version of a review; `rating` is 1 to 5, and `created_at`, when it was written, has a time zone."""

    review_id: str
    rating: int
    text: str
    author: str | None
    product: str | None
    language: str | None
    created_at: datetime


def land(
    cursor: Cursor, store_id: str, source: str, reviews: Iterable[Review], are_current: bool = False
) -> Counter[str]:
    """Land reviews in the caller's transaction. Returns how many were `new`, `changed`, `unchanged` or `older`: not the
    newest version, or one that had landed before. `are_current`: the source shows them so now, whatever their times."""
    outcomes: Counter[str] = Counter()
    cursor.execute(read_sql(SQL / "lock_reviews.sql"), {"store_id": store_id, "source": source})
    for each_once in _rounds(reviews):
        rows = [(store_id, source, are_current, *review) for review in each_once]
        landed = execute_values(cursor, read_sql(SQL / "land_reviews.sql"), rows, page_size=_PAGE, fetch=True)
        outcomes.update(outcome for _, outcome in landed)
    return outcomes


def _rounds(reviews: Iterable[Review]) -> Iterator[list[Review]]:
    """The reviews from the oldest on, in lists in which no id is twice."""
    rounds: list[list[Review]] = []
    seen: Counter[str] = Counter()
    for review in sorted(reviews, key=lambda each: each.created_at):
        if seen[review.review_id] == len(rounds):
            rounds.append([])
        rounds[seen[review.review_id]].append(review)
        seen[review.review_id] += 1
    yield from rounds
