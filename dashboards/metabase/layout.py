"""The layout of a dashboard on Metabase's grid of 24 columns, and its filters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboards.definition import Card, Dashboard, Filter, Language, Section
from dashboards.filters import choices
from dashboards.metabase import drill_through, header_cards
from dashboards.metabase import query_templates as sql
from dashboards.metabase.cards import NOW, STORES, WAVES, own_cards
from dashboards.metabase.client import Row
from dashboards.metabase.questions import Question, Target, of_card, parameter_id
from dashboards.words import CHANNELS

COLUMNS = 24
# With this many sections or more, each has a tab.
TABS_FROM = 5
MARK = "kabar"
_NUMBER = (6, 3)
_CHART = (COLUMNS // 2, 7)
_WIDE = (COLUMNS, 8)
_HALF = (COLUMNS // 2, 3)
_INSIGHT = (COLUMNS, 4)
_HEADING = (COLUMNS, 1)
# The cards whose column has the values of a filter.
_LISTS = {"store": (STORES, "store_id"), "wave": (WAVES, "wave")}


@dataclass(frozen=True)
class Placed:
    """A question on a dashboard, or a heading where it is None. `card` is the definition's card. `mark` identifies it
    among what people put there."""

    mark: str
    tab: str | None
    row: int
    column: int
    size: tuple[int, int]
    title: str
    question: Question | None = None
    card: Card | None = None


def arrange(dashboard: Dashboard, language: Language) -> list[Placed]:
    """Everything on a dashboard from top to bottom, the sections below one another or on a tab each."""
    has_tabs = len(dashboard.sections) >= TABS_FROM
    placed: list[Placed] = []
    row = 0
    for number, section in enumerate(dashboard.sections):
        tab = section.title.to(language) if has_tabs else None
        row = 0 if has_tabs else row
        found = _header(dashboard, tab, language) if number == 0 else []
        row = max((each.row + each.size[1] for each in found), default=row)
        found += _section(section, number, tab, row, language)
        row = max(each.row + each.size[1] for each in found)
        placed += found
    return placed


def _header(dashboard: Dashboard, tab: str | None, language: Language) -> list[Placed]:
    """The state of the data and today's figures, and below them the insight."""
    standing, now = header_cards.standing(dashboard, language), of_card(own_cards()[NOW], language)

    def at(question: Question, row: int, column: int, size: tuple[int, int]) -> Placed:
        return Placed(question.key, tab, row, column, size, question.title.to(language), question)

    placed = [at(standing, 0, 0, _HALF), at(now, 0, _HALF[0], _HALF)]
    if header_cards.has_insight(dashboard):
        placed.append(at(header_cards.insight(dashboard, language), _HALF[1], 0, _INSIGHT))
    return placed


def _section(section: Section, number: int, tab: str | None, row: int, language: Language) -> list[Placed]:
    title = section.title.to(language)
    placed = [Placed(f"heading/{number}", tab, row, 0, _HEADING, title)]
    row, column, height = row + 1, 0, 0
    for card in section.cards:
        size = _WIDE if card.wide else _NUMBER if card.chart == "number" else _CHART
        if column + size[0] > COLUMNS:
            row, column, height = row + height, 0, 0
        question = of_card(card, language)
        placed.append(Placed(question.key, tab, row, column, size, card.title.to(language), question, card))
        column, height = column + size[0], max(height, size[1])
    return placed


def mappings(dashboard: Dashboard, question: Question, number: int) -> list[Row]:
    """Map each filter to the template tag of its name, if the question has it."""
    return [
        {
            "parameter_id": parameter_id(filter_),
            "card_id": number,
            "target": ["variable", ["template-tag", filter_.parameter]],
        }
        for filter_ in dashboard.filters
        if filter_.parameter in question.tags
    ]


def parameter(filter_: Filter, target: Target, cards: Mapping[str, int]) -> Row:
    """A dashboard's filter in Metabase's format. `cards` are the ids of the cards by key."""
    base: Row = {"id": parameter_id(filter_), "name": filter_.title.to(target.language), "slug": filter_.name}
    if filter_.parameter in ("from_day", "to_day"):
        return {**base, "type": "date/single", "sectionId": "date"}
    base |= {"type": "string/=", "sectionId": "string", "isMultiSelect": False, "required": True}
    base["values_query_type"] = "list"
    base["default"] = [sql.default(filter_.parameter, target.language, target.default_store)]
    if filter_.parameter in _LISTS:
        listed, column = _LISTS[filter_.parameter]
        field = ["field", column, {"base-type": "type/Text"}]
        source: Row = {"card_id": cards[f"metabase/{listed}"], "value_field": field}
        return {**base, "values_source_type": "card", "values_source_config": source}
    source = {"values": [list(choice) for choice in choices(filter_, CHANNELS, target.language)]}
    return {**base, "values_source_type": "static-list", "values_source_config": source}


def settings_of(placed: Placed, dashboard: Dashboard, numbers: Mapping[str, int], language: Language) -> Row:
    """The visualization settings of a dashcard. A heading is a virtual card."""
    if placed.question is None:
        virtual: Row = {"name": None, "display": "heading", "archived": False}
        virtual |= {"visualization_settings": {}, "dataset_query": {}}
        return {MARK: placed.mark, "virtual_card": virtual, "text": placed.title}
    settings: Row = {MARK: placed.mark}
    if placed.card and placed.card.facts:
        rows = drill_through.rows(placed.card, language)
        settings |= drill_through.click(dashboard, placed.card, rows, numbers[rows.key])
    return settings
