"""Finds the part of a figure, over all its dimensions, that contributes most to a change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from dashboards import filters
from dashboards.definition import DEFAULTS, Card, Dashboard, Filter, Language, Text
from dashboards.filters import Filters
from dashboards.reader import Extent, Session
from dashboards.readings import Reading, read
from warehouse.connection import read_sql
from warehouse.i18n import N_

_SQL = Path(__file__).parent / "sql"
# Queries that split figures to which no filter applies, by KPI.
_QUERIES = {
    "net_sales": ("products", N_("Product")),
    "orders": ("payment_methods", N_("Payment method")),
}


@dataclass(frozen=True)
class Part:
    """A part of a figure and its own figures, None for a period without data. `parameter` is the filter that shows the
    part with the value `key`; None if a query splits the figure, and then `title` is data, such as a product's name,
    and is not translated."""

    dimension: Text
    title: Text | str
    parameter: str | None
    key: str
    now: float | None
    before: float | None

    def called(self, language: Language) -> str:
        return self.title.to(language) if isinstance(self.title, Text) else self.title


class _Split(NamedTuple):
    part: Part
    now: Reading | None
    before: Reading | None


def largest(
    session: Session, dashboard: Dashboard, card: Card, chosen: Filters, extent: Extent, now: Reading, before: Reading
) -> Part | None:
    """The part that contributes most to the change of a figure from `before` to `now`, beyond what its size leads to
    expect. None if no part changed in the same direction."""
    best: tuple[float, Part | None] = (0.0, None)
    for parts in _dimensions(session, dashboard, card, chosen, extent):
        for each in parts if len(parts) > 1 else ():
            share = _contribution(each, now, before) / (now.value - before.value)
            best = max(best, (2 * share - _weight(each, before), each.part), key=lambda pair: pair[0])
    return best[1]


def _contribution(part: _Split, now: Reading, before: Reading) -> float:
    """What a part adds to the change. For a share or an average: its distance from the whole's previous value times its
    weight, now minus before. Contributions of disjoint parts add up to the change, for medians approximately."""
    if now.denominator is None or before.denominator is None:
        return (part.now.value if part.now else 0.0) - (part.before.value if part.before else 0.0)
    return sum(
        sign * (each.value - before.value) * (each.denominator or 0.0) / (whole.denominator or 1.0)
        for sign, each, whole in ((1, part.now, now), (-1, part.before, before))
        if each
    )


def _weight(part: _Split, before: Reading) -> float:
    if part.before is None:
        return 0.0
    if before.denominator is None:
        return part.before.value / before.value if before.value else 0.0
    return (part.before.denominator or 0.0) / before.denominator


def _dimensions(
    session: Session, dashboard: Dashboard, card: Card, chosen: Filters, extent: Extent
) -> Iterator[Sequence[_Split]]:
    for filter_ in dashboard.filters:
        if filter_.parameter in DEFAULTS.keys() & card.parameters:
            yield list(_by_filter(session, card, chosen, filter_, extent))
    for metric in card.metrics:
        if metric in _QUERIES:
            yield list(_by_query(session, metric, chosen))


def _by_filter(session: Session, card: Card, chosen: Filters, filter_: Filter, extent: Extent) -> Iterator[_Split]:
    """The figures of the card's own query for each value of a filter."""
    for key, title in filters.parts(filter_, extent.channels).items():
        value: dict[str, Any] = {filter_.parameter: key}
        alone = replace(chosen, **value)
        now, before = _existing(read(session, card, alone)), _existing(read(session, card, alone.before))
        if now or before:
            yield _split(filter_.title, title, filter_.parameter, key, now, before)


def _by_query(session: Session, metric: str, chosen: Filters) -> Iterator[_Split]:
    name, dimension = _QUERIES[metric]
    query = read_sql(_SQL / f"{name}.sql")
    now, before = (
        {row["part"]: Reading.of(row) for row in session.rows(query, period.parameters())}
        for period in (chosen, chosen.before)
    )
    for key in sorted(set(now) | set(before)):
        yield _split(dimension, key, None, key, now.get(key), before.get(key))


def _existing(reading: Reading | None) -> Reading | None:
    """None for a count of zero."""
    return reading if reading and (reading.value or reading.denominator) else None


def _split(
    dimension: Text, title: Text | str, parameter: str | None, key: str, now: Reading | None, before: Reading | None
) -> _Split:
    values = (each.value if each else None for each in (now, before))
    return _Split(Part(dimension, title, parameter, key, *values), now, before)
