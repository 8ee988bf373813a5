"""Charts as they are drawn: what their axes say."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import vl_convert

from dashboards import charts, definition
from dashboards.definition import Card, Language
from dashboards.filters import Filters
from dashboards.views import Chart, Table

OVER_TIME = [
    card
    for dashboard in definition.load_all()
    for card in dashboard.cards
    if card.chart in ("line", "stacked_bar") and card.owner == dashboard.name
]
FIRST = date(2026, 10, 1)
NOTICE: dict[Language, str] = {"en": "Logarithmic scale", "id": "Skala logaritmik"}


def drawn(card: Card, language: Language) -> str:
    """The SVG of a card with a figure a day."""
    series = card.series["value"].to(language) if card.series and "value" in card.series else "a"
    points: list[dict[str, Any]] = [
        {"day": (FIRST + timedelta(days=day)).isoformat(), "when": "", "series": series, "key": "", "value": 7.0**day,
         "label": "", "rank": 0, "open": False}
        for day in range(7)
    ]  # fmt: skip
    goals = [{"value": 60, "label": "goal"}]
    chart = Chart(card=card, points=points, table=Table([], []), before=points, goals=goals)
    spec = charts.spec(chart, Filters(FIRST, FIRST + timedelta(days=6), "default"), language)
    return vl_convert.vegalite_to_svg({**spec, "width": 500}, vl_version=charts.VEGA_LITE, config=charts.theme(False))


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("card", OVER_TIME, ids=lambda card: f"{card.owner}-{card.id}")
def test_charts_of_durations_say_once_that_their_scale_is_logarithmic(card: Card, language: Language) -> None:
    assert drawn(card, language).count(f">{NOTICE[language]}<") == (card.format == "duration")


def test_there_are_charts_with_either_scale() -> None:
    assert {card.format == "duration" for card in OVER_TIME} == {True, False}


@pytest.mark.parametrize("coming", [0, 8])
def test_a_forecast_is_a_line_in_bands_and_without_one_only_the_past_is_drawn(coming: int) -> None:
    (card,) = [card for card in definition.load("store").cards if card.id == "forecast"]
    assert card.series
    bounds = {"forecast": 50.0, "lower_80": 40.0, "upper_80": 60.0, "lower_95": 30.0, "upper_95": 70.0}
    weeks = [({"past": 45.0}, week) for week in range(5)] + [(bounds, week) for week in range(5, 5 + coming)]
    points: list[dict[str, Any]] = [
        {"day": (FIRST + timedelta(weeks=week)).isoformat(), "when": "", "series": card.series[key].to("en"),
         "key": key, "value": value, "label": "", "rank": 0, "open": False}
        for values, week in weeks for key, value in values.items()
    ]  # fmt: skip
    spec = charts.spec(Chart(card=card, points=points, table=Table([], [])), Filters(FIRST, FIRST, "default"), "en")
    bands = {name: spec["datasets"][f"band_{name}"] for name in (80, 95)}
    assert [(len(band), {(row["lower"], row["upper"]) for row in band}) for band in bands.values()] == (
        [(8, {(40, 60)}), (8, {(30, 70)})] if coming else [(0, set()), (0, set())]
    )
    assert {point["key"] for point in spec["datasets"]["points"]} == ({"past", "forecast"} if coming else {"past"})
    svg = vl_convert.vegalite_to_svg({**spec, "width": 500}, vl_version=charts.VEGA_LITE, config=charts.theme(False))
    assert ">Expected<" in svg
    assert ">80%, from<" not in svg


def of_names(chart: str, points: list[dict[str, Any]], **more: Any) -> str:
    """The SVG of a chart of named figures."""
    title = {"title": "Gap", "meaning": "…", "share_of": "none"}
    card = Card.model_validate({"id": "gap", "owner": "satisfaction", **title, "chart": chart, **more})
    spec = charts.spec(Chart(card=card, points=points, table=Table([], [])), Filters(FIRST, FIRST, "default"), "en")
    return vl_convert.vegalite_to_svg({**spec, "width": 500}, vl_version=charts.VEGA_LITE, config=charts.theme(False))


def test_bars_on_both_sides_of_zero_have_the_colour_of_their_side() -> None:
    points = [{"series": name, "value": value, "label": str(value)} for name, value in (("a", -1.5), ("b", 0.5))]
    svg = of_names("diverging_bar", points, format="decimal", series={})
    below, above = charts.theme(False)["range"]["diverging"]
    assert (svg.count(f'fill="{below}"'), svg.count(f'fill="{above}"')) == (1, 1)
    assert ">-1.5<" in svg
    assert ">0.5<" in svg


def test_quadrants_are_named_and_divided_by_two_lines() -> None:
    names = {"I": "Upper left", "II": "Upper right", "III": "Lower left", "IV": "Lower right"}
    place = {"x_label": "3", "y_label": "4", "x_line": 3.5, "y_line": 3.5}
    points = [{"series": "Upper left", "label": "EFF1", "x": 3.0, "y": 4.0, **place},
              {"series": "Lower right", "label": "EFF2", "x": 4.0, "y": 3.0, **place}]  # fmt: skip
    axes = {name: {"title": name, "format": "decimal"} for name in ("x", "y")}
    svg = of_names("scatter", points, series=names, columns=axes)
    assert all(f">{name}<" in svg for name in (*names.values(), "EFF1", "EFF2"))
    assert svg.count('aria-roledescription="rule mark container"') == 2
