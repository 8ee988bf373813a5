"""What each card in Metabase should show, by the built-in pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from dashboards import facts, heading, judgements, report
from dashboards.definition import Card, Dashboard, Language
from dashboards.filters import Filters
from dashboards.metabase import drill_through, header_cards, page_figures
from dashboards.metabase.cards import own_cards
from dashboards.metabase.page_figures import Figures, Rows
from dashboards.metabase.questions import Question, of_card
from dashboards.reader import Extent, Session
from dashboards.words import label

MOST_ROWS = 2000
"""How many rows Metabase returns of a query without an aggregation."""
NOTHING = "–"


@dataclass(frozen=True)
class Expected:
    """A card in Metabase: the rows that the page has now, and Metabase's answer as such rows. Rows behind a figure are
    of customers, and not to be printed."""

    key: str
    title: str
    tags: set[str]
    page: Callable[[Session], Figures]
    metabase: Callable[[Rows], Figures]
    is_of_customers: bool = False


@dataclass(frozen=True)
class _Choice:
    """What all cards are asked for."""

    chosen: Filters
    extent: Extent
    language: Language


def of(dashboards: Iterable[Dashboard], chosen: Filters, extent: Extent, language: Language) -> list[Expected]:
    """All cards of the dashboards, for a choice of filters in one store."""
    choice, shown = _Choice(chosen, extent, language), list(dashboards)
    cards = {card: dashboard for dashboard in reversed(shown) for card in dashboard.cards}
    return [
        *(_own(card, choice) for card in own_cards().values()),
        *(_standing(dashboard, choice) for dashboard in shown),
        *(_insight(dashboard, choice) for dashboard in shown if header_cards.has_insight(dashboard)),
        *(_card(card, dashboard, choice) for card, dashboard in cards.items()),
        *(_rows_behind(card, choice) for card in cards if card.facts),
    ]


def _expected(question: Question, choice: _Choice, **fields: Any) -> Expected:
    return Expected(question.key, question.named(choice.language), question.tags, **fields)


def _card(card: Card, dashboard: Dashboard, choice: _Choice) -> Expected:
    def page(session: Session) -> Figures:
        alone = dashboard.only(card)
        built = report.build(session, alone, choice.chosen, choice.extent, choice.language)
        return page_figures.of_view(built.sections[0][1][0], choice.language)

    metabase = partial(page_figures.of_metabase, card, language=choice.language)
    return _expected(of_card(card, choice.language), choice, page=page, metabase=metabase)


def _own(card: Card, choice: _Choice) -> Expected:
    """A card that only Metabase has: its query is the expectation."""

    def page(session: Session) -> Figures:
        return page_figures.of_rows(card, session.rows(card.sql, choice.chosen.parameters()), choice.language)

    metabase = partial(page_figures.of_metabase, card, language=choice.language)
    return _expected(of_card(card, choice.language), choice, page=page, metabase=metabase)


def _rows_behind(card: Card, choice: _Choice) -> Expected:
    def page(session: Session) -> Figures:
        found = facts.rows(session, card, choice.chosen, most=MOST_ROWS + 1)
        return [tuple(row.values()) for row in found]

    question = drill_through.rows(card, choice.language)
    return _expected(question, choice, page=page, metabase=_as_they_are, is_of_customers=True)


def _standing(dashboard: Dashboard, choice: _Choice) -> Expected:
    """The state of the data: since when, the worst verdict, the cards that failed, and what is late."""
    language = choice.language
    titles = header_cards.checked_titles(dashboard, language)

    def page(session: Session) -> Figures:
        days = replace(choice.chosen, first=choice.extent.first_day, last=choice.extent.last_day)
        verdicts = judgements.read(session, days).verdicts
        found = {verdicts[metric] for metric, _ in titles if metric in verdicts}
        worst = max(found, key=judgements.VERDICTS.index, default="pass")
        failed = {title for metric, title in titles if verdicts.get(metric) == "fail"}
        extent = session.extents()[choice.chosen.store]
        as_of = f"{extent.data_as_of.astimezone(extent.timezone):%Y-%m-%d %H:%M}"
        late = heading.overdue(session, choice.chosen.store)
        names = [_in_order(", ".join(each) or NOTHING) for each in (failed, late)]
        return [(as_of, label(language, f"quality_{worst}"), *names)] if found else []

    def metabase(rows: Rows) -> Figures:
        return [(row["data_as_of"], row["quality"], _in_order(row["failed"]), _in_order(row["late"])) for row in rows]

    return _expected(header_cards.standing(dashboard, language), choice, page=page, metabase=metabase)


def _insight(dashboard: Dashboard, choice: _Choice) -> Expected:
    def page(session: Session) -> Figures:
        found = heading.insight(session, choice.chosen.store, dashboard.name, choice.language)
        return [(found.text, f"{found.first_day} – {found.last_day}")] if found else []

    return _expected(header_cards.insight(dashboard, choice.language), choice, page=page, metabase=_as_they_are)


def _as_they_are(rows: Rows) -> Figures:
    return [tuple(row.values()) for row in rows]


def _in_order(names: str) -> str:
    """Postgres and Python sort names differently."""
    return ", ".join(sorted(names.split(", ")))
