"""What a dashboard is: a title, filters, and sections of cards, each with one query on `marts` and a way to show it.

A definition is a file `definitions/<name>.yml`; the query of its card `x` is `sql/<name>/x.sql`, with the filters'
parameters as `%(name)s`. A card that another dashboard has is borrowed by `use: <name>/x`, and is the same on both.
Nothing here depends on who shows it.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from warehouse.connection import read_sql

FOLDER = Path(__file__).parent
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
# The parameters that can have the value `all`.
PASSING = {"channel", "issue", "message_language"}

Language = Literal["en", "id"]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Format = Literal["count", "percent", "duration", "money", "month", "text"]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(_Data):
    """A text in the languages of the dashboards."""

    en: str = Field(min_length=1)
    id: str = Field(min_length=1)

    def to(self, language: Language) -> str:
        return self.en if language == "en" else self.id


class Filter(_Data):
    """One thing that the reader may choose: its name in the address, and that of the placeholder in the SQL."""

    name: Literal["from", "to", "store", "channel", "issue", "language"]
    parameter: Literal["from_day", "to_day", "store", "channel", "issue", "message_language"]
    title: Text


class Facts(_Data):
    """The rows that a card's figure rests on: those of the query `sql/facts/<of>.sql`, for the same filters.

    The names are columns of that query. `only` are flags that all the rows have, `counted` those of the rows that make
    the numerator of a share. A figure that is no number of rows adds up, averages or takes the median of `measure`. The
    parts of a chart are told apart by the column `by`.
    """

    of: Identifier
    only: list[Identifier] = Field(default_factory=list)
    counted: list[Identifier] = Field(default_factory=list)
    measure: Identifier | None = None
    by: Identifier | None = None

    @property
    def sql(self) -> str:
        """The query of all rows, with the filters' parameters as `%(name)s`."""
        return read_sql(FOLDER / "sql" / "facts" / f"{self.of}.sql")


class Card(_Data):
    """One query and how to show it. What the query must return, by the kind of chart:

    - `number`: one row with `value` (null: no data), `numerator`, `denominator`, `is_final`;
    - `line`, `stacked_bar`: rows with `day`, `series` (a key of the card's `series`), `value`, `is_final`;
    - `bar`: rows with `series`, `value`; what `series` does not name, such as a product, is shown by its key;
    - `table`: rows with the columns named in `columns`, in that order; `rows` names the texts of a `text` column.

    A bar says its share of all of them together, in a chain of steps of the `first`, or of `none`. Values are counts,
    percentages (0–100), seconds (`duration`) or amounts in the shop's currency (`money`). `better` says which way is
    good news. `metrics` names the KPIs that the card shows, as `metric` in `marts.kpi_daily` and `kpi_monthly`.
    """

    id: Identifier
    owner: Identifier
    title: Text
    meaning: Text
    chart: Literal["number", "line", "bar", "stacked_bar", "table"]
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
        """The card's query, with the filters' parameters as `%(name)s`."""
        return read_sql(FOLDER / "sql" / self.owner / f"{self.id}.sql")

    @property
    def parameters(self) -> set[str]:
        """The filters' parameters that the query asks for."""
        return set(PLACEHOLDER.findall(self.sql))

    @model_validator(mode="after")
    def _fits_its_chart(self) -> Self:
        if (self.chart == "table") != bool(self.columns):
            raise ValueError(f"card {self.id}: a table has columns, and nothing else has")
        if (self.chart in ("line", "bar", "stacked_bar")) != (self.series is not None):
            raise ValueError(f"card {self.id}: charts name their series, and nothing else does")
        if self.chart in ("line", "stacked_bar") and not self.series:
            raise ValueError(f"card {self.id}: a chart over time names every series")
        if (self.chart == "table") != (self.format is None):
            raise ValueError(f"card {self.id}: everything but a table has a format")
        if self.chart != "number" and (self.better or self.basis):
            raise ValueError(f"card {self.id}: only a number has `better` and `basis`")
        return self


class Column(_Data):
    """A column of a table card."""

    title: Text
    format: Format


class Section(_Data):
    """Cards that answer one question; a section holds either numbers or charts and tables."""

    title: Text
    cards: list[Card] = Field(min_length=1)

    @property
    def of_numbers(self) -> bool:
        return self.cards[0].chart == "number"

    @property
    def in_thirds(self) -> bool:
        """Whether its cards stand three in a row, not two: a wide one has a row of its own and leaves a pair."""
        return len(self.cards) == 3 and not any(card.wide for card in self.cards)

    @model_validator(mode="after")
    def _is_of_one_kind(self) -> Self:
        if len({card.chart == "number" for card in self.cards}) > 1:
            raise ValueError(f"section {self.title.en!r} mixes numbers with charts")
        return self


class Dashboard(_Data):
    """A whole dashboard. `cards` are those of its sections, each id once; `position` is its place among the others."""

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
        """The dashboard with nothing but one of its cards."""
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
            # A lender may be filtered by more than who borrows its card, where that filter lets everything through.
            if unknown := used - filters - (PASSING if card.owner != self.name else set()):
                raise ValueError(f"card {card.id} asks for filters that the dashboard lacks: {sorted(unknown)}")
        return self


@cache
def load(name: str) -> Dashboard:
    """The dashboard `name`. Raises KeyError if there is none, pydantic's ValidationError if it is not sound."""
    if name not in names():
        raise KeyError(name)
    definition = _read(name)
    for section in definition["sections"]:
        section["cards"] = [_card(name, card) for card in section["cards"]]
    return Dashboard.model_validate({"name": name, **definition})


def _read(name: str) -> dict[str, Any]:
    text = (FOLDER / "definitions" / f"{name}.yml").read_text()
    # Ten times as fast as the loader in Python; what is borrowed is read often.
    definition: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return definition


def _card(name: str, card: dict[str, Any]) -> dict[str, Any]:
    """A card of the dashboard `name` with its owner's name, or the one that it borrows. Raises KeyError."""
    if "use" not in card:
        return {"owner": name, **card}
    owner, _, wanted = card["use"].partition("/")
    for section in _read(owner)["sections"]:
        for lent in section["cards"]:
            if lent.get("id") == wanted:
                return {"owner": owner, **lent}
    raise KeyError(card["use"])


def names() -> list[str]:
    """The names of all dashboards, by the alphabet."""
    return sorted(path.stem for path in (FOLDER / "definitions").glob("*.yml"))


def load_all() -> list[Dashboard]:
    """All dashboards, in the order in which they are shown."""
    return sorted((load(name) for name in names()), key=lambda dashboard: dashboard.position)
