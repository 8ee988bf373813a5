"""A card's query in Metabase: its own query, with the names and comparison lines that the page adds in Python.

The default period is the last 30 days that have data. A number comes with its value in the previous period.
"""

from __future__ import annotations

from dashboards.definition import Card, Language
from dashboards.filters import DEFAULT_DAYS
from dashboards.metabase import comparison_lines
from dashboards.metabase import query_templates as sql


def query(card: Card, language: Language) -> str:
    """The SQL of a card, with template tags."""
    days = chosen_days() if has_days(card) else ""
    if card.chart != "number":
        return f"{f'{days},' if days else 'with'}\n\n{_rows(card, language)}"
    return f"{days}\n\n{_number_over_time(card)}" if days else _number(card)


def has_days(card: Card) -> bool:
    """Whether a card is about a period, as most are."""
    return "from_day" in card.parameters


def chosen_days() -> str:
    """The CTE `chosen_days`: the first and last day of the chosen and the previous period."""
    return sql.read("chosen_days", days=str(DEFAULT_DAYS - 1))


def _number(card: Card) -> str:
    value = sql.scaled("figures.value", card.format)
    return f"select {value} as value\nfrom (\n{sql.with_tags(card.sql, {})}\n) as figures"


def _number_over_time(card: Card) -> str:
    """The figures of the previous and the chosen period, in this order. As on the page, the previous one is left out
    where the data do not reach back to its first day."""
    return sql.read(
        "number",
        value=sql.scaled("figures.value", card.format),
        target=comparison_lines.target(card),
        figures=sql.with_tags(card.sql, sql.CHOSEN),
        before=sql.with_tags(card.sql, sql.BEFORE),
        reaches=sql.read("reaches"),
    )


def _rows(card: Card, language: Language) -> str:
    """The rows of a chart or a table, with names instead of keys."""
    return sql.read(
        "figures",
        figures=sql.with_tags(card.sql, sql.CHOSEN),
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
    series = sql.named("figures.series", card.series or {}, language)
    columns = [f"{series} as series", f"{sql.scaled('figures.value', card.format)} as value"]
    return columns if card.chart == "bar" else ["figures.day", *columns]


def _order(card: Card, language: Language) -> str:
    """Series are sorted in the order in which the card names them."""
    if card.chart == "table":
        return ""
    names = [text.to(language) for text in (card.series or {}).values()]
    cases = " ".join(f"when {sql.quoted(name)} then {place}" for place, name in enumerate(names))
    places = [f"case shown.series {cases} end"] if names else []
    if card.chart != "bar":
        return "order by " + ", ".join(["shown.day", *places])
    first = ["shown.value desc"] if card.order == "largest" else places
    return "order by " + ", ".join([*first, "shown.series"])
