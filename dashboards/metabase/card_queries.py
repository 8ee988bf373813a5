"""A card's query in Metabase: its own query, with the names and comparison lines that the page adds in Python.

The default period is the last 30 days that have data. A number comes with its value in the previous period.
"""

from __future__ import annotations

from collections.abc import Set

from dashboards.definition import DEFAULTS, READER_LANGUAGE, Card, Language
from dashboards.filters import DEFAULT_DAYS
from dashboards.metabase import comparison_lines
from dashboards.metabase import query_templates as sql


def query(card: Card, language: Language) -> str:
    """The SQL of a card, with template tags."""
    given = chosen(card.parameters)
    if card.chart != "number":
        return f"{f'{given},' if given else 'with'}\n\n{_rows(card, language)}"
    figure = _number_over_time(card) if card.is_about_period else _number(card)
    return f"{given}\n\n{figure}" if given else figure


def chosen(parameters: Set[str]) -> str:
    """The CTEs of what is chosen, with `with`, for a query with these parameters: `chosen_days`, the first and last day
    of the chosen and the previous period; `chosen_wave`. Empty if it needs neither."""
    parts = []
    if parameters & set(sql.DAYS):
        parts.append(sql.read("chosen_days", days=str(DEFAULT_DAYS - 1)))
    if "wave" in parameters:
        parts.append(sql.read("chosen_wave", newest=sql.quoted(DEFAULTS["wave"])))
    return "with " + ",\n\n".join(part.strip() for part in parts) if parts else ""


def _number(card: Card) -> str:
    value = sql.scaled("figures.value", card.format)
    return f"select {value} as value\nfrom (\n{sql.with_tags(card.sql, sql.CHOSEN)}\n) as figures"


def _number_over_time(card: Card) -> str:
    """The figures of the previous and the chosen period, in this order. As on the page, the previous one is left out
    where the data do not reach back to its first day."""
    return sql.read(
        "number",
        value=sql.scaled("figures.value", card.format),
        target=comparison_lines.target(card),
        figures=sql.with_tags(card.sql, sql.CHOSEN),
        before=sql.with_tags(card.sql, sql.BEFORE),
        reaches=comparison_lines.reaches(card),
    )


def _rows(card: Card, language: Language) -> str:
    """The rows of a chart or a table, with names instead of keys."""
    return sql.read(
        "figures",
        figures=sql.with_tags(card.sql, {**sql.CHOSEN, READER_LANGUAGE: sql.quoted(language)}),
        columns=",\n        ".join(_columns(card, language)),
        more="".join(line.query for line in comparison_lines.lines(card, language)),
        order=_order(card, language),
    )


def _columns(card: Card, language: Language) -> list[str]:
    if card.chart == "table":
        return [
            f"{sql.named(f'figures.{name}', card.rows, language)} as {name}"
            if column.format == "text"
            else f"{sql.scaled(f'figures.{name}', column.format)} as {name}"
            for name, column in card.columns.items()
        ]
    series = f"{sql.named('figures.series', card.series or {}, language)} as series"
    if card.chart == "scatter":
        return ["figures.x", series, "figures.y", "figures.label"]
    columns = [series, f"{sql.scaled('figures.value', card.format)} as value"]
    return ["figures.day", *columns] if card.is_over_time else columns


def _order(card: Card, language: Language) -> str:
    """Series are sorted in the order in which the card names them."""
    if card.chart == "table":
        return ""
    names = [text.to(language) for text in (card.series or {}).values()]
    cases = " ".join(f"when {sql.quoted(name)} then {place}" for place, name in enumerate(names))
    places = [f"case shown.series {cases} end"] if names else []
    if card.is_over_time:
        return "order by " + ", ".join(["shown.day", *places])
    if card.chart == "scatter":
        return "order by " + ", ".join([*places, "shown.label"])
    first = {"largest": ["shown.value desc"], "smallest": ["shown.value"], "given": places}[card.order]
    return "order by " + ", ".join([*first, "shown.series"])
