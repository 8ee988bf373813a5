"""The findings about a dashboard: number cards whose change over the last seven whole days is larger than chance, the
part that contributes most, unusual days, and topics that are new or growing. All figures of cards come from their own
queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from dashboards import kpi_definitions, readings
from dashboards.definition import Card, Dashboard, Language, Text
from dashboards.filters import Filters
from dashboards.insights import parts
from dashboards.insights.parts import Part
from dashboards.reader import Extent, Session
from warehouse.connection import read_sql
from warehouse.formats import Currency

DAYS = 7
MOST_CHANGES = 3
MOST_UNUSUAL = 2
MOST_TOPICS = 2

WITH_TOPICS = frozenset({"overview", "issues"})
"""The dashboards that tell which topics are new or growing."""

_SQL = Path(__file__).parent / "sql"
_ANOMALIES = _SQL / "anomalies.sql"


@dataclass(frozen=True)
class Finding:
    """The figure of a number card, that of the previous period (None if it has no data or this one is not final), the
    change in standard deviations (0 if too small to mention), and the part that contributes most."""

    card: Card
    now: float
    before: float | None
    deviations: float = 0.0
    part: Part | None = None
    is_final: bool = True

    @property
    def is_bad(self) -> bool:
        """Whether it changed for the worse."""
        if self.before is None or self.card.better is None or self.now == self.before:
            return False
        return (self.now > self.before) != (self.card.better == "higher")


@dataclass(frozen=True)
class Unusual:
    """A day on which a KPI of a card was unusual. `title` is the KPI's, because a card may show several."""

    title: Text
    card: Card
    day: date
    value: float
    expected: float


@dataclass(frozen=True)
class GrownTopic:
    """A topic with more messages in the seven days up to `last_day` than chance explains, by `ml/topics/growth.py`."""

    name: Mapping[Language, str]
    is_new: bool
    last_day: date
    messages: int
    expected: float


@dataclass(frozen=True)
class Findings:
    """All findings about a dashboard. `head` is its first figure; `changes` are sorted, the largest first."""

    dashboard: Dashboard
    chosen: Filters
    currency: str | Currency
    head: Finding
    changes: list[Finding]
    unusual: list[Unusual]
    topics: list[GrownTopic] = field(default_factory=list)

    @property
    def is_compared(self) -> bool:
        """Whether any figure is compared with the previous period."""
        return any(each.before is not None for each in (self.head, *self.changes))

    @property
    def to_look_at(self) -> Finding | None:
        """The change to look at first: the largest for the worse, or else the largest."""
        return next((change for change in self.changes if change.is_bad), next(iter(self.changes), None))


def last_days(extent: Extent) -> Filters:
    """The last seven whole days of a store."""
    last = extent.today - timedelta(1)
    return Filters(last - timedelta(DAYS - 1), last, extent.store)


def find(session: Session, dashboard: Dashboard, chosen: Filters, extent: Extent) -> Findings | None:
    """The findings about a dashboard over a period. None if none of its numbers has a figure, or before a store's first
    day."""
    if not (extent.reaches(chosen.last) or extent.reaches(chosen.last, is_about_sales=True)):
        return None
    # A card without days in its query shows the present, and has no previous period.
    cards = [card for card in dashboard.cards if card.chart == "number" and card.is_about_period]
    found = [finding for card in cards if (finding := _finding(session, dashboard, card, chosen, extent))]
    if not found:
        return None
    changes = sorted((each for each in found if each.deviations), key=lambda each: -each.deviations)[:MOST_CHANGES]
    changes = [_with_part(session, dashboard, each, chosen, extent) for each in changes]
    head = next((change for change in changes if change.card == found[0].card), found[0])
    unusual = _unusual(session, dashboard, chosen)
    return Findings(dashboard, chosen, extent.currency, head, changes, unusual, _topics(session, dashboard, chosen))


def _finding(session: Session, dashboard: Dashboard, card: Card, chosen: Filters, extent: Extent) -> Finding | None:
    now = readings.read(session, card, chosen)
    has_before = extent.reaches(chosen.before.first, card.is_about_sales)
    before = readings.read(session, card, chosen.before) if has_before else None
    if now is None:
        return None
    if before is None or not now.is_final:
        return Finding(card, now.value, None, is_final=now.is_final)
    return Finding(card, now.value, before.value, readings.deviations(card, now, before))


def _with_part(session: Session, dashboard: Dashboard, change: Finding, chosen: Filters, extent: Extent) -> Finding:
    now, before = (readings.read(session, change.card, period) for period in (chosen, chosen.before))
    assert now
    assert before
    part = parts.largest(session, dashboard, change.card, chosen, extent, now, before)
    return replace(change, part=part)


def _unusual(session: Session, dashboard: Dashboard, chosen: Filters) -> list[Unusual]:
    """The most unusual days, one per KPI, with the first card that shows it."""
    cards: dict[str, Card] = {}
    for card in dashboard.cards:
        for metric in card.metrics if card.format else ():
            cards.setdefault(metric, card)
    rows = session.rows(read_sql(_ANOMALIES), {**chosen.parameters(), "metrics": list(cards)})
    first = {row["metric"]: row for row in reversed(rows)}
    kept = [row for row in rows if first[row["metric"]] is row][:MOST_UNUSUAL]
    return [
        Unusual(_title(row["metric"], card), card, row["day"], float(row["value"]), float(row["expected"]))
        for row in kept
        for card in (cards[row["metric"]],)
    ]


def _topics(session: Session, dashboard: Dashboard, chosen: Filters) -> list[GrownTopic]:
    """The topics that grew most, by messages."""
    if dashboard.name not in WITH_TOPICS:
        return []
    rows = session.rows(read_sql(_SQL / "topics.sql"), {**chosen.parameters(), "most": MOST_TOPICS})
    return [
        GrownTopic(
            {"id": row["name_id"], "en": row["name_en"]},
            row["growth"] == "new",
            row["last_day"],
            row["messages"],
            row["expected"],
        )
        for row in rows
    ]


def _title(metric: str, card: Card) -> Text:
    """The title of a number card is that of its KPI; a chart may show several KPIs."""
    return card.title if card.chart == "number" else kpi_definitions.load()[metric].title
