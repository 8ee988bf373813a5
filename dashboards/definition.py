"""The model of a dashboard: a title, filters, and sections of cards, each with one query on `marts` and a chart type.

A definition is a file `definitions/<name>.yml`; the query of its card `x` is `sql/<name>/x.sql`, with the filters'
parameters as `%(name)s`. A card without such a file shares the query that it names, or shows its `metrics`, by their
definitions. `kpi: <metric>` places the card of a KPI. `use: <name>/x` shows the card of another dashboard. Nothing here
depends on how it is displayed.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Literal, Self

import yaml
from pydantic import Field, model_validator

from dashboards import kpi_definitions
from dashboards.card import FOLDER, PLACEHOLDER, Card, Column, Facts
from dashboards.kpi_definitions import Data, Definition, Identifier, KpiCard
from warehouse.formats import Format
from warehouse.i18n import Language, Text

__all__ = [
    "FOLDER", "PLACEHOLDER", "Card", "Column", "Dashboard", "Facts", "Filter", "Format", "Identifier", "Language",
    "Section", "Text",
]  # fmt: skip

# The value of each parameter that need not be chosen. The others always have a value of their own.
DEFAULTS = {"channel": "all", "issue": "all", "message_language": "all", "wave": "newest"}
# The parameter of queries that choose between texts that are stored in both languages. It is no filter.
READER_LANGUAGE = "reader_language"


class Filter(Data):
    """A filter: its name in the URL, and the name of its parameter in the SQL."""

    name: Literal["from", "to", "store", "channel", "issue", "language", "wave"]
    parameter: Literal["from_day", "to_day", "store", "channel", "issue", "message_language", "wave"]
    title: Text


class Section(Data):
    """Cards that answer one question, either numbers or charts and tables."""

    title: Text
    cards: list[Card] = Field(min_length=1)

    @property
    def of_numbers(self) -> bool:
        return self.cards[0].chart == "number"

    @property
    def is_about_wave(self) -> bool:
        """Whether a card is about the chosen survey wave."""
        return any("wave" in card.parameters for card in self.cards)

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
        filters = {filter_.parameter for filter_ in self.filters} | {READER_LANGUAGE}
        for card in self.cards:
            try:
                used = card.parameters
            except FileNotFoundError as error:
                raise ValueError(f"card {card.id} has no query: {error.filename}") from None
            # A card of another dashboard or of a KPI may use filters that this dashboard lacks, if they have a default.
            is_given = card.owner != self.name or not card.has_own_query
            if unknown := used - filters - (DEFAULTS.keys() if is_given else set()):
                raise ValueError(f"card {card.id} asks for filters that the dashboard lacks: {sorted(unknown)}")
        return self


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
