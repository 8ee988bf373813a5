"""Charts of named figures: bars, bars on both sides of zero, and points in quadrants."""

from __future__ import annotations

from collections.abc import Iterator

import altair as alt

from dashboards.definition import Card, Language
from warehouse.i18n import translate

BELOW = "datum.value < 0"
# Both in pixels.
ROOM_FOR_FIGURE = 46
ROOM_FOR_NAME = 34


def bars(card: Card, language: Language) -> alt.TopLevelMixin:
    base = _named_rows(card, language)
    room_for_labels = alt.Scale(domainMin=0, padding=0)
    bar = base.mark_bar(size=18).encode(x=alt.X("value:Q", axis=None, scale=room_for_labels))
    return alt.layer(bar, base.mark_text(align="left", dx=6).encode(x=alt.X("value:Q"), text="label:N"))


def diverging_bars(card: Card, language: Language) -> alt.TopLevelMixin:
    """Bars on both sides of zero, each in the colour of its side."""
    base = _named_rows(card, language)
    zero = alt.Axis(values=[0], grid=True, labels=False, title=None)
    lengths = alt.X("value:Q", axis=zero, scale=alt.Scale(padding=ROOM_FOR_FIGURE, nice=False))
    sides = alt.Color("side:N", legend=None, scale=alt.Scale(domain=["below", "above"], range="diverging"))
    bar = base.transform_calculate(side=f"{BELOW} ? 'below' : 'above'").mark_bar(size=16).encode(x=lengths, color=sides)
    align, distance = alt.ExprRef(f"{BELOW} ? 'right' : 'left'"), alt.ExprRef(f"{BELOW} ? -6 : 6")
    return alt.layer(bar, base.mark_text(align=align, dx=distance).encode(x=lengths, text="label:N"))


def _named_rows(card: Card, language: Language) -> alt.Chart:
    """A row for each point, with its name on the left."""
    return alt.Chart(alt.NamedData("points"), width="container").encode(
        y=alt.Y("series:N", sort=None, title=None, axis=alt.Axis(labelFontSize=12, labelLimit=200)),
        tooltip=[
            alt.Tooltip("series:N", title=card.title.to(language)),
            alt.Tooltip("label:N", title=translate(language, "Value")),
        ],
    )


def scatter(card: Card, language: Language) -> alt.TopLevelMixin:
    """Named points in four quadrants."""
    titles = {name: column.title.to(language) for name, column in card.columns.items()}
    scale, axis = alt.Scale(zero=False, padding=ROOM_FOR_NAME), alt.Axis(grid=False, tickCount=5, format=".1f")
    points = alt.Chart(alt.NamedData("points"), width="container")
    x, y = (
        alt.X("x:Q", title=titles["x"], scale=scale, axis=axis),
        alt.Y("y:Q", title=titles["y"], scale=scale, axis=axis),
    )
    tooltip = [
        alt.Tooltip("label:N", title=card.title.to(language)),
        *(alt.Tooltip(f"{name}_label:N", title=title) for name, title in titles.items()),
        alt.Tooltip("series:N", title=translate(language, "Quadrant")),
    ]
    placed = points.encode(x=x, y=y, tooltip=tooltip)
    return alt.layer(
        *_corners(card, language),
        points.mark_rule(style="goal").encode(x=alt.X("mean(x_line):Q")),
        points.mark_rule(style="goal").encode(y=alt.Y("mean(y_line):Q")),
        placed.mark_point(filled=True, size=70, opacity=1),
        placed.mark_text(style="point-name", dy=-11).encode(text="label:N"),
    )


def _corners(card: Card, language: Language) -> Iterator[alt.Chart]:
    """The names of the quadrants, each in its corner: from left to right, the upper ones first."""
    for place, name in enumerate((card.series or {}).values()):
        is_right, is_lower = place % 2 == 1, place > 1
        yield (
            alt.Chart(alt.InlineData([{}]))
            .mark_text(
                style="quadrant",
                align="right" if is_right else "left",
                baseline="bottom" if is_lower else "top",
                text=name.to(language),
            )
            .encode(
                x=alt.value("width") if is_right else alt.value(0), y=alt.value("height") if is_lower else alt.value(0)
            )
        )
