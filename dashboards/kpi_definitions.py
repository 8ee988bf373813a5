"""What every KPI is, from `dbt/kpis.yml`, which explains the keys."""

from __future__ import annotations

from functools import cache
from typing import Literal, Self

import yaml
from pydantic import model_validator

from dashboards.texts import Condition, Data, Identifier, Text
from pipeline.transform import PROJECT

FILE = PROJECT / "kpis.yml"

Unit = Literal["count", "seconds", "percent", "currency"]
Dimension = Literal["channel", "author", "bucket", "issue", "urgency", "language", "currency"]
Day = Literal["message", "turn", "episode", "rating", "request", "order", "month"]


class Fact(Data):
    """The rows that KPIs are computed from: dbt's model that does it, and the event whose day counts. A row that stands
    once in a period, however many days it lies in, does not add up."""

    model: str
    day: Day
    is_of_shop: bool = False
    adds_up: bool = True


class Limit(Data):
    """A target that is the most that another KPI may be; `default` holds for shops that set none."""

    limits: Identifier
    default: float


class KpiCard(Data):
    """The number that a dashboard shows of a KPI; `id` is the KPI's name where nothing else is said."""

    dashboard: Identifier
    id: Identifier | None = None
    meaning: Text
    basis: Text | None = None


class Definition(Data):
    """A KPI. `days_to_judge`: how many days after a day its figure is held against a target."""

    metric: Identifier
    title: Text
    formula: Text
    fact: Identifier
    of: Fact
    model: str
    numerator: list[Condition] | None = None
    denominator: list[Condition] | None = None
    measure: Identifier | None = None
    percentile: float | None = None
    unit: Unit
    dimensions: list[Dimension]
    final_after: Identifier
    days_to_judge: int
    final_with: Identifier | None = None
    better: Literal["higher", "lower"] | None = None
    target: Literal["value"] | Limit | None = None
    card: KpiCard | None = None

    @property
    def day(self) -> Day:
        return self.of.day

    @property
    def is_limit(self) -> bool:
        """Whether its target limits another KPI."""
        return isinstance(self.target, Limit)

    @property
    def compared(self) -> Definition:
        """The KPI whose figures are held against the target: its own, unless the target limits another."""
        return load()[self.target.limits] if isinstance(self.target, Limit) else self

    @model_validator(mode="after")
    def _can_be_computed(self) -> Self:
        if self.unit == "percent" and (self.numerator is None) != (self.denominator is None):
            raise ValueError(f"{self.metric}: a share has a numerator and a denominator")
        if self.percentile is not None and (self.measure is None or self.denominator is None):
            raise ValueError(f"{self.metric}: a percentile has a measure and a denominator")
        if self.target == "value" and self.better is None:
            raise ValueError(f"{self.metric}: a target needs a KPI of which is known which way is better")
        return self


@cache
def load() -> dict[str, Definition]:
    """The definitions by metric, in the order of the file. Raises pydantic's ValidationError if one is not sound,
    KeyError if one names a fact or a rule that the file does not have."""
    found = yaml.load(FILE.read_text(), Loader=yaml.CSafeLoader)
    facts, finality = found["facts"], found["finality"]
    return {
        metric: Definition.model_validate(
            {
                "metric": metric,
                "of": facts[kpi["fact"]],
                "model": facts[kpi["fact"]]["model"],
                "days_to_judge": finality[kpi["final_after"]],
                **kpi,
            }
        )
        for metric, kpi in found["kpis"].items()
    }
