"""What is known about a shop's KPIs besides their figures: data quality, targets, unusual days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dashboards import definition
from dashboards.definition import FOLDER, Card
from dashboards.filters import ALL, Filters
from dashboards.reader import Quality, Session
from warehouse.connection import read_sql

VERDICTS: tuple[Quality, ...] = ("pass", "warn", "fail")


@dataclass(frozen=True)
class Anomaly:
    """A day on which a KPI was unusual, that is not between `lower` and `upper`."""

    day: date
    metric: str
    value: Decimal
    expected: Decimal
    lower: Decimal
    upper: Decimal


@dataclass(frozen=True)
class Judgements:
    """Verdicts and targets by metric, and the anomalies of a period by day."""

    verdicts: Mapping[str, Quality]
    targets: Mapping[str, float]
    anomalies: list[Anomaly]

    def verdict(self, card: Card) -> Quality:
        """The worst verdict on a card's KPIs, or for a card without KPIs on those of its own dashboard."""
        metrics = card.metrics or {metric for each in definition.load(card.owner).cards for metric in each.metrics}
        known = [self.verdicts[metric] for metric in metrics if metric in self.verdicts]
        return max(known, key=VERDICTS.index, default="pass")

    def of(self, card: Card) -> list[Anomaly]:
        return [anomaly for anomaly in self.anomalies if anomaly.metric in card.metrics]


def read(session: Session, chosen: Filters) -> Judgements:
    """Read for a store and a period. There are anomalies only for all issues and languages together."""
    parameters = chosen.parameters()
    is_whole = chosen.issue == chosen.message_language == ALL
    verdicts = session.rows(read_sql(FOLDER / "sql" / "verdicts.sql"), parameters)
    targets = session.rows(read_sql(FOLDER / "sql" / "targets.sql"), parameters)
    anomalies = session.rows(read_sql(FOLDER / "sql" / "anomalies.sql"), parameters) if is_whole else []
    return Judgements(
        {row["metric"]: row["quality"] for row in verdicts},
        {row["metric"]: float(row["target"]) for row in targets},
        [Anomaly(**row) for row in anomalies],
    )
