"""Ratings of the made-up shop follow what the customer met: answers, repetition, waiting, a person."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from itertools import pairwise
from statistics import mean

import pytest

from demo.dialogues import Say, dialogues
from demo.shop import LENGTH, Happening, story
from ml.satisfaction.comprehension import Turn, comprehension

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)
Episode = list[Happening]


@pytest.fixture(scope="module")
def episodes() -> list[Episode]:
    found: dict[str, Episode] = defaultdict(list)
    for each in story(NOW - LENGTH, NOW):
        found[each.key.rpartition("/")[0]].append(each)
    return list(found.values())


@pytest.fixture(scope="module")
def rated(episodes: list[Episode]) -> list[tuple[Episode, int]]:
    return [(each, rating) for each in episodes if (rating := rating_of(each))]


def rating_of(episode: Episode) -> int | None:
    return next((each.rating for each in episode if each.kind == "rating"), None)


def fallbacks(episode: Episode) -> int:
    return sum(each.author == "bot" and not each.answered for each in episode)


def understood(episode: Episode) -> float:
    turns: list[Turn] = []
    said: list[str] = []
    for each in (each for each in episode if each.kind == "message"):
        if each.author == "customer":
            said.append(each.text or "")
        elif said:
            turns.append(Turn(tuple(said), each.author == "bot" and not each.answered))
            said = []
    return comprehension(turns) or 0.0


def longest_wait(episode: Episode) -> float:
    messages = [each for each in episode if each.kind == "message"]
    return max(
        ((after.at - before.at).total_seconds() for before, after in pairwise(messages) if before.author == "customer"),
        default=0.0,
    )


def test_who_met_no_answer_or_waited_rates_lower(rated: list[tuple[Episode, int]]) -> None:
    def average(chosen: list[int]) -> float:
        assert len(chosen) >= 20
        return mean(chosen)

    met_fallback = average([rating for episode, rating in rated if fallbacks(episode)])
    answered = average([rating for episode, rating in rated if not fallbacks(episode)])
    assert met_fallback < answered - 0.7
    waited = average([rating for episode, rating in rated if longest_wait(episode) > 3 * 3600])
    at_once = average([rating for episode, rating in rated if longest_wait(episode) < 60])
    assert waited < at_once - 0.7


def test_comprehension_tells_the_satisfied_from_the_others(rated: list[tuple[Episode, int]]) -> None:
    satisfied = mean(understood(episode) for episode, rating in rated if rating >= 4)
    others = mean(understood(episode) for episode, rating in rated if rating < 4)
    assert satisfied > others + 15


def test_a_person_who_helps_makes_up_for_some_of_it(rated: list[tuple[Episode, int]]) -> None:
    helped = [rating for episode, rating in rated if fallbacks(episode) and any(e.author == "agent" for e in episode)]
    assert sum(rating >= 4 for rating in helped) > len(helped) / 5


def test_most_are_content_and_nobody_is_sure_of_it(rated: list[tuple[Episode, int]]) -> None:
    assert 0.6 < sum(rating >= 4 for _, rating in rated) / len(rated) < 0.85
    assert {rating for episode, rating in rated if fallbacks(episode)} == {1, 2, 3, 4, 5}


def test_some_ask_again_when_the_bot_had_no_answer(episodes: list[Episode]) -> None:
    assert all(isinstance(each.steps[0], Say) and each.steps[0].author == "customer" for each in dialogues())
    unanswered = [
        (after.author == "customer")
        for episode in episodes
        for before, after in pairwise(episode)
        if before.author == "bot" and not before.answered and after.kind in ("message", "handover")
    ]
    assert 0.15 < sum(unanswered) / len(unanswered) < 0.7
