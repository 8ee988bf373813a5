"""Cards as Vega-Lite. Altair builds and validates the specification once per card and language; data are added later.

Colours come from the theme, so the same specification is drawn light or dark by the configuration that goes with it.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import altair as alt
from babel.dates import get_day_names, get_month_names
from babel.numbers import format_compact_decimal, get_decimal_symbol, get_group_symbol

from dashboards import named_charts, word_cloud
from dashboards.definition import Card, Language
from dashboards.filters import Filters
from dashboards.views import Chart, Point, by_series
from warehouse import formats
from warehouse.i18n import translate

Spec = dict[str, Any]

PERIOD = ("first_day", "last_day")
DAY = 86_400_000  # milliseconds
HEIGHT = 220
BAR_STEP = 34
DIVERGING_STEP = 26
SCATTER_HEIGHT = 380
LEGEND_COLUMNS = 2  # of a long legend, which Vega would cut off
# Vega underestimates the width of texts a little.
ROOM = {"left": 0, "top": 0, "bottom": 0, "right": 14}
VEGA_LITE = alt.SCHEMA_VERSION.removeprefix("v").rpartition(".")[0]
# The intervals of a forecast, in percent, and the beginnings of the names of their bounds.
_INTERVALS = (95, 80)
BOUNDS = ("lower", "upper")
_DURATION_TICKS = (0, 10, 60, 600, 3_600, 21_600, 86_400, 604_800)
# d3 abbreviates thousands, millions and billions with SI prefixes.
_MAGNITUDES = {"k": 1_000, "M": 1_000_000, "G": 1_000_000_000}
_WHOLE = "datum.value % 1 ? '' : datum.label"
LIGHT = ["#0f8a7e", "#a3afba", "#d98613", "#4a6fb3", "#b0588c", "#5d6975"]
DARK = ["#2dd4bf", "#8595a3", "#f0b429", "#7ea2e0", "#d886b5", "#c9d1d8"]
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"


def spec(chart: Chart, filters: Filters, language: Language) -> Spec:
    """The Vega-Lite specification of a chart with its data, as wide as its container."""
    if chart.card.chart == "word_cloud":
        return word_cloud.spec(chart, language)
    shape = _shape(chart.card, language)
    if chart.card.chart == "band":
        return _with_datasets(shape, _bands(chart.points))
    if not chart.card.is_over_time:
        datasets = {**shape.get("datasets", {}), "points": chart.points}
        return {**shape, "height": height(chart), "padding": ROOM, "datasets": datasets}
    of_bars = chart.card.chart == "stacked_bar"
    points = chart.points if of_bars else _joined(chart.points)
    before = _with_empty_days(chart.before, filters) if of_bars else chart.before
    over_time = {"points": points, "before": before, "goals": chart.goals, "marks": chart.marks}
    return {**_with_datasets(shape, over_time), "params": period(filters)}


def _with_datasets(shape: Spec, datasets: dict[str, list[Point]]) -> Spec:
    """The layers that have data: a screen reader would stop at an empty one."""
    layers = [layer for layer in shape["layer"] if datasets[layer["data"]["name"]]]
    return {**shape, "layer": layers, "datasets": datasets}


def is_of_bars(chart: Chart) -> bool:
    """Whether it has a bar for each point, below each other."""
    return chart.card.chart in ("bar", "diverging_bar")


def height(chart: Chart) -> int:
    """The height of a drawing in pixels, without its axes."""
    if is_of_bars(chart):
        return (BAR_STEP if chart.card.chart == "bar" else DIVERGING_STEP) * len(chart.points)
    return SCATTER_HEIGHT if chart.card.chart == "scatter" else HEIGHT


def period(filters: Filters) -> list[Spec]:
    """The parameters with the bounds of the time axes."""
    return [{"name": name, "value": _milliseconds(day)} for name, day in zip(PERIOD, filters.period, strict=True)]


def theme(dark: bool) -> Spec:
    """The Vega configuration of the light or dark theme."""
    ink, faint, line = ("#e6eaee", "#9aa7b2", "#2a343d") if dark else ("#1b2733", "#64717d", "#e6eaee")
    palette, warning = (DARK, "#ff8d7e") if dark else (LIGHT, "#b3382c")
    axis = {"labelColor": faint, "titleColor": faint, "gridColor": line, "domainColor": line, "tickColor": line}
    return {
        "background": None,
        "font": FONT,
        "view": {"stroke": None},
        "range": {"category": palette, "diverging": [warning, palette[0]]},
        "axis": {
            **axis, "ticks": False, "domain": False, "labelFontSize": 11, "labelPadding": 6, "titleFontWeight": "normal"
        },
        "axisX": {"grid": False},
        "legend": {
            "labelColor": ink, "labelFontSize": 12, "symbolSize": 80, "title": None, "orient": "top", "offset": 8,
        },
        "bar": {"color": palette[0], "cornerRadiusEnd": 3, "timeUnitBandSize": 0.82},
        "line": {"strokeWidth": 2, "strokeCap": "round"},
        "point": {"color": palette[0]},
        "style": {
            "before": {"color": faint, "strokeWidth": 1.5, "opacity": 0.45},
            "goal": {"color": ink, "strokeWidth": 1.25, "strokeDash": [9, 5], "opacity": 0.75},
            "unusual": {"color": warning, "strokeWidth": 2.5, "size": 150, "opacity": 1},
            "point-name": {"fontSize": 11},
            "quadrant": {"color": faint, "fontSize": 12, "fontStyle": "italic"},
        },
        "text": {"color": ink, "fontSize": 12},
    }  # fmt: skip


def locales(language: Language) -> tuple[Spec, Spec]:
    """The number and date locales of d3, for the axes."""
    symbols = get_decimal_symbol(language), get_group_symbol(language)
    numbers = {"decimal": symbols[0], "thousands": symbols[1], "grouping": [3], "currency": ["", ""]}
    sunday_first = (6, 0, 1, 2, 3, 4, 5)
    names = {
        "days": [get_day_names("wide", locale=language)[day] for day in sunday_first],
        "shortDays": [get_day_names("abbreviated", locale=language)[day] for day in sunday_first],
        "months": [get_month_names("wide", locale=language)[month] for month in range(1, 13)],
        "shortMonths": [get_month_names("abbreviated", locale=language)[month] for month in range(1, 13)],
    }
    return numbers, {"dateTime": "%-d %B %Y %H:%M", "date": "%-d %b %Y", "time": "%H:%M", "periods": ["", ""], **names}


@cache
def _shape(card: Card, language: Language) -> Spec:
    draw = {
        "line": _lines,
        "stacked_bar": _stacked_bars,
        "band": _line_in_bands,
        "bar": named_charts.bars,
        "diverging_bar": named_charts.diverging_bars,
        "scatter": named_charts.scatter,
    }[card.chart]
    shape: Spec = draw(card, language).to_dict()
    # Altair's configuration would take precedence over the page's theme.
    del shape["config"]
    return shape


def _lines(card: Card, language: Language) -> alt.TopLevelMixin:
    base = alt.Chart(alt.NamedData("points")).encode(
        x=_days(), y=_amounts(card, language), color=_colours(card, language), tooltip=_tooltip(card, language)
    )
    dashes = alt.Scale(domain=[False, True], range=[[1, 0], [3, 4]])
    line = base.mark_line().encode(strokeDash=alt.StrokeDash("open:N", scale=dashes, legend=None))
    # A line does not show a single day and is hard to point at, so it gets visible points and larger invisible ones.
    points = (base.mark_point(filled=True, size=18), base.mark_point(filled=True, size=300, opacity=0))
    return _over_time(card, language, line, *points)


def _stacked_bars(card: Card, language: Language) -> alt.TopLevelMixin:
    bars = (
        alt.Chart(alt.NamedData("points"))
        .mark_bar(cornerRadiusEnd=0)
        .encode(
            x=_days(binned=True),
            y=_amounts(card, language),
            color=_colours(card, language),
            order=alt.Order("rank:Q"),
            opacity=alt.when(alt.datum.open).then(alt.value(0.5)).otherwise(alt.value(1)),
            tooltip=_tooltip(card, language),
        )
    )
    return _over_time(card, language, bars)


def _over_time(card: Card, language: Language, *figures: alt.Chart) -> alt.TopLevelMixin:
    """The figures with the previous period below them, and targets and unusual days on top."""
    days, amounts = _days(binned=card.chart == "stacked_bar"), _amounts(card, language)
    before = alt.Chart(alt.NamedData("before")).encode(x=days, y=amounts, tooltip=_tooltip(card, language))
    goals = alt.Chart(alt.NamedData("goals")).encode(y=amounts, tooltip=[alt.Tooltip("label:N", title=" ")])
    tooltip = [*_tooltip(card, language), alt.Tooltip("usual:N", title=translate(language, "Unusual"))]
    marks = alt.Chart(alt.NamedData("marks")).encode(x=days, y=amounts, tooltip=tooltip)
    layers = alt.layer(
        before.mark_line(style="before"), *figures, goals.mark_rule(style="goal"), marks.mark_point(style="unusual")
    )
    return layers.properties(width="container", height=HEIGHT)


def _line_in_bands(card: Card, language: Language) -> alt.TopLevelMixin:
    """The lines of what was and of what is expected, the latter in its intervals. The days are not the period's."""
    day, amount = alt.X("day:T", title=None, axis=_day_axis(), scale=alt.Scale(type="utc")), _amounts(card, language)
    line = alt.Chart(alt.NamedData("points")).encode(
        x=day, y=amount, color=_colours(card, language), tooltip=_tooltip(card, language)
    )
    bands = [
        alt.Chart(alt.NamedData(f"band_{share}"))
        .mark_area(opacity=0.18)
        .encode(x=day, y=alt.Y("lower:Q", title=None), y2="upper:Q")
        for share in _INTERVALS
    ]
    layers = alt.layer(*bands, line.mark_line(), line.mark_point(filled=True, size=18))
    return layers.properties(width="container", height=HEIGHT)


