"""The rows behind a figure: a question on the facts that a click on its card opens, for what was chosen and clicked."""

from __future__ import annotations

import re

from dashboards.definition import PASSING, Card, Dashboard, Facts, Language
from dashboards.fact_words import COLUMNS
from dashboards.filters import ALL
from dashboards.kpi_queries import all_of
from dashboards.metabase import figures, sql
from dashboards.metabase.client import Row
from dashboards.metabase.looks import column_key
from dashboards.metabase.questions import Question, key
from warehouse.i18n import N_

NAMING = N_("{title}: rows")
MEANING = N_("The messages, conversations or orders that make up the figure, one per row, without any text.")


def rows_key(card: Card) -> str:
    return f"{key(card)}/rows"


def rows(card: Card, language: Language) -> Question:
    """The rows of a card that has facts, the newest first; `part` are those of one series alone."""
    facts = card.facts
    assert facts
    # Filters that do not reach the card do not reach its facts.
    untouched = dict.fromkeys(PASSING - card.parameters, sql.quoted(ALL))
    figure = sql.read(
        "rows",
        facts=sql.with_tags(facts.sql, sql.CHOSEN | untouched),
        kept=all_of([*facts.only, *([f"{facts.by} is not null"] if facts.by else [])]),
        part=_part(card, facts.by, language) if facts.by else "",
    )
    query = f"{figures.chosen_days()},\n\n{figure}"
    return Question(rows_key(card), card.title, MEANING, query, "table", _look(facts, language), NAMING)


def _part(card: Card, by: str, language: Language) -> str:
    series = sql.named(f"cast(facts.{by} as text)", card.series or {}, language)
    return "\n    " + sql.read("part", series=series)


def _look(facts: Facts, language: Language) -> Row:
    names = [name for name in COLUMNS if re.search(rf"\b{name}\b", facts.sql)]
    seconds: Row = {"suffix": " s", "decimals": 0}
    return {
        "column_settings": {
            column_key(name): {
                "column_title": COLUMNS[name].to(language),
                **(seconds if name.endswith("_seconds") else {}),
            }
            for name in names
        }
    }


def click(dashboard: Dashboard, card: Card, question: Question, number: int) -> Row:
    """What a click on a card does: it opens the rows for the dashboard's filters; on a chart for the day and the series
    that was clicked."""
    sources: dict[str, Row] = {
        filter_.parameter: {
            "type": "parameter",
            "id": f"kabar_{filter_.name}",
            "name": filter_.title,
        }
        for filter_ in dashboard.filters
    }
    if card.chart in ("line", "stacked_bar"):
        sources |= dict.fromkeys(sql.DAYS, _column("day"))
    if card.chart != "number":
        sources[sql.PART] = _column("series")
    mapping = {
        name: {"id": name, "source": source, "target": {"type": "variable", "id": name}}
        for name, source in sources.items()
        if name in question.tags
    }
    link: Row = {"type": "link", "linkType": "question", "targetId": number, "parameterMapping": mapping}
    if card.chart != "table":
        return {"click_behavior": link}
    return {"column_settings": {column_key(next(iter(card.columns))): {"click_behavior": link}}}


def _column(name: str) -> Row:
    return {"type": "column", "id": name, "name": name}
