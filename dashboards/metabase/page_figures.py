"""The figures of the built-in pages, and of Metabase, as rows that can be compared.

The pages format and name figures in Python, Metabase's queries in SQL: both are brought into the form of the query's
result, with names in the reader's language and durations in minutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dashboards import words
from dashboards.definition import Card, Language
from dashboards.metabase import query_templates as sql
from dashboards.views import Chart, Grid, Number, Shown
from warehouse.i18n import translate

Figures = list[tuple[Any, ...]]
Rows = Sequence[Mapping[str, Any]]
_BEFORE, _UNUSUAL, _TARGET = "Previous period", "Unusual", "Target"


def of_view(view: Shown, language: Language) -> Figures:
    """What a page shows of a card."""
    card = view.card
    if isinstance(view, Number):
        before = [] if view.before is None or view.value is None else [view.before]
        return [(_minutes(value, card.format),) for value in [*before, view.value]]
    if isinstance(view, Grid):
        return of_rows(card, [dict(zip(card.columns, row, strict=True)) for row in view.values], language)
    if card.chart == "scatter":
        return [(point["label"], point["series"], point["x"], point["y"]) for point in view.points]
    if not card.is_over_time:
        return [(point["series"], _minutes(point["value"], card.format)) for point in view.points]
    return _over_time(view)


def of_metabase(card: Card, rows: Rows, language: Language) -> Figures:
    """The same of the rows that Metabase answered with."""
    if card.chart == "number":
        # As on the page, nothing is compared with a period without data, and no data with nothing.
        last = [row["value"] for row in rows[-1:]]
        return [(row["value"],) for row in rows[:-1] if None not in (row["value"], *last)] + [(each,) for each in last]
    if card.chart == "table":
        return [tuple(row[name] for name in card.columns) for row in rows]
    if card.chart == "scatter":
        return [(row["label"], row["series"], row["x"], row["y"]) for row in rows]
    if not card.is_over_time:
        return [(row["series"], row["value"]) for row in rows]
    names = {text.to(language) for text in (card.series or {}).values()}
    return _distinct(_drawn(row, names, language) for row in rows)


def of_rows(card: Card, rows: Rows, language: Language) -> Figures:
    """The result of a table's own query, with its names and units."""
    return [
        tuple(
            _named(card, row[name], language) if column.format == "text" else _minutes(row[name], column.format)
            for name, column in card.columns.items()
        )
        for row in rows
    ]


def _named(card: Card, value: Any, language: Language) -> Any:
    name = words.named(card.rows, value) if isinstance(value, str) else None
    return name.to(language) if name else value


def _over_time(view: Chart) -> Figures:
    format_ = view.card.format
    points = [(point["series"], point["day"], _minutes(point["value"], format_)) for point in view.points]
    before = [(_BEFORE, point["day"], _minutes(point["value"], format_)) for point in view.before]
    marks = [(_UNUSUAL, point["day"], _minutes(point["value"], format_)) for point in view.marks]
    # Metabase draws a target on the days that have figures.
    goals = [(_TARGET, "", _minutes(goal["value"], format_)) for goal in view.goals if points]
    return _distinct([*points, *before, *marks, *goals])


def _drawn(row: Mapping[str, Any], names: set[str], language: Language) -> tuple[Any, ...]:
    """A point over time: of the card's own series, or of a line beside them."""
    day, series = str(row["day"])[:10], row["series"]
    if series in names:
        return series, day, row["value"]
    kind = next(
        (each for each in (_BEFORE, _UNUSUAL, _TARGET) if str(series).startswith(translate(language, each))), series
    )
    return kind, "" if kind == _TARGET else day, row["value"]


def _distinct(figures: Iterable[tuple[Any, ...]]) -> Figures:
    return list(dict.fromkeys(figures))


def _minutes(value: Any, format_: str | None) -> Any:
    return float(value) / sql.SECONDS_A_MINUTE if format_ == "duration" and value is not None else value
