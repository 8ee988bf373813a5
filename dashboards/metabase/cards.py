"""The cards in Metabase: those of the dashboards, what stands around them, the rows behind them, and the alerts."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import yaml

from dashboards.definition import FOLDER, Card, Dashboard, Language
from dashboards.metabase import around, behind
from dashboards.metabase.changes import Changes
from dashboards.metabase.client import Row
from dashboards.metabase.markers import ours
from dashboards.metabase.objects import Wanted, ensure
from dashboards.metabase.questions import OWNER, Question, Target, key, of_card
from warehouse.i18n import languages

NOW, STORES = "now", "stores"


@cache
def own_cards() -> dict[str, Card]:
    """The cards that only Metabase needs, by id: what goes on now, the shops to choose from, and the alerts."""
    listed = yaml.safe_load((FOLDER / "metabase" / "cards.yml").read_text())
    cards = [Card.model_validate({"owner": OWNER, **card}) for card in listed]
    return {card.id: card for card in cards}


def alerts() -> list[Card]:
    """The cards that somebody is told of as soon as they have a row."""
    return [card for card in own_cards().values() if card.id not in (NOW, STORES)]


def questions(dashboards: Iterable[Dashboard], language: Language) -> list[Question]:
    """All cards that there are to be. A card that several dashboards show is one card."""
    shown = list(dashboards)
    cards = list({key(card): card for dashboard in shown for card in dashboard.cards}.values())
    return [
        *(of_card(card, language) for card in (*own_cards().values(), *cards)),
        *(around.standing(dashboard, language) for dashboard in shown),
        *(around.insight(dashboard, language) for dashboard in shown if around.has_insight(dashboard)),
        *(behind.rows(card, language) for card in cards if card.facts),
    ]


def ensure_all(changes: Changes, wanted: Iterable[Question], target: Target) -> dict[str, int]:
    """The numbers of all cards by key, made or mended if need be."""
    by_key = {question.key: question for question in wanted}
    listed = changes.metabase.listed("/api/card", f="all") + changes.metabase.listed("/api/card", f="archived")
    # A listing may show the query in either format; asked for one card, Metabase can be told which.
    existing = {
        name: _read(changes.metabase.get(f"/api/card/{row['id']}", **{"legacy-mbql": "true"}))
        for name, row in ours(listed).items()
        if name in by_key
    }
    return {name: ensure(changes, _wanted(question, target), existing) for name, question in by_key.items()}


def _wanted(question: Question, target: Target) -> Wanted:
    language = target.language
    others = [f"{question.named(other)}: {question.meaning.to(other)}" for other in languages() if other != language]
    text = "\n\n".join([question.meaning.to(language), *others])
    rest = {
        "dataset_query": {"database": target.database, "type": "native", "native": question.native(target)},
        "display": question.display,
        "visualization_settings": question.settings,
        "collection_id": target.collection,
    }
    return Wanted("card", question.key, question.named(language), text, rest)


def _read(row: Row) -> Row:
    return {**row, "dataset_query": legacy(row["dataset_query"])}


def legacy(query: Row) -> Row:
    """A native query in the legacy format, whichever it came in."""
    if "lib/type" not in query:
        return query
    stage = query["stages"][0]
    if stage["lib/type"] != "mbql.stage/native":
        return query
    native = {"query": stage["native"], "template-tags": stage.get("template-tags") or {}}
    return {"database": query["database"], "type": "native", "native": native}
