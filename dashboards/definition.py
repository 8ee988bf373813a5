"""The model of a dashboard: a title, filters, and sections of cards, each with one query on `marts` and a chart type.

A definition is a file `definitions/<name>.yml`; the query of its card `x` is `sql/<name>/x.sql`, with the filters'
parameters as `%(name)s`. A card without such a file shows its `metrics`, by their definitions. `kpi: <metric>` places
the card of a KPI. `use: <name>/x` shows the card of another dashboard. Nothing here depends on how it is displayed.
"""

from __future__ import annotations

import re
from errno import ENOENT
from functools import cache
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import Field, model_validator

from dashboards import kpi_definitions, kpi_queries
from dashboards.kpi_definitions import Condition, Data, Definition, Identifier, KpiCard, Unit
from warehouse.connection import read_sql
from warehouse.formats import Format
from warehouse.i18n import Language, Text

__all__ = ["Card", "Column", "Dashboard", "Facts", "Filter", "Format", "Identifier", "Language", "Section", "Text"]

FOLDER = Path(__file__).parent
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
# The parameters that can have the value `all`.
PASSING = {"channel", "issue", "message_language"}

FORMATS: dict[Unit, Format] = {
    "count": "count", "seconds": "duration", "percent": "percent", "currency": "money", "months": "months"
}  # fmt: skip


class Filter(Data):
    """A filter: its name in the URL, and the name of its parameter in the SQL."""

    name: Literal["from", "to", "store", "channel", "issue", "language"]
    parameter: Literal["from_day", "to_day", "store", "channel", "issue", "message_language"]
    title: Text


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


class Card(Data):
    """A query and how to show it. The columns that the query returns, by chart type:

    - `number`: one row with `value` (null: no data), `numerator`, `denominator`, `is_final`;
    - `line`, `stacked_bar`: rows with `day`, `series` (a key of the card's `series`), `value`, `is_final`;
    - `band`: the same, with the series `past`, `forecast`, `lower_80`, `upper_80`, `lower_95` and `upper_95`;
    - `bar`: rows with `series`, `value`; a key that `series` does not name, such as a product, is shown as it is;
    - `table`: rows with the columns in `columns`, in that order; `rows` names the values of a `text` column.

    `share_of` says whether the label of a bar has its share of all bars, of the first (in a funnel), or none. Values
    are counts, percentages (0–100), seconds (`duration`) or amounts in the shop's currency (`money`). `better` is the
    direction that is good news. `metrics` are the KPIs that the card shows, as in `marts.kpi_daily`.
    """

    id: Identifier
    owner: Identifier
    title: Text
    meaning: Text
    chart: Literal["number", "line", "bar", "stacked_bar", "band", "table"]
    format: Format | None = None
    better: Literal["higher", "lower"] | None = None
    basis: Text | None = None
    metrics: list[Identifier] = Field(default_factory=list)
    facts: Facts | None = None
    series: dict[str, Text] | None = None
    columns: dict[str, Column] = Field(default_factory=dict)
    rows: dict[str, Text] = Field(default_factory=dict)
    order: Literal["given", "largest"] = "given"
    share_of: Literal["all", "first", "none"] = "all"
    wide: bool = False

    def __hash__(self) -> int:
        return hash((self.id, self.owner))

    @property
    def sql(self) -> str:
        """The card's query, with the filters' parameters as `%(name)s`. Raises FileNotFoundError if it has none."""
        if self.has_own_query:
            return read_sql(self._file)
        kpis = kpi_definitions.load()
        if self.chart == "number" and len(self.metrics) == 1:
            return kpi_queries.number(kpis[self.metrics[0]])
        if self.chart in ("line", "stacked_bar") and self.metrics:
            return kpi_queries.lines([kpis[metric] for metric in self.metrics])
        if columns := {name: kpis[column.metric] for name, column in self.columns.items() if column.metric}:
            return kpi_queries.months(columns)
        raise FileNotFoundError(ENOENT, "no query", str(self._file))

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
        if (self.chart == "table") != bool(self.columns):
            raise ValueError(f"card {self.id}: a table has columns, and nothing else has")
        if (self.chart in ("line", "bar", "stacked_bar", "band")) != (self.series is not None):
            raise ValueError(f"card {self.id}: charts name their series, and nothing else does")
        if self.chart in ("line", "stacked_bar", "band") and not self.series:
            raise ValueError(f"card {self.id}: a chart over time names every series")
        if (self.chart == "table") != (self.format is None):
            raise ValueError(f"card {self.id}: everything but a table has a format")
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


