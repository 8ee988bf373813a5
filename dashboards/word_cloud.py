"""A word cloud in Vega, which has a layout for words; Vega-Lite has none.

The layout measures words on a canvas, so that only a browser can draw it.
"""

from __future__ import annotations

import json
from typing import Any

from dashboards.definition import Language
from dashboards.views import Chart
from warehouse.i18n import translate

SCHEMA = "https://vega.github.io/schema/vega/v6.json"
HEIGHT = 340
SMALLEST = 12
# Pixels of the card's width for one pixel of the largest word.
WIDTH_A_PIXEL = 11


def spec(chart: Chart, language: Language) -> dict[str, Any]:
    """The Vega specification of the words with their data, as wide as its container. A word that finds no room is left
    out; the table has it."""
    width = "containerSize()[0] > 0 ? containerSize()[0] : 400"
    titles = [chart.card.title.to(language), translate(language, "Value")]
    tooltip = ", ".join(
        f"{json.dumps(title)}: datum.{name}" for title, name in zip(titles, ("series", "label"), strict=True)
    )
    return {
        "$schema": SCHEMA,
        "height": HEIGHT,
        "padding": 0,
        "autosize": {"type": "none"},
        "signals": [{"name": "width", "init": width, "on": [{"events": "window:resize", "update": width}]}],
        "data": [
            {
                "name": "points",
                "values": chart.points,
                "transform": [{"type": "formula", "as": "size", "expr": "abs(datum.value)"}],
            }
        ],
        "scales": [{"name": "side", "type": "ordinal", "domain": [True, False], "range": "diverging"}],
        "marks": [
            {
                "type": "text",
                "from": {"data": "points"},
                "encode": {
                    "update": {
                        "text": {"field": "series"},
                        "align": {"value": "center"},
                        "baseline": {"value": "alphabetic"},
                        "fill": {"scale": "side", "signal": "datum.value < 0"},
                        "tooltip": {"signal": f"{{{tooltip}}}"},
                    }
                },
                "transform": [
                    {
                        "type": "wordcloud",
                        "size": [{"signal": "width"}, HEIGHT],
                        "text": {"field": "datum.series"},
                        "font": "sans-serif",
                        "fontSize": {"field": "datum.size"},
                        "fontSizeRange": [SMALLEST, {"signal": f"width / {WIDTH_A_PIXEL}"}],
                        "fontWeight": "600",
                        "padding": 3,
                    }
                ],
            }
        ],
    }
