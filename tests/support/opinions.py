"""What customers of the first of the two made-up shops think: survey waves, reviews, sentiment and topics."""

from __future__ import annotations

import csv
import random
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from psycopg2.extras import execute_values

from pipeline import transform
from sources.reviews.landing import Review
from sources.reviews.landing import land as land_reviews
from sources.surveys.importing import import_file
from sources.surveys.rows import COLUMNS
from sources.tabular import open_table, propose
from warehouse.connection import read_sql, transaction
from warehouse.settings import Settings

SQL = Path(__file__).parent / "sql"
NEWEST = "2026 Q4"
OLDER = "2026 Q3"
RESPONDENTS = {OLDER: 24, NEWEST: 60}
DIMENSIONS = {"EFF": "Efficiency", "FUL": "Fulfilment", "RES": "Responsiveness", "COM": "Compensation"}
ITEMS = {f"{code}{number}": dimension for code, dimension in DIMENSIONS.items() for number in (1, 2, 3)}
_HEADER = ("respondent", "item", "dimension", "performance", "expectation", "gender")
REVIEWS = 200
LAST_REVIEW = datetime(2026, 11, 20, 5, tzinfo=UTC)
# By sentiment: what a review says, and the dimensions of service that it is about.
SAID = {
    "positive": ("cepat", "ramah", "bagus", "mantap", "pengiriman", "murah"),
    "negative": ("lama", "rusak", "kecewa", "pengiriman", "mahal", "susah"),
}
_PARTS = ("build", "--exclude-resource-type", "unit_test", "--quiet", "--select")


def land(settings: Settings) -> None:
    """What has landed before the KPIs are built: reviews, and the sentiment of messages and reviews."""
    reviews = list(_reviews())
    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        land_reviews(cursor, "default", "upload", [review for review, _ in reviews])
        cursor.execute(read_sql(SQL / "message_sentiments.sql"))
        scored = [
            ("default", "upload", review.review_id, 1, sentiment, 0.9, terms, terms, "made up")
            for review, sentiment in reviews
            for terms in (review.text.split(),)
        ]
        columns = "store_id, source, review_id, version, sentiment, probability, terms, stems, model_version"
        execute_values(cursor, f"insert into ml.review_sentiments ({columns}) values %s", scored)


def add(settings: Settings) -> None:
    """Import the waves, the older one first, find topics among the messages, and build the marts of all these."""
    for wave in RESPONDENTS:
        import_wave(settings, wave)
    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(SQL / "topics.sql"))
    transform.run([*_PARTS, "tag:reviews", "tag:surveys", "tag:topics"], settings, {"part": "reviews"})


def import_wave(settings: Settings, wave: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{wave}.csv"
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([_HEADER, *_answers(wave)])
        table = open_table(path)
        import_file(table, propose(table, COLUMNS), "default", wave, path.name, settings)


def _reviews() -> list[tuple[Review, str]]:
    """Reviews and their sentiment. The stars of every tenth contradict what it says."""
    chance = random.Random("reviews")
    found = []
    for number in range(REVIEWS):
        sentiment = chance.choices(tuple(SAID), weights=(2, 1))[0]
        text = " ".join(chance.sample(SAID[sentiment], 3))
        is_high = (sentiment == "positive") != (number % 10 == 0)
        stars = chance.choice((4, 5) if is_high else (1, 2, 3))
        at = LAST_REVIEW - timedelta(days=chance.random() * 80)
        found.append((Review(f"review-{number:03}", stars, text, "Ana", "Kopi", "id", at), sentiment))
    return found


def _answers(wave: str) -> list[tuple[object, ...]]:
    chance = random.Random(wave)
    levels = {item: (chance.uniform(2.4, 4.6), chance.uniform(3.4, 4.8)) for item in ITEMS}
    rows: list[tuple[object, ...]] = []
    for number in range(RESPONDENTS[wave]):
        mood, gender = chance.gauss(0, 0.6), chance.choice(("female", "male"))
        for item, dimension in ITEMS.items():
            rated = [_rating(level + mood + chance.gauss(0, 0.6)) for level in levels[item]]
            if chance.random() > 0.02:
                rows.append((f"person {number}", item, dimension, *rated, gender))
    return rows


def _rating(value: float) -> int:
    return min(5, max(1, round(value)))
