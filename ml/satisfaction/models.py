"""The two models: the paper's, and the extended one, which learns from rated episodes.

The paper's has comprehension (%), rating (1-5) and duration (min), unscaled, and six rows. The extended one adds reply
time, messages, fallbacks and issue. Each column is scaled to mean 0 and deviation 1 over the training rows, times and
counts of messages after taking logarithms. Different issues are one deviation apart.

A customer is satisfied from a rating of 4 on, as in `csat`. An unknown rating is left out of the distance: a guess,
such as the mean, would move the episode closer to those rated like it.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log1p, nan, sqrt
from pathlib import Path
from typing import Any

import numpy as np

from ml.satisfaction.episodes import Episode
from ml.satisfaction.neighbours import Floats, Rows, Verdict

SATISFIED_FROM = 4
"""The least rating, 1 to 5, of a satisfied customer."""

MIN_RATED = 30
MIN_OF_EACH = 5
"""The extended model needs 30 rated episodes, 5 satisfied and 5 not; the paper's six rows serve until then."""

LATEST = 5_000
"""The number of newest rated episodes to learn from, since shops change."""

ISSUES = ("delivery", "order", "payment", "refund", "other")

# The columns of duration and messages, which are not final during a conversation.
_KNOWN_AT_THE_END = {"paper": (2,), "extended": (2, 4)}

_PAPER = Path(__file__).parent / "data" / "satisfaction_paper.csv"


@dataclass(frozen=True)
class Scaling:
    """The mean and deviation of each column of the extended model."""

    mean: Floats
    deviation: Floats

    def point(self, episode: Episode) -> Floats:
        """An episode's columns, NaN if unknown."""
        of_issue = [(episode.issue == issue) / sqrt(2) for issue in ISSUES]
        return np.concatenate([(np.array(_columns(episode)) - self.mean) / self.deviation, of_issue])


@dataclass(frozen=True)
class Model:
    """`scaling` is None for the paper's model."""

    name: str
    rows: Rows
    scaling: Scaling | None = None

    def point(self, episode: Episode) -> Floats:
        """An episode's columns, NaN if unknown."""
        return self.scaling.point(episode) if self.scaling else paper_point(episode)

    def judge(self, episode: Episode) -> Verdict:
        """The verdict on an episode, excluding itself from the neighbours."""
        return self.rows.judge(self.point(episode), episode.id)

    def judge_so_far(self, episode: Episode) -> Verdict:
        """The verdict on an ongoing episode, whose duration and number of messages are not final."""
        point = self.point(episode)
        point[list(_KNOWN_AT_THE_END[self.name])] = nan
        return self.rows.judge(point, episode.id)

    @property
    def version(self) -> str:
        """A hash of the training rows."""
        rows = self.rows
        content = json.dumps([self.name, list(rows.names), rows.points.tolist(), rows.satisfied.tolist()])
        return f"{self.name}-{hashlib.sha256(content.encode()).hexdigest()[:16]}"

    def content(self) -> dict[str, Any]:
        """The model as JSON for `restored`."""
        rows = self.rows
        content = {"names": list(rows.names), "points": rows.points.tolist(), "satisfied": rows.satisfied.tolist()}
        if self.scaling:
            content |= {"mean": self.scaling.mean.tolist(), "deviation": self.scaling.deviation.tolist()}
        return content


def restored(name: str, content: Mapping[str, Any]) -> Model:
    """The model with this content."""
    points, satisfied = np.array(content["points"], dtype=float), np.array(content["satisfied"], dtype=bool)
    rows = Rows(content["names"], points, satisfied)
    if name == "paper":
        return Model(name, rows)
    scaling = Scaling(np.array(content["mean"], dtype=float), np.array(content["deviation"], dtype=float))
    return Model(name, rows, scaling)


def paper() -> Model:
    """The paper's model: six rows, three columns."""
    with _PAPER.open() as file:
        read = list(csv.DictReader(file))
    points = np.array([[float(row[name]) for name in ("comprehension", "rating", "duration_minutes")] for row in read])
    satisfied = np.array([row["satisfied"] == "yes" for row in read])
    return Model("paper", Rows([row["name"] for row in read], points, satisfied))


def paper_point(episode: Episode) -> Floats:
    return np.array([_or_nan(episode.comprehension), _or_nan(episode.rating), episode.duration_minutes])


def train(episodes: Sequence[Episode]) -> Model:
    """The extended model if enough of the episodes are rated, else the paper's."""
    rated = sorted((episode for episode in episodes if episode.rating is not None), key=lambda rated: rated.started_at)
    return extended(rated[-LATEST:]) if is_enough([episode.rating for episode in rated if episode.rating]) else paper()


def is_enough(ratings: Sequence[int]) -> bool:
    """Whether these ratings, the newest last, are enough for the extended model."""
    learned = ratings[-LATEST:]
    satisfied = sum(rating >= SATISFIED_FROM for rating in learned)
    return len(learned) >= MIN_RATED and min(satisfied, len(learned) - satisfied) >= MIN_OF_EACH


def extended(rated: Sequence[Episode]) -> Model:
    """The extended model of one or more rated episodes."""
    unscaled = np.array([_columns(episode) for episode in rated])
    known = np.isfinite(unscaled)
    # unknown values, such as comprehension without a turn, are set to the mean
    mean = np.where(known, unscaled, 0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    unscaled = np.where(known, unscaled, mean)
    deviation = unscaled.std(axis=0)
    deviation[deviation == 0] = 1

    scaling = Scaling(mean, deviation)
    points = np.nan_to_num(np.array([scaling.point(episode) for episode in rated]), nan=0.0)
    rows = Rows([episode.id for episode in rated], points, np.array([is_satisfied(episode) for episode in rated]))
    return Model("extended", rows, scaling)


def is_satisfied(episode: Episode) -> bool:
    return episode.rating is not None and episode.rating >= SATISFIED_FROM


def _columns(episode: Episode) -> list[float]:
    return [
        _or_nan(episode.comprehension),
        _or_nan(episode.rating),
        log1p(episode.duration_minutes),
        log1p(episode.reply_minutes),
        log1p(episode.messages),
        float(episode.fallbacks),
    ]


def _or_nan(value: float | None) -> float:
    return nan if value is None else float(value)
