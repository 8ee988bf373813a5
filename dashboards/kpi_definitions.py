"""What every KPI means, from `dbt/kpis.yml`: for the page that explains a KPI and for dbt's own documents."""

from __future__ import annotations

from functools import cache
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from dashboards.definition import Text
from pipeline.transform import PROJECT

FILE = PROJECT / "kpis.yml"

Unit = Literal["count", "seconds", "percent", "currency"]
Dimension = Literal["channel", "author", "bucket", "issue", "urgency", "language", "currency"]
Day = Literal["message", "turn", "episode", "rating", "request", "order", "month"]


class Definition(BaseModel):
    """A KPI: `formula` says in words what is divided by what, `day` on which day or month it counts, `model` which of
    dbt's models computes it. Each KPI is taken for all, and along its `dimensions`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    metric: str
    title: Text
    formula: Text
    unit: Unit
    dimensions: list[Dimension]
    day: Day
    model: str


@cache
def load() -> dict[str, Definition]:
    """The definitions by metric, in the order of the file. Raises pydantic's ValidationError if one is not sound."""
    found = yaml.load(FILE.read_text(), Loader=yaml.CSafeLoader)
    return {metric: Definition.model_validate({"metric": metric, **definition}) for metric, definition in found.items()}
