"""How Metabase draws a card: its display and its visualization settings, number formats and colours included."""

from __future__ import annotations

import json

from dashboards.charts import LIGHT
from dashboards.definition import Card, Format, Language
from dashboards.metabase.client import Row

_MINUTES = {"en": " min", "id": " mnt"}


def display(card: Card) -> str:
    """Metabase's name for the kind of chart."""
    if card.chart == "number":
        # The trend needs a column of time, which only a card of a period has.
        return "smartscalar" if _has_period(card) else "scalar"
    return {"line": "line", "stacked_bar": "bar", "bar": "row", "table": "table"}[card.chart]


def visualization_settings(card: Card, language: Language) -> Row:
    if card.chart == "number":
        return _number(card, language)
    if card.chart == "table":
        return _table(card, language)
    settings: Row = {
        "graph.metrics": ["value"],
        "column_settings": {column_key("value"): _format(card.format, language)},
    }
    if card.chart == "bar":
        return {**settings, "graph.dimensions": ["series"], "graph.show_values": True}
    colours = {
        text.to(language): {"color": LIGHT[place % len(LIGHT)]}
        for place, text in enumerate((card.series or {}).values())
    }
    settings |= {
        "graph.dimensions": ["day", "series"],
        "series_settings": colours,
        "graph.x_axis.title_text": "",
        "graph.y_axis.title_text": "",
    }
    return {**settings, "stackable.stack_type": "stacked"} if card.chart == "stacked_bar" else settings


def _number(card: Card, language: Language) -> Row:
    settings: Row = {
        "scalar.field": "value",
        "column_settings": {column_key("value"): _format(card.format, language)},
    }
    if _has_period(card):
        settings["scalar.comparisons"] = [{"id": "1", "type": "previousValue"}]
        settings["scalar.switch_positive_negative"] = card.better == "lower"
    return settings


def _table(card: Card, language: Language) -> Row:
    return {
        "table.columns": [{"name": name, "enabled": True} for name in card.columns],
        "column_settings": {
            column_key(name): {"column_title": column.title.to(language), **_format(column.format, language)}
            for name, column in card.columns.items()
        },
    }


def _has_period(card: Card) -> bool:
    return "%(from_day)s" in card.sql


def column_key(name: str) -> str:
    """How settings name a column of a query."""
    return json.dumps(["name", name], separators=(",", ":"))


def _format(format_: Format | None, language: Language) -> Row:
    """Amounts are in the currency of the shop that is chosen, which a format cannot know."""
    formats: dict[Format, Row] = {
        "count": {"decimals": 0},
        "money": {"decimals": 0},
        "percent": {"decimals": 1, "suffix": "%"},
        "duration": {"decimals": 1, "suffix": _MINUTES[language]},
        "month": {"date_style": "MMMM, YYYY"},
    }
    found = formats.get(format_, {}) if format_ else {}
    separators = {"number_separators": ".," if language == "en" else ",."}
    return {**separators, **found} if "decimals" in found else found
