"""The cards in Metabase: those of the dashboards, and a few that only Metabase needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import yaml

from dashboards.definition import FOLDER, Card, Dashboard, Language
from dashboards.metabase import looks, sql
from dashboards.metabase.changes import Changes
from dashboards.metabase.client import Row
from dashboards.metabase.markers import ours
from dashboards.metabase.objects import Wanted, ensure

OWNER = "metabase"
FRESHNESS, STORES = "freshness", "stores"


@dataclass(frozen=True)
class Target:
    """Where the cards go, and how they read there."""

    database: int
    collection: int
    language: Language
    default_store: str


@cache
def own_cards() -> dict[str, Card]:
    """The cards that only Metabase needs, by id: how fresh the data are, the shops to choose from, and the alerts."""
    listed = yaml.safe_load((FOLDER / "metabase" / "cards.yml").read_text())
    cards = [Card.model_validate({"owner": OWNER, **card}) for card in listed]
    return {card.id: card for card in cards}


def alerts() -> list[Card]:
    """The cards that somebody is told of as soon as they have a row."""
    return [card for card in own_cards().values() if card.id not in (FRESHNESS, STORES)]


def key(card: Card) -> str:
    return f"{card.owner}/{card.id}"


def ensure_all(changes: Changes, dashboards: Iterable[Dashboard], target: Target) -> dict[str, int]:
    """The numbers of all cards by key. A card that several dashboards show is one card."""
    wanted = {key(card): card for card in own_cards().values()}
    wanted |= {key(card): card for dashboard in dashboards for card in dashboard.cards}
    listed = changes.metabase.listed("/api/card", f="all") + changes.metabase.listed("/api/card", f="archived")
    # A listing may show the query in either format; asked for one card, Metabase can be told which.
    existing = {
        name: _read(changes.metabase.get(f"/api/card/{row['id']}", **{"legacy-mbql": "true"}))
        for name, row in ours(listed).items()
        if name in wanted
    }
    return {name: ensure(changes, _wanted(card, target), existing) for name, card in wanted.items()}


def _wanted(card: Card, target: Target) -> Wanted:
    language = target.language
    other: Language = "id" if language == "en" else "en"
    text = f"{card.meaning.to(language)}\n\n{card.title.to(other)}: {card.meaning.to(other)}"
    native = sql.native(card, language, target.default_store)
    rest = {
        "dataset_query": {"database": target.database, "type": "native", "native": native},
        "display": looks.display(card),
        "visualization_settings": looks.visualization_settings(card, language),
        "collection_id": target.collection,
    }
    return Wanted("card", key(card), card.title.to(language), text, rest)


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
