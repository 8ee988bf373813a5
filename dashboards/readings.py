"""The figures of a card in a period, and whether two of them differ by more than chance."""

from __future__ import annotations

import math
from dataclasses import dataclass

from dashboards.definition import Card
from dashboards.filters import Filters
from dashboards.reader import Row, Session

# A change of this many standard deviations is mentioned. The variance of an amount is not known, so a change by this
# share of it is mentioned.
LEAST_DEVIATIONS = 2.0
LEAST_SHARE = 0.1
# Shares, medians and averages of fewer values are not compared.
FEWEST = 20
# The assumed coefficient of variation of the values of a median or an average, and the standard deviation of ratings
# from 1 to 5.
_VARIATION = 1.25
_SPREAD_OF_RATINGS = 1.2


@dataclass(frozen=True)
class Reading:
    """A figure over a period. Counts and amounts have no denominator. A figure that is not final cannot be compared: a
    customer who waits for an answer is not yet unanswered."""

    value: float
    denominator: float | None
    is_final: bool = True

    @classmethod
    def of(cls, row: Row) -> Reading | None:
        """The figure in a query's row, None if there is none."""
        if row["value"] is None:
            return None
        denominator = None if row["denominator"] is None else float(row["denominator"])
        return cls(float(row["value"]), denominator, row.get("is_final") is not False)


def read(session: Session, card: Card, chosen: Filters) -> Reading | None:
    """The figure of a number card."""
    return Reading.of(session.rows(card.sql, chosen.parameters())[0])


def deviations(card: Card, now: Reading, before: Reading) -> float:
    """The difference of two periods in standard deviations; 0 if it is too small to mention."""
    size = abs(_size(card, now, before))
    return size if size >= LEAST_DEVIATIONS else 0.0


def _size(card: Card, now: Reading, before: Reading) -> float:
    if now.denominator is None or before.denominator is None:
        return _size_of_sum(card, now.value, before.value)
    if min(now.denominator, before.denominator) < FEWEST:
        return 0.0
    chance = math.sqrt(1 / now.denominator + 1 / before.denominator)
    if card.format == "percent":
        whole = (now.value * now.denominator + before.value * before.denominator) / (
            100 * (now.denominator + before.denominator)
        )
        spread = math.sqrt(max(whole * (1 - whole), 0)) * chance
        return (now.value - before.value) / 100 / spread if spread else 0.0
    if card.format == "decimal":
        return (now.value - before.value) / (_SPREAD_OF_RATINGS * chance)
    if min(now.value, before.value) <= 0:
        return 0.0
    return math.log(now.value / before.value) / (_VARIATION * chance)


def _size_of_sum(card: Card, now: float, before: float) -> float:
    if card.format == "count":
        return (now - before) / math.sqrt(max(now + before, 1))
    return LEAST_DEVIATIONS * (now - before) / (LEAST_SHARE * max(abs(before), 1))
