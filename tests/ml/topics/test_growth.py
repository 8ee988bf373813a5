"""What counts as growth: over many quiet years almost nothing, and a topic that triples."""

from __future__ import annotations

import numpy as np
import pytest

from ml.topics.growth import FEWEST_WEEKS, Counts, grown

TOPICS, WEEKS = 25, 64
YEARS = 40


def weeks(seed: int, a_week: float, varying: float) -> Counts:
    """Messages of 25 topics of uneven sizes a week (topics, weeks), the shop's volume going up and down; shares vary by
    `varying` beyond chance."""
    rng = np.random.default_rng(seed)
    shares = 1 / (np.arange(TOPICS) + 2) ** 0.6
    means = np.outer(shares / shares.sum(), a_week * (1 + 0.2 * np.sin(np.arange(WEEKS) / 8)))
    if varying:
        means = means * rng.gamma(1 / varying, varying, means.shape)
    return rng.poisson(means)


@pytest.mark.parametrize("a_week", [30, 60, 200, 800])
@pytest.mark.parametrize("varying", [0.0, 0.05])
def test_at_most_two_reports_in_52_quiet_weeks(a_week: float, varying: float) -> None:
    reports = [
        sum(len(grown(counts[:, :last])) for last in range(WEEKS - 51, WEEKS + 1))
        for counts in (weeks(seed, a_week, varying) for seed in range(YEARS))
    ]
    assert np.mean(np.array(reports) <= 2) >= 0.95
    assert np.mean(reports) < 1


def test_a_topic_that_triples_is_reported_in_that_week() -> None:
    found = []
    for seed in range(YEARS):
        counts = weeks(seed, 800, 0.05)[:, :40]
        topic = seed % TOPICS
        counts[topic, -1] = 3 * counts[topic, :-1].mean()
        found.append(topic in {growth.topic for growth in grown(counts) if not growth.is_new})
    assert np.mean(found) >= 0.95


def test_a_topic_without_messages_before_is_new_and_a_busy_week_is_nothing() -> None:
    counts = np.full((5, 10), 20)
    counts[4, :-1] = 0
    assert [(growth.topic, growth.is_new) for growth in grown(counts)] == [(4, True)]
    counts = np.full((5, 10), 20)
    counts[:, -1] = 80
    assert grown(counts) == []


def test_without_enough_weeks_nothing_is_said() -> None:
    counts = np.full((5, FEWEST_WEEKS), 20)
    counts[0, -1] = 200
    assert grown(counts) == []
    assert grown(np.zeros((0, 20), dtype=np.int64)) == []
