"""A card of a dashboard: its query on `marts`, how to show it, and the rows behind its figure."""

from __future__ import annotations

import re
from errno import ENOENT
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from dashboards import kpi_definitions, kpi_queries
from dashboards.kpi_definitions import Condition, Data, Definition, Identifier, Unit
from warehouse.connection import read_sql
from warehouse.formats import Format
from warehouse.i18n import Text

FOLDER = Path(__file__).parent
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
# Facts about what the shop sold, with or without chats.
SALES = {"sales", "orders", "order_lines", "refunds", "buyers", "customers"}
OVER_TIME = ("line", "stacked_bar", "band")
QUADRANTS = 4
FORMATS: dict[Unit, Format] = {
    "count": "count", "seconds": "duration", "percent": "percent", "currency": "money", "months": "months"
}  # fmt: skip


class Facts(Data):
    """The rows behind a card's figure: those of the query `sql/facts/<of>.sql`, for the same filters.

    The names are columns of that query. `only` are conditions on all rows, `counted` on those in the numerator of a
    share. A figure that is not a count is the sum, average or median of `measure`. `by` is the column with the parts of
    a chart.
    """

    of: Identifier
    only: list[Condition] = Field(default_factory=list)
    counted: list[Condition] = Field(default_factory=list)
    measure: Identifier | None = None
    by: Identifier | None = None

    @property
    def sql(self) -> str:
        """The query of all rows, with the filters' parameters as `%(name)s`."""
        return kpi_queries.facts(self.of)

    @property
    def parameters(self) -> set[str]:
        return set(PLACEHOLDER.findall(self.sql))


class Query(Data):
    """A query that several cards share, `sql/shared/<of>.template`, for one KPI or for one source of texts."""

    of: Identifier
    metric: Identifier | None = None
    source: Identifier | None = None

    @property
    def sql(self) -> str:
        values = {"metric": _kpi(self.metric).metric} if self.metric else {}
        values |= {"source": self.source} if self.source else {}
        return kpi_queries.shared(self.of, **values)