def _days(binned: bool = False) -> alt.X:
    """Days are drawn in UTC: they are calendar days, which the browser's time zone must not shift."""
    axis = _day_axis()
    # A bar covers its whole day, a point is at its beginning.
    first, last = (alt.ExprRef(expr=name) for name in (PERIOD[0], f"{PERIOD[1]} + {DAY}" if binned else PERIOD[1]))
    scale = alt.Scale(type="utc", domain=[first, last])
    if binned:
        return alt.X("utcyearmonthdate(day):T", title=None, axis=axis, scale=scale, bandPosition=0.5)
    return alt.X("day:T", title=None, axis=axis, scale=scale)


def _day_axis() -> alt.Axis:
    return alt.Axis(format="%-d %b", labelOverlap=True, labelSeparation=14, tickCount=7, labelFlush=True)


def _amounts(card: Card, language: Language) -> alt.Y:
    if card.format == "duration":
        names = json.dumps({tick: formats.duration(tick, language) for tick in _DURATION_TICKS}) + "[datum.value]"
        scale = alt.Scale(type="symlog", constant=10, domainMin=0)
        axis = alt.Axis(values=list(_DURATION_TICKS), labelExpr=names)
        return alt.Y("value:Q", title=translate(language, "Logarithmic scale"), scale=scale, axis=axis)
    if card.format == "percent":
        return alt.Y("value:Q", title=None, axis=alt.Axis(labelExpr="datum.label + '%'", tickCount=5))
    if card.format == "money":
        return alt.Y("value:Q", title=None, axis=alt.Axis(format="~s", labelExpr=_magnitudes(language), tickCount=5))
    # Layered charts ignore tickMinStep, so labels of fractions are left out.
    return alt.Y("value:Q", title=None, axis=alt.Axis(format=",.0f", labelExpr=_WHOLE, tickCount=5))


