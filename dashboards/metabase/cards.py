"""All cards in Metabase: those of the dashboards, header cards, drill-through questions and alerts."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import yaml

from dashboards.definition import FOLDER, Card, Dashboard, Language
from dashboards.metabase import drill_through, header_cards
from dashboards.metabase.client import Metabase, Row
from dashboards.metabase.objects import Changes, Desired, ensure, managed
from dashboards.metabase.questions import OWNER, Question, Target, described, key, of_card

NOW, STORES, WAVES = "now", "stores", "waves"


@cache
def own_cards() -> dict[str, Card]:
    """The cards that only Metabase needs, by id: the figures of today, the lists of shops and waves, and the alerts."""
    listed = yaml.safe_load((FOLDER / "metabase" / "cards.yml").read_text())
    cards = [Card.model_validate({"owner": OWNER, **card}) for card in listed]
    return {card.id: card for card in cards}


def alerts() -> list[Card]:
    """The cards that trigger an alert when they have a row."""
    return [card for card in own_cards().values() if card.id not in (NOW, STORES, WAVES)]


def questions(dashboards: Iterable[Dashboard], language: Language) -> list[Question]:
    """All questions that Metabase should have. A card on several dashboards is one question."""
    shown = list(dashboards)
    cards = list({key(card): card for dashboard in shown for card in dashboard.cards}.values())
    return [
        *(of_card(card, language) for card in (*own_cards().values(), *cards)),
        *(header_cards.standing(dashboard, language) for dashboard in shown),
        *(header_cards.insight(dashboard, language) for dashboard in shown if header_cards.has_insight(dashboard)),
        *(drill_through.rows(card, language) for card in cards if card.facts),
    ]


def ensure_all(changes: Changes, desired: Iterable[Question], target: Target) -> dict[str, int]:
    """Create or update the cards and return their ids by key."""
    by_key = {question.key: question for question in desired}
    listed = changes.metabase.listed("/api/card", f="all") + changes.metabase.listed("/api/card", f="archived")
    existing = {name: get(changes.metabase, row["id"]) for name, row in managed(listed).items() if name in by_key}
    return {name: ensure(changes, _desired(question, target), existing) for name, question in by_key.items()}


def get(metabase: Metabase, number: int) -> Row:
    """A card with its query in the legacy format, which is compared more easily than MBQL 5."""
    card: Row = metabase.get(f"/api/card/{number}", **{"legacy-mbql": "true"})
    if native := card["dataset_query"].get("native"):
        # A list in any order since 0.63, a map before; without tags the key may be missing.
        tags = native.get("template-tags") or {}
        native["template-tags"] = {tag["name"]: tag for tag in tags} if isinstance(tags, list) else tags
    return card


def _desired(question: Question, target: Target) -> Desired:
    fields = {
        "dataset_query": {"database": target.database, "type": "native", "native": question.native(target)},
        "display": question.display,
        "visualization_settings": question.settings,
        "collection_id": target.collection,
    }
    text = described(question.named, question.meaning, target.language)
    return Desired("card", question.key, question.named(target.language), text, fields)
