"""The display and visualization settings of a card in Metabase, with number formats and colours."""

from __future__ import annotations

import json
from collections.abc import Mapping

from babel.numbers import get_decimal_symbol, get_group_symbol

from dashboards.charts import LIGHT
from dashboards.definition import Card, Column, Format, Language
from dashboards.metabase import comparison_lines
from dashboards.metabase.client import Row
from warehouse.i18n import N_, translate

# Metabase's names for kinds of charts that it calls otherwise. It has no word clouds.
DISPLAYS = {"stacked_bar": "bar", "band": "line", "bar": "row", "diverging_bar": "row", "word_cloud": "table"}


def display(card: Card) -> str:
    """Metabase's name for the kind of chart."""
    if card.chart == "number":
        # A trend needs a column with dates, which only a card about a period has.
        return "smartscalar" if card.is_about_period else "scalar"
    return DISPLAYS.get(card.chart, card.chart)


def settings(card: Card, language: Language) -> Row:
    """The visualization settings of a card."""
    if card.chart == "table":
        return table(card.columns, language)
    if card.chart == "scatter":
        return _scatter(card, language)
    if card.chart == "word_cloud":
        return table({"series": Column(title=card.title, format="text"), "value": _value(card)}, language)
    columns = {"column_settings": {column_key("value"): _format(card.format, language)}}
    if card.chart == "number":
        return {"scalar.field": "value", **columns, **_comparisons(card, language)}
    axes = {"graph.metrics": ["value"], **columns}
    if not card.is_over_time:
        return {**axes, "graph.dimensions": ["series"], "graph.show_values": True}
    colours = {
        text.to(language): {"color": LIGHT[place % len(LIGHT)]}
        for place, text in enumerate((card.series or {}).values())
    }
    compared = {line.title: line.settings for line in comparison_lines.lines(card, language)}
    return {
        **axes,
        "graph.dimensions": ["day", "series"],
        "series_settings": {**colours, **compared},
        "graph.x_axis.title_text": "",
        "graph.y_axis.title_text": "",
        **({"stackable.stack_type": "stacked"} if card.chart == "stacked_bar" else {}),
    }


def _value(card: Card) -> Column:
    assert card.format
    return Column(title=N_("Value"), format=card.format)


def _scatter(card: Card, language: Language) -> Row:
    """A series for each quadrant; Metabase draws no lines between them, and shows a point's name when it is pointed
    at."""
    titles = {name: column.title.to(language) for name, column in card.columns.items()}
    return {
        "graph.dimensions": ["x", "series"],
        "graph.metrics": ["y"],
        "graph.x_axis.title_text": titles["x"],
        "graph.y_axis.title_text": titles["y"],
        "graph.x_axis.scale": "linear",
        "graph.y_axis.unpin_from_zero": True,
        "graph.tooltip_columns": [column_key("label")],
        "column_settings": {
            column_key(name): {"column_title": titles[name], **_format(column.format, language)}
            for name, column in card.columns.items()
        },
    }


def _comparisons(card: Card, language: Language) -> Row:
    if not card.is_about_period:
        return {}
    comparisons = [{"id": "1", "type": "previousValue"}]
    if comparison_lines.has_target(card):
        label = translate(language, "Target")
        comparisons.append({"id": "2", "type": "anotherColumn", "column": "target", "label": label})
    return {"scalar.comparisons": comparisons, "scalar.switch_positive_negative": card.better == "lower"}


def table(columns: Mapping[str, Column], language: Language) -> Row:
    """The settings of a table with these columns, in this order. Long texts are wrapped."""
    return {
        "table.columns": [{"name": name, "enabled": True} for name in columns],
        "column_settings": {
            column_key(name): {"column_title": column.title.to(language), **_format(column.format, language)}
            for name, column in columns.items()
        },
    }


def column_key(name: str) -> str:
    """The key of a query's column in `column_settings`."""
    return json.dumps(["name", name], separators=(",", ":"))


def _format(format_: Format | None, language: Language) -> Row:
    """Amounts have no currency symbol: it depends on the shop that is chosen."""
    formats: dict[Format, Row] = {
        "count": {"decimals": 0},
        "money": {"decimals": 0},
        "decimal": {"decimals": 2},
        "percent": {"decimals": 1, "suffix": "%"},
        "duration": {"decimals": 1, "suffix": translate(language, "{number} min", number="")},
        "months": {"decimals": 1, "suffix": translate(language, "{number} months", number="")},
        "month": {"date_style": "MMMM, YYYY"},
        "text": {"text_wrapping": True},
    }
    found = formats.get(format_, {}) if format_ else {}
    separators = {"number_separators": get_decimal_symbol(language) + get_group_symbol(language)}
    return {**separators, **found} if "decimals" in found else found
