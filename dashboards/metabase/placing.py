"""Where the cards of a dashboard stand on Metabase's grid of 24 columns, and what its filters are there."""

from __future__ import annotations

from dataclasses import dataclass

from dashboards.definition import PASSING, Card, Dashboard, Filter, Language, Section
from dashboards.filters import ALL, choices
from dashboards.metabase.cards import FRESHNESS, STORES, Target, key, own_cards
from dashboards.metabase.client import Row
from dashboards.words import CHANNELS

COLUMNS = 24
# So many sections and more are read on tabs of their own.
TABS_FROM = 5
MARK = "kabar"
_SIZES = {"number": (6, 3), "table": (12, 7), "line": (12, 7), "stacked_bar": (12, 7), "bar": (12, 7)}
_WIDE = (COLUMNS, 8)
_FRESHNESS = (COLUMNS, 3)
_HEADING = (COLUMNS, 1)


@dataclass(frozen=True)
class Placed:
    """Something on a dashboard: a card, or a heading if `card` is None. `mark` tells it from what people put there."""

    mark: str
    tab: str | None
    row: int
    column: int
    size: tuple[int, int]
    card: Card | None = None
    text: str = ""


def place(dashboard: Dashboard, language: Language) -> list[Placed]:
    """All that stands on a dashboard, from above; below one another, or on a tab each."""
    has_tabs = len(dashboard.sections) >= TABS_FROM
    freshness = own_cards()[FRESHNESS]
    placed: list[Placed] = []
    row = 0
    for number, section in enumerate(dashboard.sections):
        tab = section.title.to(language) if has_tabs else None
        row = 0 if has_tabs else row
        if number == 0:
            placed.append(Placed(key(freshness), tab, 0, 0, _FRESHNESS, card=freshness))
            row = _FRESHNESS[1]
        found = _section(section, number, tab, row, language)
        placed += found
        row = max(each.row + each.size[1] for each in found)
    return placed


def _section(section: Section, number: int, tab: str | None, row: int, language: Language) -> list[Placed]:
    title = section.title.to(language)
    placed = [Placed(f"heading/{number}", tab, row, 0, _HEADING, text=title)]
    row, column, height = row + 1, 0, 0
    for card in section.cards:
        size = _WIDE if card.wide else _SIZES[card.chart]
        if column + size[0] > COLUMNS:
            row, column, height = row + height, 0, 0
        placed.append(Placed(key(card), tab, row, column, size, card=card))
        column, height = column + size[0], max(height, size[1])
    return placed


def parameter_id(filter_: Filter) -> str:
    return f"kabar_{filter_.name}"


def parameters(dashboard: Dashboard, target: Target, cards: dict[str, int]) -> list[Row]:
    """The dashboard's filters as Metabase knows them."""
    return [_parameter(filter_, target, cards) for filter_ in dashboard.filters]


def mappings(dashboard: Dashboard, card: Card, number: int) -> list[Row]:
    """How the filters reach a card: each to the template tag of its name, if the card has it."""
    with_days = "%(from_day)s" in card.sql or "%(to_day)s" in card.sql
    return [
        {
            "parameter_id": parameter_id(filter_),
            "card_id": number,
            "target": ["variable", ["template-tag", filter_.parameter]],
        }
        for filter_ in dashboard.filters
        if f"%({filter_.parameter})s" in card.sql or (with_days and filter_.parameter not in PASSING)
    ]


def _parameter(filter_: Filter, target: Target, cards: dict[str, int]) -> Row:
    base: Row = {"id": parameter_id(filter_), "name": filter_.title.to(target.language), "slug": filter_.name}
    if filter_.parameter in ("from_day", "to_day"):
        return {**base, "type": "date/single", "sectionId": "date"}
    base |= {"type": "string/=", "sectionId": "string", "isMultiSelect": False, "required": True}
    base["values_query_type"] = "list"
    if filter_.parameter == "store":
        field = ["field", "store_id", {"base-type": "type/Text"}]
        source = {"card_id": cards[f"metabase/{STORES}"], "value_field": field}
        return {**base, "default": [target.default_store], "values_source_type": "card", "values_source_config": source}
    source = {"values": [list(choice) for choice in choices(filter_, CHANNELS, target.language)]}
    return {**base, "default": [ALL], "values_source_type": "static-list", "values_source_config": source}


def title_of(placed: Placed, language: Language) -> str:
    return placed.card.title.to(language) if placed.card else placed.text


def settings_of(placed: Placed) -> Row:
    """The visualization settings of what stands there; a heading is a card of Metabase's own making."""
    if placed.card:
        return {MARK: placed.mark}
    virtual: Row = {
        "name": None,
        "display": "heading",
        "visualization_settings": {},
        "dataset_query": {},
        "archived": False,
    }
    return {MARK: placed.mark, "virtual_card": virtual, "text": placed.text}
