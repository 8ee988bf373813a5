"""Sentiment in the marts: its share by source, words of negative reviews, dimensions of service, contradictions."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import pytest
from psycopg2.extras import execute_values

from ml.sentiment.preprocess import steps, terms
from pipeline.transform import build, build_part
from tests.dbt.landing import read
from tests.support import landed
from warehouse.connection import transaction
from warehouse.settings import Settings

MODEL = "model-of-the-test"
PRIOR = 1000
# Text, stars, sentiment as if a model had said so.
REVIEWS = [
    *[(f"pengiriman lama sekali nomor {letter}", 2, "negative") for letter in "pqrstu"],
    *[(f"barang bagus warna {letter}", 5, "positive") for letter in "pqrstuvw"],
    ("pengiriman cepat, barang bagus", 5, "positive"),
    ("adminnya ramah, barang bagus", 3, "positive"),
    ("barang rusak, refund ditolak", 5, "negative"),
]


@pytest.fixture(scope="module")
def built(module_settings: Settings) -> Settings:
    with transaction("owner", module_settings) as connection, connection.cursor() as cursor:
        cursor.execute(
            "insert into ml.sentiment_models (model_version, kind, method, content, recipe, metrics, reason)"
            " values (%s, 'review', 'svm', '', '', '{}', '')",
            (MODEL,),
        )
        for sentiment in ("positive", "negative", "neutral", "positive", None):
            message = landed.message(connection)
            if sentiment:
                cursor.execute(
                    "insert into ml.message_sentiments (source, message_id, sentiment, probability, model_version)"
                    " values ('twilio', %s, %s, 0.9, %s)",
                    (message, sentiment, MODEL),
                )
        execute_values(
            cursor,
            "insert into raw.reviews (store_id, source, review_id, version, rating, text, created_at) values %s",
            [("default", "file", str(n), 1, stars, text, "2026-03-05") for n, (text, stars, _) in enumerate(REVIEWS)],
        )
        execute_values(
            cursor,
            "insert into ml.review_sentiments (store_id, source, review_id, version, sentiment, probability, terms,"
            " stems, model_version) values %s",
            [
                ("default", "file", str(n), 1, sentiment, 0.9, terms(found.words), terms(found.stems), MODEL)
                for n, (text, _, sentiment) in enumerate(REVIEWS)
                for found in [steps(text)]
            ],
        )
        execute_values(
            cursor,
            "insert into app.service_dimensions (store_id, kind, term, stem, dimension) values %s",
            [
                ("default", "word", "pengiriman", "kirim", "fulfilment"),
                ("default", "word", "cepat", "cepat", "fulfilment"),
                ("default", "word", "admin", "admin", "responsiveness"),
                ("another", "word", "barang", "barang", "reliability"),
            ],
        )
    build(settings=module_settings)
    build_part("reviews", module_settings)
    return module_settings


def ask(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in read(settings, query)]


def test_the_share_of_positive_counts_what_is_scored_by_source(built: Settings) -> None:
    found = ask(
        built,
        "select dimension, dimension_value, sum(numerator)::int as positive, sum(denominator)::int as scored"
        " from marts.kpi_daily where metric = 'sentiment_positive_share' group by 1, 2 order by 1, 2",
    )
    assert found == [("all", "all", 12, 21), ("source", "chat", 2, 4), ("source", "reviews", 10, 17)]


def test_messages_are_counted_by_sentiment_and_the_unscored_are_shown(built: Settings) -> None:
    found = ask(
        built,
        "select dimension_value, numerator::int from marts.kpi_daily"
        " where metric = 'issue_volume' and dimension = 'sentiment' order by 1",
    )
    assert found == [("negative", 1), ("neutral", 1), ("positive", 2), ("unscored", 1)]


def test_a_sentiment_that_comes_later_is_counted_in_the_next_build(built: Settings) -> None:
    with transaction("owner", built) as connection, connection.cursor() as cursor:
        cursor.execute(
            "insert into ml.message_sentiments (source, message_id, sentiment, probability, model_version)"
            " select source, message_id, 'negative', 0.8, %s from marts.fct_messages where sentiment = 'unscored'",
            (MODEL,),
        )
    build(settings=built)
    share = "select numerator::int, denominator::int from marts.kpi_daily where metric = 'sentiment_positive_share'"
    assert ask(built, f"{share} and dimension_value = 'chat'") == [(2, 5)]
    assert ask(built, "select count(*)::int from marts.fct_messages where sentiment = 'unscored'") == [(0,)]


def test_words_of_negative_reviews_have_the_log_odds_of_the_formula(built: Settings) -> None:
    found = {row[0]: row[1:] for row in ask(built, "select term, log_odds, z_score from marts.review_words")}
    counts: dict[str, Counter[str]] = {"negative": Counter(), "positive": Counter()}
    for text, _, sentiment in REVIEWS:
        counts[sentiment].update(terms(steps(text).words))
    assert {"pengiriman", "barang", "pengiriman lama"} <= found.keys()
    assert {term for term in counts["negative"] | counts["positive"] if _times(counts, term) >= 3} == found.keys()
    for term, (log_odds, z_score) in found.items():
        of_its_kind = [each for each in counts["negative"] | counts["positive"] if (" " in each) == (" " in term)]
        prior = PRIOR * _times(counts, term) / sum(_times(counts, each) for each in of_its_kind)
        seen = {side: counts[side][term] + prior for side in counts}
        others = {side: sum(counts[side][each] for each in of_its_kind) + PRIOR - seen[side] for side in counts}
        expected = math.log(seen["negative"] / others["negative"]) - math.log(seen["positive"] / others["positive"])
        assert log_odds == pytest.approx(expected, abs=1e-9)
        spread = math.sqrt(1 / seen["negative"] + 1 / seen["positive"])
        assert z_score == pytest.approx(expected / spread, abs=1e-9)
    assert found["lama"][0] > 0 > found["bagus"][0]


def test_reviews_count_once_for_a_dimension_whatever_form_its_words_have(built: Settings) -> None:
    found = ask(
        built, "select dimension, month::text, reviews, positive_reviews from marts.dimension_sentiment order by 1"
    )
    assert found == [("fulfilment", "2026-03-01", 7, 1), ("responsiveness", "2026-03-01", 1, 1)]


def test_frequent_words_without_a_dimension_are_listed(built: Settings) -> None:
    found = dict(ask(built, "select stem, reviews from marts.unmapped_words"))
    assert found["barang"] == 11
    assert found["lama"] == 6
    assert "kirim" not in found


def test_reviews_whose_text_contradicts_their_stars_are_listed(built: Settings) -> None:
    found = ask(built, "select rating, sentiment, text from marts.contradicting_reviews order by rating")
    assert found == [
        (3, "positive", "adminnya ramah, barang bagus"),
        (5, "negative", "barang rusak, refund ditolak"),
    ]


def _times(counts: dict[str, Counter[str]], term: str) -> int:
    return counts["negative"][term] + counts["positive"][term]