class Section(Data):
    """Cards that answer one question, either numbers or charts and tables."""

    title: Text
    cards: list[Card] = Field(min_length=1)

    @property
    def of_numbers(self) -> bool:
        return self.cards[0].chart == "number"

    @property
    def in_thirds(self) -> bool:
        """Whether there are three cards in a row instead of two. A wide card has its own row, which leaves a pair."""
        return len(self.cards) == 3 and not any(card.wide for card in self.cards)

    @model_validator(mode="after")
    def _is_of_one_kind(self) -> Self:
        if len({card.chart == "number" for card in self.cards}) > 1:
            raise ValueError(f"section {str(self.title)!r} mixes numbers with charts")
        return self


class Dashboard(Data):
    """A dashboard. `cards` are the cards of its sections, with unique ids; `position` orders the dashboards."""

    name: Identifier
    position: int
    title: Text
    description: Text
    filters: list[Filter]
    sections: list[Section] = Field(min_length=1)

    @property
    def cards(self) -> list[Card]:
        return [card for section in self.sections for card in section.cards]

    def only(self, card: Card) -> Self:
        """The dashboard with only one of its cards."""
        sections = [each.model_copy(update={"cards": [card]}) for each in self.sections if card in each.cards]
        return self.model_copy(update={"sections": sections})

    @model_validator(mode="after")
    def _has_a_query_for_each_card(self) -> Self:
        names = [card.id for card in self.cards]
        if repeated := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"cards named twice: {sorted(repeated)}")
        filters = {filter_.parameter for filter_ in self.filters}
        for card in self.cards:
            try:
                used = card.parameters
            except FileNotFoundError as error:
                raise ValueError(f"card {card.id} has no query: {error.filename}") from None
            # A card of another dashboard or of a KPI may use filters that this dashboard lacks, if they can be "all".
            is_given = card.owner != self.name or not card.has_own_query
            if unknown := used - filters - (PASSING if is_given else set()):
                raise ValueError(f"card {card.id} asks for filters that the dashboard lacks: {sorted(unknown)}")
        return self


def _kpi(metric: str) -> Definition:
    if metric not in kpi_definitions.load():
        raise ValueError(f"there is no KPI {metric}")
    return kpi_definitions.load()[metric]


@cache
def load(name: str) -> Dashboard:
    """The dashboard `name`. Raises KeyError if there is none, pydantic's ValidationError if it is not valid."""
    if name not in names():
        raise KeyError(name)
    definition = _read(name)
    for section in definition["sections"]:
        section["cards"] = [_borrowed(card["use"]) if "use" in card else card for card in section["cards"]]
    return Dashboard.model_validate({"name": name, **definition})


def _read(name: str) -> dict[str, Any]:
    """The definition, with the cards of its KPIs filled in. Raises KeyError for a KPI that has no card here."""
    text = (FOLDER / "definitions" / f"{name}.yml").read_text()
    # Ten times as fast as the loader in Python.
    definition: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    of_kpis = {
        kpi.metric: _of_kpi(kpi, kpi.card)
        for kpi in kpi_definitions.load().values()
        if kpi.card and kpi.card.dashboard == name
    }
    for section in definition["sections"]:
        section["cards"] = [
            of_kpis.pop(card["kpi"]) if "kpi" in card else card if "use" in card else {"owner": name, **card}
            for card in section["cards"]
        ]
    definition["sections"][0]["cards"] += of_kpis.values()
    return definition


def _of_kpi(kpi: Definition, card: KpiCard) -> dict[str, Any]:
    is_share = kpi.numerator is not None and kpi.denominator is not None
    return {
        "id": card.id or kpi.metric,
        "owner": card.dashboard,
        "title": kpi.title,
        "meaning": card.meaning,
        "basis": card.basis,
        "chart": "number",
        "better": kpi.better,
        "metrics": [kpi.metric],
        "facts": {
            "of": kpi.fact,
            "only": (kpi.denominator if kpi.denominator is not None else kpi.numerator) or [],
            "counted": kpi.numerator if is_share else [],
            "measure": kpi.measure,
        },
    }


def _borrowed(use: str) -> dict[str, Any]:
    """The card `<owner>/<id>`. Raises KeyError if there is none."""
    owner, _, wanted = use.partition("/")
    for section in _read(owner)["sections"]:
        for card in section["cards"]:
            if card.get("id") == wanted:
                return card  # type: ignore[no-any-return]
    raise KeyError(use)


def names() -> list[str]:
    """The names of all dashboards in alphabetical order."""
    return sorted(path.stem for path in (FOLDER / "definitions").glob("*.yml"))


def load_all() -> list[Dashboard]:
    """All dashboards in the order in which they are shown."""
    return sorted((load(name) for name in names()), key=lambda dashboard: dashboard.position)
