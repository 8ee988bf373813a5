"""A card's figures as they are displayed: a number, a chart or a table, with notes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from dashboards.definition import Card
from dashboards.reader import Quality

Point = dict[str, Any]
LONG_TEXT = 36  # characters
News = Literal["good", "bad", "neutral"]


@dataclass(frozen=True)
class Change:
    """The change of a number from the previous period. `arrow` is None if it stayed the same."""

    arrow: Literal["up", "down"] | None
    text: str
    news: News


@dataclass(frozen=True)
class Goal:
    """The target of a number as text, and whether it is met; None if that is unknown."""

    text: str
    is_met: bool | None = None


@dataclass(frozen=True)
class Table:
    """Figures as text; each row begins with its heading. `open` are the indexes of rows that are not final, `odd` the
    notes on unusual rows by index. `keys` are the days (ISO) or parts by which the rows can be drilled down, if any.
    `names` are the indexes of columns with names rather than figures."""

    header: list[str]
    rows: list[list[str]]
    open: frozenset[int] = frozenset()
    odd: Mapping[int, str] = field(default_factory=dict)
    keys: list[str] | None = None
    names: frozenset[int] = frozenset()

    @property
    def prose(self) -> set[int]:
        """The indexes of columns with long texts, the first column aside."""
        return {place for row in self.rows for place, text in enumerate(row[1:], 1) if len(text) > LONG_TEXT}


@dataclass(frozen=True, kw_only=True)
class View:
    """A card with its figures. `verdict` is the quality of their data; `notes` are texts on filters that do not apply,
    targets and unusual days."""

    card: Card
    verdict: Quality = "pass"
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Number(View):
    """A number card. `change` is None if there is nothing to compare with, `remark` if the card has none. `numerator`,
    `denominator` and `before` (the value of the previous period) are as in the query."""

    value: float | None
    text: str
    basis: str | None
    change: Change | None
    is_final: bool
    goal: Goal | None = None
    remark: str | None = None
    numerator: float | None = None
    denominator: float | None = None
    before: float | None = None


@dataclass(frozen=True, kw_only=True)
class Chart(View):
    """A chart card: `points` to draw, the same figures as a table, and the first day that is not final.

    A point has `series` (its name in the reader's language), `key`, `value`, `label` (the value as text), and over time
    `day` (ISO), `when` (the day as text), `rank` (the position of the series) and `open` (not final yet). A point of a
    scatter chart has `series`, `label` (its name), `x`, `y`, both as text (`x_label`, `y_label`), `x_line`, `y_line`.
    `before` are points of the previous period, moved to the days of this one; `marks` are unusual points, with `usual`
    as text; `goals` have the `value` of a target and its `label`.
    """

    points: list[Point]
    table: Table
    open_from: date | None = None
    before: list[Point] = field(default_factory=list)
    marks: list[Point] = field(default_factory=list)
    goals: list[Point] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Grid(View):
    """A table card. `values` are the figures as in the query."""

    table: Table
    values: list[list[Any]]


Shown = Number | Chart | Grid


def by_series(points: Iterable[Point]) -> Mapping[str, list[Point]]:
    """Points by the name of their series, in the same order."""
    found: dict[str, list[Point]] = {}
    for point in points:
        found.setdefault(point["series"], []).append(point)
    return found
