"""What a card shows, readable: a number, a chart or a table, with what is to be known about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from dashboards.definition import Card
from dashboards.reader import Quality

Point = dict[str, Any]
News = Literal["good", "bad", "neutral"]


@dataclass(frozen=True)
class Change:
    """How a number moved against the period before: `arrow` is `up`, `down` or None if it stayed."""

    arrow: Literal["up", "down"] | None
    text: str
    news: News


@dataclass(frozen=True)
class Goal:
    """What the shop wants a number to be, in words, and whether it is; None where that cannot be said."""

    text: str
    is_met: bool | None = None


@dataclass(frozen=True)
class Table:
    """Figures as text; each row begins with its heading. `open` holds the numbers of the rows that are not final, `odd`
    what is said of the rows that are unusual; `keys` are the days (ISO) or parts whose facts stand behind the rows, if
    there are any."""

    header: list[str]
    rows: list[list[str]]
    open: frozenset[int] = frozenset()
    odd: Mapping[int, str] = field(default_factory=dict)
    keys: list[str] | None = None


@dataclass(frozen=True, kw_only=True)
class View:
    """A card with its figures. `verdict` is that of the data it was built from; `notes` say in words what else is to be
    known: filters that do not reach it, targets, unusual days."""

    card: Card
    verdict: Quality = "pass"
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Number(View):
    """A number card; `change` is None where there is nothing to compare with. `numerator`, `denominator` and `before`
    (the value of the period before) are as the query gave them."""

    value: float | None
    text: str
    basis: str | None
    change: Change | None
    is_final: bool
    goal: Goal | None = None
    numerator: float | None = None
    denominator: float | None = None
    before: float | None = None


@dataclass(frozen=True, kw_only=True)
class Chart(View):
    """A chart card: `points` for the drawing, the same figures as a table, and from which day on it is not final.

    A point has `series` (its name in the reader's language), `key`, `value`, `label` (the value as text), and over time
    `day` (ISO), `when` (the day as text), `rank` (the place of the series) and `open` (not final yet). `before` are
    points of the period before, on the days of this one; `marks` are unusual points, with `usual` in words; `goals`
    have the `value` of a target and its `label`.
    """

    points: list[Point]
    table: Table
    open_from: date | None = None
    before: list[Point] = field(default_factory=list)
    marks: list[Point] = field(default_factory=list)
    goals: list[Point] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Grid(View):
    """A table card; `values` are the same figures as the query gave them."""

    table: Table
    values: list[list[Any]]


Shown = Number | Chart | Grid


def by_series(points: Iterable[Point]) -> Mapping[str, list[Point]]:
    """Points by the name of their series, in the order they come."""
    found: dict[str, list[Point]] = {}
    for point in points:
        found.setdefault(point["series"], []).append(point)
    return found
