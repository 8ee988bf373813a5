"""The made-up shop's reviews."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from demo.reviews import COUNT, reviews

UNTIL = datetime(2026, 6, 1, tzinfo=UTC)


def test_they_are_the_same_each_time_and_lie_before_the_end() -> None:
    made = reviews(UNTIL)
    assert made == reviews(UNTIL)
    assert len({review.id for review in made}) == COUNT
    assert all(UNTIL - timedelta(days=541) < review.created_at <= UNTIL for review in made)


def test_no_slot_or_choice_is_left_open() -> None:
    assert [review.text for review in reviews(UNTIL) if set(review.text) & set("{}|[]")] == []


def test_about_a_third_is_negative_and_both_languages_occur() -> None:
    made = reviews(UNTIL)
    assert 0.3 < sum(review.rating <= 3 for review in made) / len(made) < 0.45
    assert 0.1 < Counter(review.language for review in made)["en"] / len(made) < 0.2
