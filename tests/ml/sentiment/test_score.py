"""Scoring: customers' messages and current reviews, each once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ml.sentiment import score
from ml.sentiment.dimensions import seed_missing
from tests.support import landed, sentiment
from warehouse.connection import transaction
from warehouse.settings import Settings

Query = Callable[..., list[tuple[Any, ...]]]

REVIEW = """
insert into raw.reviews (store_id, source, review_id, version, rating, text, author, created_at)
values ('default', 'google_play', %s, %s, %s, %s, 'Rani', now())
"""


@pytest.fixture
def scored(server_settings: Settings, settings: Settings) -> Settings:
    sentiment.use("chat", server_settings, settings)
    sentiment.use("review", server_settings, settings)
    return settings


def test_customers_messages_are_scored_once(scored: Settings, query: Query) -> None:
    with transaction("owner", scored) as connection:
        angry = landed.message(connection, body="barangnya rusak, saya kecewa")
        landed.message(connection, body="barangnya rusak", direction="outbound")
        landed.event(connection, text="makasih banyak kak", event_id="e1")
        landed.event(connection, text="makasih banyak kak", author="bot")
        picture = landed.message(connection, body="")
    assert score.score_messages(scored) == 3
    rows = query("select source, message_id, sentiment from ml.message_sentiments")
    assert set(rows) == {
        ("twilio", angry, "negative"),
        ("chatbot", "e1", "positive"),
        ("twilio", picture, "neutral"),
    }
    before = query("select * from ml.message_sentiments order by message_id")
    assert score.score_messages(scored) == 0
    assert query("select * from ml.message_sentiments order by message_id") == before


def test_the_current_version_of_a_review_is_scored_with_its_words(scored: Settings, query: Query) -> None:
    query(REVIEW, "r1", 1, 5, "bagus banget, suka")
    query(REVIEW, "r1", 2, 5, "pengirimannya lama, barang rusak dan mengecewakan")
    query(REVIEW, "r2", 1, 4, "")
    assert score.score_reviews(scored) == 1
    [(review, version, found, terms, stems)] = query(
        "select review_id, version, sentiment, terms, stems from ml.review_sentiments"
    )
    assert (review, version, found) == ("r1", 2, "negative")
    assert {"pengirimannya", "lama", "rusak", "pengirimannya lama"} <= set(terms)
    assert {"kirim", "kirim lama", "kecewa"} <= set(stems)
    assert score.score_reviews(scored) == 0


def test_a_review_without_words_stays_unscored(scored: Settings, query: Query) -> None:
    for number, text in enumerate(("12345", "!!!", "https://toko.example", "👍", "suka")):
        query(REVIEW, f"r{number}", 1, 5, text)
    assert score.score_reviews(scored) == 2
    assert query("select review_id from ml.review_sentiments order by 1") == [("r3",), ("r4",)]
    assert score.score_reviews(scored) == 0


def test_a_shop_with_reviews_gets_words_of_the_dimensions_once(scored: Settings, query: Query) -> None:
    seed_missing(scored)
    assert query("select count(*) from app.service_dimensions") == [(0,)]
    query(REVIEW, "r1", 1, 5, "bagus")
    seed_missing(scored)
    assert ("fulfilment",) in query("select dimension from app.service_dimensions where stem = 'kirim'")
    assert {dimension for (dimension,) in query("select distinct dimension from app.service_dimensions")} == {
        "efficiency", "fulfilment", "compensation", "reliability", "responsiveness",
    }  # fmt: skip
    query("delete from app.service_dimensions where stem <> 'kirim'")
    seed_missing(scored)
    assert query("select count(*) from app.service_dimensions") == [(1,)]
