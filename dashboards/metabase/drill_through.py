"""Drill-through: a click on a card opens a question with the rows of its figure, for the chosen filters."""

from __future__ import annotations

import re

from dashboards.definition import DEFAULTS, Card, Dashboard, Facts, Language
from dashboards.fact_words import COLUMNS
from dashboards.kpi_queries import all_of
from dashboards.metabase import card_queries
from dashboards.metabase import query_templates as sql
from dashboards.metabase.client import Row
from dashboards.metabase.questions import Question, key, parameter_id
from dashboards.metabase.visualization import column_key
from warehouse.i18n import N_

NAMING = N_("{title}: rows")
MEANING = N_("The messages, conversations or orders that make up the figure, one per row, without any text.")


def rows_key(card: Card) -> str:
    return f"{key(card)}/rows"


def rows(card: Card, language: Language) -> Question:
    """The rows of a card that has facts, newest first. The tag `part` limits them to one series."""
    facts = card.facts
    assert facts
    # A filter that does not apply to the card does not apply to its rows.
    untouched = {name: sql.quoted(value) for name, value in DEFAULTS.items() if name not in card.parameters}
    selected = sql.read(
        "rows",
        facts=sql.with_tags(facts.sql, sql.CHOSEN | untouched),
        kept=all_of([*facts.only, *([f"{facts.by} is not null"] if facts.by else [])]),
        part=_part(card, facts.by, language) if facts.by else "",
    )
    query = f"{card_queries.chosen(facts.parameters)},\n\n{selected}"
    return Question(rows_key(card), card.title, MEANING, query, "table", _settings(facts, language), NAMING)


def _part(card: Card, by: str, language: Language) -> str:
    names = {} if card.chart == "scatter" else card.series or card.rows
    series = sql.named(f"cast(facts.{by} as text)", names, language)
    return "\n    " + sql.read("part", series=series)


def _settings(facts: Facts, language: Language) -> Row:
    seconds = {"suffix": " s", "decimals": 0}
    settings = {
        column_key(name): {"column_title": title.to(language), **(seconds if name.endswith("_seconds") else {})}
        for name, title in COLUMNS.items()
        if re.search(rf"\b{name}\b", facts.sql)
    }
    return {"column_settings": settings}


def click(dashboard: Dashboard, card: Card, question: Question, number: int) -> Row:
    """The click behaviour of a card: open its rows with the dashboard's filters, and in a chart with the day and series
    that were clicked."""
    sources: dict[str, Row] = {
        filter_.parameter: {"type": "parameter", "id": parameter_id(filter_), "name": filter_.title}
        for filter_ in dashboard.filters
    }
    if card.is_over_time:
        sources |= dict.fromkeys(sql.DAYS, _column("day"))
    if card.facts and card.facts.by:
        sources[sql.PART] = _column({"table": card.facts.by, "scatter": "label"}.get(card.chart, "series"))
    # Metabase's editor finds a mapping by the id of its tag; a click uses the tag's name.
    mapping = {
        sql.tag_id(name): {"id": sql.tag_id(name), "source": source, "target": {"type": "variable", "id": name}}
        for name, source in sources.items()
        if name in question.tags
    }
    link: Row = {"type": "link", "linkType": "question", "targetId": number, "parameterMapping": mapping}
    if card.chart != "table":
        return {"click_behavior": link}
    return {"column_settings": {column_key(next(iter(card.columns))): {"click_behavior": link}}}


def _column(name: str) -> Row:
    return {"type": "column", "id": name, "name": name}
