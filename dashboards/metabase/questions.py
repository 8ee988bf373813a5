"""What becomes a card in Metabase: where it goes, its texts, its query and its look."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from dashboards.definition import Card, Language, Text
from dashboards.metabase import figures, looks, sql
from dashboards.metabase.client import Row

OWNER = "metabase"
JUST_THE_TITLE = Text("{title}")
_TAG = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True)
class Target:
    """Where the cards go, and how they read there."""

    database: int
    collection: int
    language: Language
    default_store: str


@dataclass(frozen=True)
class Question:
    """A card as Metabase is to have it: `query` has template tags, `display` and `settings` say how it is drawn."""

    key: str
    title: Text
    meaning: Text
    query: str
    display: str
    settings: Row = field(hash=False)
    naming: Text = JUST_THE_TITLE

    def named(self, language: Language) -> str:
        """What the card is called."""
        return self.naming.to(language).format(title=self.title.to(language))

    @property
    def tags(self) -> set[str]:
        """The names of the template tags that the query asks for."""
        return set(_TAG.findall(self.query))

    def native(self, target: Target) -> Row:
        """The `native` part of a Metabase query: `query` and `template-tags`."""
        names = [name for name in (*sql.TAG_TITLES, sql.PART) if name in self.tags]
        tags = {name: sql.tag(name, target.language, target.default_store) for name in names}
        return {"query": self.query, "template-tags": tags}


def key(card: Card) -> str:
    return f"{card.owner}/{card.id}"


def of_card(card: Card, language: Language) -> Question:
    """A dashboard's card, or one that only Metabase has."""
    query, settings = figures.query(card, language), looks.visualization_settings(card, language)
    return Question(key(card), card.title, card.meaning, query, looks.display(card), settings)
