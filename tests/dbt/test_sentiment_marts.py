"""Sentiment in the marts: its share by source, words of negative reviews, dimensions of service, contradictions."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import pytest
from psycopg2.extras import execute_values

from ml.sentiment import dataset
from ml.sentiment.dimensions import defaults, seed
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
    ("lumayan", 5, "negative"),
    ("begitulah", 4, "negative"),
]
# How sure the model is; of the others it is 0.9.
PROBABILITIES = {"lumayan": 0.79, "begitulah": 0.8}
MESSAGES = [
    ("makasih, pengirimannya cepat", "positive"),
    ("paket belum dikirim, adminnya kok diam", "negative"),
    ("uangnya dikembalikan kapan? uang saya belum kembali", "neutral"),
    ("barangnya bagus", "positive"),
    ("kirim dong", None),
]
WORDS = [
    ("default", "word", "pengiriman", "kirim", "fulfilment"),
    ("default", "word", "cepat", "cepat", "fulfilment"),
    ("default", "word", "admin", "admin", "responsiveness"),
    ("default", "word", "uang kembali", "uang kembali", "compensation"),
    ("another", "word", "barang", "barang", "reliability"),
]
# A shop with the words that every shop starts with.
CHATTING = "mengobrol"
CHATS = [*dataset.training("chat"), *dataset.test("chat")]


@pytest.fixture(scope="module")
def built(module_settings: Settings) -> Settings:
    with transaction("owner", module_settings) as connection, connection.cursor() as cursor:
        cursor.execute(
            "insert into ml.sentiment_models (model_version, kind, method, content, recipe, metrics, reason)"
            " values (%s, 'review', 'svm', '', '', '{}', '')",
            (MODEL,),
        )
        scored = [
            ("twilio", landed.message(connection, body=text), sentiment, 0.9, MODEL) for text, sentiment in MESSAGES
        ]
        landed.message(connection, body="pengiriman cepat", direction="outbound", customer_key=landed.KEY)
        for number, chat in enumerate(CHATS):
            landed.event(connection, event_id=f"chat-{number}", store_id=CHATTING, text=chat.text)
            scored.append(("chatbot", f"chat-{number}", chat.sentiment, 0.9, MODEL))
        seed(cursor, CHATTING)
        execute_values(
            cursor,
            "insert into ml.message_sentiments (source, message_id, sentiment, probability, model_version) values %s",
            [row for row in scored if row[2]],
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
                (
                    "default",
                    "file",
                    str(n),
                    1,
                    sentiment,
                    PROBABILITIES.get(text, 0.9),
                    terms(found.words),
                    terms(found.stems),
                    MODEL,
                )
                for n, (text, _, sentiment) in enumerate(REVIEWS)
                for found in [steps(text)]
            ],
        )
        execute_values(
            cursor,
            "insert into app.service_dimensions (store_id, kind, term, stem, dimension) values %s",
            WORDS,
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
        " from marts.kpi_daily where metric = 'sentiment_positive_share' and store_id = 'default'"
        " group by 1, 2 order by 1, 2",
    )
    assert found == [("all", "all", 12, 23), ("source", "chat", 2, 4), ("source", "reviews", 10, 19)]


def test_messages_are_counted_by_sentiment_and_the_unscored_are_shown(built: Settings) -> None:
    found = ask(
        built,
        "select dimension_value, numerator::int from marts.kpi_daily"
        " where metric = 'issue_volume' and dimension = 'sentiment' and store_id = 'default' order by 1",
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
    assert ask(built, f"{share} and dimension_value = 'chat' and store_id = 'default'") == [(2, 5)]
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
        built,
        "select dimension, month::text, texts, positive_texts, negative_texts, positive_share::float"
        " from marts.dimension_sentiment where source = 'reviews' order by 1",
    )
    assert found == [
        ("fulfilment", "2026-03-01", 7, 1, 6, pytest.approx(100 / 7)),
        ("responsiveness", "2026-03-01", 1, 1, 0, 100),
    ]


def test_customers_messages_count_for_the_dimensions_of_their_words(built: Settings) -> None:
    found = ask(
        built,
        "select dimension, texts, positive_texts, negative_texts from marts.dimension_sentiment"
        " where source = 'chat' and store_id = 'default' order by 1",
    )
    counts: dict[str, Counter[str]] = {}
    for text, sentiment in MESSAGES:
        for dimension in _dimensions(text, {stem: of for shop, _, _, stem, of in WORDS if shop == "default"}):
            counts.setdefault(dimension, Counter())[sentiment or "unscored"] += 1
    assert {row[0]: row[1:] for row in found} == {
        dimension: (of.total() - of["unscored"], of["positive"], of["negative"]) for dimension, of in counts.items()
    }
    assert found == [("compensation", 1, 0, 0), ("fulfilment", 2, 1, 1), ("responsiveness", 1, 0, 1)]


def test_messages_match_the_same_words_as_reviews(built: Settings) -> None:
    query = "select message_id, dimension from intermediate.int_message_dimensions where source = 'chatbot'"
    rows = {(row["message_id"], row["dimension"]) for row in read(built, query, role="dbt")}
    stems = {word.stem: word.dimension for word in defaults()}
    expected = {
        (f"chat-{number}", dimension)
        for number, chat in enumerate(CHATS)
        for dimension in _dimensions(chat.text, stems)
    }
    assert len(expected) > 200
    assert len(expected & rows) >= 0.96 * len(expected)
    assert len(expected & rows) >= 0.98 * len(rows)


def test_frequent_words_without_a_dimension_are_listed(built: Settings) -> None:
    found = dict(ask(built, "select stem, reviews from marts.unmapped_words"))
    assert found["barang"] == 11
    assert found["lama"] == 6
    assert "kirim" not in found


def test_reviews_whose_text_clearly_contradicts_their_stars_are_listed(built: Settings) -> None:
    found = ask(built, "select rating, sentiment, text from marts.contradicting_reviews order by rating")
    assert found == [
        (3, "positive", "adminnya ramah, barang bagus"),
        (4, "negative", "begitulah"),
        (5, "negative", "barang rusak, refund ditolak"),
    ]


def _dimensions(text: str, dimension_of: dict[str, str]) -> set[str]:
    """The dimensions of a text, found as those of reviews are: by stems."""
    return {dimension_of[stem] for stem in terms(steps(text).stems) if stem in dimension_of}


def _times(counts: dict[str, Counter[str]], term: str) -> int:
    return counts["negative"][term] + counts["positive"][term]
