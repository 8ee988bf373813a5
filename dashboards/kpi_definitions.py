"""What every KPI is, from `dbt/kpis.yml`, which explains the keys."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

from pipeline.transform import PROJECT
from warehouse.i18n import Text

FILE = PROJECT / "kpis.yml"

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Condition = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*( is not null)?$")]
"""A flag of a row, or that one of its columns has a value."""

Unit = Literal["count", "seconds", "percent", "currency", "months"]
Dimension = Literal["channel", "author", "bucket", "issue", "urgency", "language", "sentiment", "source", "currency"]
Day = Literal["message", "turn", "episode", "rating", "request", "order", "month"]


class Data(BaseModel):
    """Data from a file: nothing in it that is not known, and nothing that changes it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Fact(Data):
    """The rows that KPIs are computed from: the dbt model that does it, and the event whose day counts. Rows that count
    once per period, however many days they span, do not add up."""

    model: str
    day: Day
    is_of_shop: bool = False
    adds_up: bool = True


class Limit(Data):
    """A target that is the upper limit of another KPI; `default` applies to shops that set none."""

    limits: Identifier
    default: float


class KpiCard(Data):
    """The number card of a KPI on a dashboard. By default, `id` is the name of the KPI."""

    dashboard: Identifier
    id: Identifier | None = None
    meaning: Text
    basis: Text | None = None


class Definition(Data):
    """A KPI. `days_to_judge` is the number of days after which the figure of a day is compared with a target."""

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
        """The KPI whose figures are compared with the target: this one, unless the target limits another."""
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
    """The definitions by metric, in the order of the file. Raises pydantic's ValidationError if one is not valid,
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
