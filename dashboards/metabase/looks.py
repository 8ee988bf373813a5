"""How Metabase draws a card: its display and its visualization settings, number formats and colours included."""

from __future__ import annotations

import json
from collections.abc import Mapping

from babel.numbers import get_decimal_symbol, get_group_symbol

from dashboards.charts import LIGHT
from dashboards.definition import Card, Column, Format, Language
from dashboards.metabase import beside, figures
from dashboards.metabase.client import Row
from warehouse.i18n import translate


def display(card: Card) -> str:
    """Metabase's name for the kind of chart."""
    if card.chart == "number":
        # The trend needs a column of time, which only a card of a period has.
        return "smartscalar" if figures.has_days(card) else "scalar"
    return {"line": "line", "stacked_bar": "bar", "bar": "row", "table": "table"}[card.chart]


def visualization_settings(card: Card, language: Language) -> Row:
    if card.chart == "number":
        return _number(card, language)
    if card.chart == "table":
        return table(card.columns, language)
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
    besides = {line.title: line.look for line in beside.lines(card, language)}
    settings |= {
        "graph.dimensions": ["day", "series"],
        "series_settings": {**colours, **besides},
        "graph.x_axis.title_text": "",
        "graph.y_axis.title_text": "",
    }
    return {**settings, "stackable.stack_type": "stacked"} if card.chart == "stacked_bar" else settings


def _number(card: Card, language: Language) -> Row:
    settings: Row = {
        "scalar.field": "value",
        "column_settings": {column_key("value"): _format(card.format, language)},
    }
    if figures.has_days(card):
        settings["scalar.comparisons"] = [{"id": "1", "type": "previousValue"}]
        if beside.has_target(card):
            target = {"id": "2", "type": "anotherColumn", "column": "target", "label": translate(language, "Target")}
            settings["scalar.comparisons"].append(target)
        settings["scalar.switch_positive_negative"] = card.better == "lower"
    return settings


def table(columns: Mapping[str, Column], language: Language) -> Row:
    """The settings of a table with these columns, in their order. Long texts are read whole."""
    return {
        "table.columns": [{"name": name, "enabled": True} for name in columns],
        "column_settings": {
            column_key(name): {"column_title": column.title.to(language), **_format(column.format, language)}
            for name, column in columns.items()
        },
    }


def column_key(name: str) -> str:
    """How settings name a column of a query."""
    return json.dumps(["name", name], separators=(",", ":"))


def _format(format_: Format | None, language: Language) -> Row:
    """Amounts are in the currency of the shop that is chosen, which a format cannot know."""
    formats: dict[Format, Row] = {
        "count": {"decimals": 0},
        "money": {"decimals": 0},
        "percent": {"decimals": 1, "suffix": "%"},
        "duration": {"decimals": 1, "suffix": translate(language, "{number} min", number="")},
        "month": {"date_style": "MMMM, YYYY"},
        "text": {"text_wrapping": True},
    }
    found = formats.get(format_, {}) if format_ else {}
    separators = {"number_separators": get_decimal_symbol(language) + get_group_symbol(language)}
    return {**separators, **found} if "decimals" in found else found