def _magnitudes(language: Language) -> str:
    """Writes a tick with the language's own word: `2.5M`, `2,5 jt`."""
    label = "datum.value ? datum.label : '0'"
    for letter, size in _MAGNITUDES.items():
        word = format_compact_decimal(size, locale=language).removeprefix("1")
        if not word.isdigit():
            label = f"replace({label}, '{letter}', {json.dumps(word)})"
    return label


def _colours(card: Card, language: Language) -> alt.Color:
    bounds = {f"{bound}_{share}" for share in _INTERVALS for bound in BOUNDS} if card.chart == "band" else set()
    names = [text.to(language) for key, text in (card.series or {}).items() if key not in bounds]
    colour = alt.Color("series:N", title=None, scale=alt.Scale(domain=names))
    if len(names) == 1:
        return colour.legend(None)
    return colour.legend(columns=LEGEND_COLUMNS) if len(names) > 4 else colour


def _tooltip(card: Card, language: Language) -> list[alt.Tooltip]:
    figure = alt.Tooltip("label:N", title=translate(language, "Value"))
    return [alt.Tooltip("when:N", title=translate(language, "Day")), alt.Tooltip("series:N", title=" "), figure]


def _bands(points: list[Point]) -> dict[str, list[Point]]:
    """The datasets of a line in bands. The series of bounds become areas."""
    values = {(point["day"], point["key"]): point["value"] for point in points}
    days = sorted({day for day, key in values if key == "forecast"})
    bands = {
        f"band_{share}": [{"day": day, **{bound: values[day, f"{bound}_{share}"] for bound in BOUNDS}} for day in days]
        for share in _INTERVALS
    }
    return {"points": [point for point in points if point["key"] in ("past", "forecast")], **bands}


def _milliseconds(day: date) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000


def _with_empty_days(before: list[Point], filters: Filters) -> list[Point]:
    """Days without data are zero in the line of the period before, instead of missing. A shorter month before ends
    earlier."""
    found = {point["day"]: point for point in before}
    count = min(filters.days, filters.before.days) if found else 0
    days = [(filters.first + timedelta(number)).isoformat() for number in range(count)]
    return [found.get(day, {"day": day, "value": 0}) for day in days]


def _joined(points: list[Point]) -> list[Point]:
    """Lines are dashed from the first day that is not final. The dashed part begins at the point before, so that there
    is no gap between the two parts."""
    joined: list[Point] = []
    for line in by_series(points).values():
        first = next((number for number, point in enumerate(line) if point["open"]), len(line))
        joined += line[:first]
        joined += [{**point, "open": True} for point in line[max(first - 1, 0) :] if first < len(line)]
    return joined
