"""A card's query as Metabase runs it: with its template tags, and with the texts that the page adds afterwards.

Whoever chooses no days gets the last 30 that have data. Numbers come with those of the period before, in one query.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from dashboards.definition import FOLDER, PLACEHOLDER, Card, Language, Text
from dashboards.filters import ALL, DEFAULT_DAYS
from dashboards.metabase.client import Row
from warehouse.connection import read_sql

SECONDS_A_MINUTE = 60
TAG_TITLES = {
    "from_day": Text(en="From", id="Dari"),
    "to_day": Text(en="To", id="Sampai"),
    "store": Text(en="Shop", id="Toko"),
    "channel": Text(en="Channel", id="Kanal"),
    "issue": Text(en="Issue", id="Masalah"),
    "message_language": Text(en="Customer's language", id="Bahasa pelanggan"),
}
_DAYS = ("from_day", "to_day")
_CHOSEN = {
    "from_day": "(select chosen_days.from_day from chosen_days)",
    "to_day": "(select chosen_days.to_day from chosen_days)",
}
_BEFORE = {
    "from_day": "(select chosen_days.from_day_before from chosen_days)",
    "to_day": "(select chosen_days.to_day_before from chosen_days)",
}


def native(card: Card, language: Language, default_store: str) -> Row:
    """The `native` part of a card's query: `query` and `template-tags`."""
    figures = _with_tags(card, _CHOSEN)
    if card.chart == "number":
        query = _number(card, figures)
    else:
        query = f"select\n    {_columns(card, language)}\nfrom (\n{figures}\n) as figures{_order(card, language)}"
    used = {name for name in TAG_TITLES if f"%({name})s" in card.sql}
    if used & set(_DAYS):
        used |= {*_DAYS, "store"}
        query = f"{_read('chosen_days').replace('%%', '%')}{query}"
    tags = {name: _tag(name, language, default_store) for name in TAG_TITLES if name in used}
    return {"query": query, "template-tags": tags}


def _read(name: str) -> str:
    return read_sql(FOLDER / "metabase" / "sql" / f"{name}.template").replace("%(days)s", str(DEFAULT_DAYS - 1))


def _with_tags(card: Card, days: Mapping[str, str]) -> str:
    """The card's own query with its placeholders as template tags."""
    query = PLACEHOLDER.sub(lambda match: days.get(match[1], f"{{{{{match[1]}}}}}"), card.sql)
    return query.replace("%%", "%").rstrip().rstrip(";")


def _number(card: Card, figures: str) -> str:
    """The figure and the one before it, in the order of time; the page too compares only what has data behind it."""
    value = _scaled("figures.value", card.format)
    before = _with_tags(card, _BEFORE)
    if "chosen_days" not in figures:
        return f"select {value} as value\nfrom (\n{figures}\n) as figures"
    return _read("number").format(value=value, figures=figures, before=before)


def _columns(card: Card, language: Language) -> str:
    """The columns of a chart or a table, with names where the query has keys."""
    if card.chart == "table":
        columns = [
            f"{_named('figures.' + name, card.rows, language) if column.format == 'text' else scaled} as {name}"
            for name, column in card.columns.items()
            for scaled in [_scaled(f"figures.{name}", column.format)]
        ]
        return ",\n    ".join(columns)
    series = _named("figures.series", card.series or {}, language)
    value = f"{_scaled('figures.value', card.format)} as value"
    days = [] if card.chart == "bar" else ["figures.day"]
    return ",\n    ".join([*days, f"{series} as series", value])


def _order(card: Card, language: Language) -> str:
    if card.chart == "table":
        return ""
    if card.chart != "bar":
        return "\norder by figures.day" + _place(card)
    if card.order == "largest":
        return "\norder by figures.value desc, figures.series asc"
    return "\norder by " + (_place(card).removeprefix(", ") or "figures.series")


def _place(card: Card) -> str:
    """The order of the series as it is given."""
    if not card.series:
        return ""
    cases = " ".join(f"when {_quoted(key)} then {place}" for place, key in enumerate(card.series))
    return f", case figures.series {cases} end"


def _named(column: str, names: Mapping[str, Text], language: Language) -> str:
    if not names:
        return column
    cases = " ".join(f"when {_quoted(key)} then {_quoted(text.to(language))}" for key, text in names.items())
    return f"case {column} {cases} else {column} end"


def _scaled(column: str, format_: str | None) -> str:
    return f"{column} / {SECONDS_A_MINUTE}.0" if format_ == "duration" else column


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _tag(name: str, language: Language, default_store: str) -> Row:
    tag: Row = {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"kabar:{name}")),
        "name": name,
        "display-name": TAG_TITLES[name].to(language),
        "type": "date" if name in _DAYS else "text",
    }
    if name not in _DAYS:
        tag |= {"required": True, "default": default_store if name == "store" else ALL}
    return tag