class Card(Data):
    """A query and how to show it. The columns that the query returns, by chart type:

    - `number`: one row with `value` (null: no data), `numerator`, `denominator`, `is_final`; if the card has `rows`,
      also `remark`, a key of them (null: none) whose text stands below the number, such as a grade;
    - `line`, `stacked_bar`: rows with `day`, `series` (a key of the card's `series`), `value`, `is_final`;
    - `band`: the same, with the series `past`, `forecast`, `lower_80`, `upper_80`, `lower_95` and `upper_95`;
    - `bar`: rows with `series`, `value`; a key that `series` does not name, such as a product, is shown as it is;
    - `diverging_bar`: as `bar`, with bars to the left and to the right of zero;
    - `word_cloud`: as `bar`, with words as series; a word with a negative value has the other colour;
    - `scatter`: rows with `label`, `x`, `y`, `series` (the quadrant), and where the quadrants meet, `x_line`, `y_line`;
      the card's `series` names them from left to right, the upper ones first, and `columns` the axes `x` and `y`;
    - `table`: rows with the columns in `columns`, in that order; `rows` names the values of a `text` column.

    `share_of` says whether the label of a bar has its share of all bars, of the first (in a funnel), or none. Values
    are counts, percentages (0–100), seconds (`duration`), amounts in the shop's currency (`money`) or numbers with two
    decimal places (`decimal`). `better` is the direction that is good news. `metrics` are the KPIs that the card shows,
    as in `marts.kpi_daily`. `empty` says what is missing, and what to do about it, where there are no data.
    """

    id: Identifier
    owner: Identifier
    title: Text
    meaning: Text
    chart: Literal[
        "number", "line", "stacked_bar", "band", "bar", "diverging_bar", "word_cloud", "scatter", "table"
    ]  # fmt: skip
    format: Format | None = None
    better: Literal["higher", "lower"] | None = None
    basis: Text | None = None
    metrics: list[Identifier] = Field(default_factory=list)
    query: Query | None = None
    facts: Facts | None = None
    series: dict[str, Text] | None = None
    columns: dict[str, Column] = Field(default_factory=dict)
    rows: dict[str, Text] = Field(default_factory=dict)
    order: Literal["given", "largest", "smallest"] = "given"
    share_of: Literal["all", "first", "none"] = "all"
    wide: bool = False
    empty: Text | None = None

    def __hash__(self) -> int:
        return hash((self.id, self.owner))

    @property
    def sql(self) -> str:
        """The card's query, with the filters' parameters as `%(name)s`. Raises FileNotFoundError if it has none."""
        if self.query:
            return self.query.sql
        if self.has_own_query:
            return read_sql(self._file)
        kpis = kpi_definitions.load()
        if self.chart == "number" and len(self.metrics) == 1:
            return kpi_queries.number(kpis[self.metrics[0]])
        if self.is_over_time and self.metrics:
            return kpi_queries.lines([kpis[metric] for metric in self.metrics])
        if columns := {name: kpis[column.metric] for name, column in self.columns.items() if column.metric}:
            return kpi_queries.months(columns)
        raise FileNotFoundError(ENOENT, "no query", str(self._file))

    @property
    def is_about_sales(self) -> bool:
        """Whether the card is about what the shop sold, which can be older than its chats."""
        kpis = kpi_definitions.load()
        facts = {kpis[metric].fact for metric in self.metrics} | ({self.facts.of} if self.facts else set())
        return facts <= SALES if facts else self.owner == "store"

    @property
    def is_over_time(self) -> bool:
        return self.chart in OVER_TIME

    @property
    def is_about_period(self) -> bool:
        """Whether the card is about the chosen days, as most are."""
        return "from_day" in self.parameters

    @property
    def has_own_query(self) -> bool:
        return self._file.exists()

    @property
    def _file(self) -> Path:
        return FOLDER / "sql" / self.owner / f"{self.id}.sql"

    @property
    def parameters(self) -> set[str]:
        """The filters' parameters that the query uses."""
        return set(PLACEHOLDER.findall(self.sql))

    @model_validator(mode="before")
    @classmethod
    def _is_of_its_kpis(cls, card: dict[str, Any]) -> dict[str, Any]:
        """Defaults of a card come from the KPIs that it shows."""
        columns = card.get("columns") or {}
        metrics = card.get("metrics") or [column["metric"] for column in columns.values() if "metric" in column]
        units = [_kpi(metric).unit for metric in metrics]
        derived = {"format": FORMATS[units[0]]} if units and not columns else {}
        return {**derived, **card, "metrics": metrics}

    @model_validator(mode="after")
    def _fits_its_chart(self) -> Self:
        if (self.chart in ("table", "scatter")) != bool(self.columns):
            raise ValueError(f"card {self.id}: a table and a scatter chart have columns, and nothing else has")
        if self.chart == "scatter" and (list(self.columns) != ["x", "y"] or len(self.series or ()) != QUADRANTS):
            raise ValueError(f"card {self.id}: a scatter chart has the axes x and y, and four quadrants")
        if (self.chart in ("number", "table")) == (self.series is not None):
            raise ValueError(f"card {self.id}: charts name their series, and nothing else does")
        if self.is_over_time and not self.series:
            raise ValueError(f"card {self.id}: a chart over time names every series")
        if bool(self.columns) != (self.format is None):
            raise ValueError(f"card {self.id}: everything but columns has a format")
        if self.chart != "number" and (self.better or self.basis):
            raise ValueError(f"card {self.id}: only a number has `better` and `basis`")
        return self


class Column(Data):
    """A column of a table card. By default, a column of a KPI has the KPI's title and format."""

    title: Text
    format: Format
    metric: Identifier | None = None

    @model_validator(mode="before")
    @classmethod
    def _is_of_its_kpi(cls, column: dict[str, Any]) -> dict[str, Any]:
        if "metric" not in column:
            return column
        kpi = _kpi(column["metric"])
        return {"title": kpi.title, "format": FORMATS[kpi.unit], **column}


def _kpi(metric: str) -> Definition:
    if metric not in kpi_definitions.load():
        raise ValueError(f"there is no KPI {metric}")
    return kpi_definitions.load()[metric]
