"""Which dimension of service quality a word belongs to: the words that a shop starts with, and how words are found."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml
from psycopg2.extensions import cursor as Cursor  # noqa: N812

from ml.sentiment.preprocess import steps
from warehouse.connection import read_sql, transaction
from warehouse.settings import Settings

DIMENSIONS = ("efficiency", "fulfilment", "compensation", "reliability", "responsiveness")
"""The dimensions of e-SERVQUAL that surveys ask about, too."""

FILE = Path(__file__).with_name("dimensions.yml")

_SQL = Path(__file__).parent / "sql"


class Word(NamedTuple):
    """A word, or a pair of words, with the stem by which it is found in reviews."""

    term: str
    stem: str
    dimension: str


def stem_of(term: str) -> str:
    """How a term is found among a review's stems; empty if it has no word that counts, or more than two."""
    stems = steps(term).stems
    return " ".join(stems) if len(stems) <= 2 else ""


def seed_missing(settings: Settings) -> None:
    """Give each shop that has reviews and no words those of `dimensions.yml`."""
    with transaction("scorer", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "shops_without_dimensions.sql"))
        for (store_id,) in cursor.fetchall():
            seed(cursor, store_id)


def seed(cursor: Cursor, store_id: str) -> None:
    """Give a shop the words of `dimensions.yml`, except those that it has."""
    terms, stems, dimensions = (list(column) for column in zip(*defaults(), strict=True))
    values = {"store_id": store_id, "term": terms, "stem": stems, "dimension": dimensions}
    cursor.execute(read_sql(_SQL / "seed_dimensions.sql"), values)


@cache
def defaults() -> tuple[Word, ...]:
    """The words of `dimensions.yml`."""
    content = yaml.safe_load(FILE.read_text())
    return tuple(Word(term, stem_of(term), dimension) for dimension in DIMENSIONS for term in content[dimension])
