"""Questions (cards) as they should be in Metabase: texts, query and visualization."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from dashboards.definition import Card, Filter, Language, Text
from dashboards.metabase import card_queries, visualization
from dashboards.metabase import query_templates as sql
from dashboards.metabase.client import Row
from warehouse.i18n import languages

OWNER = "metabase"
JUST_THE_TITLE = Text("{title}")
_TAG = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True)
class Target:
    """The ids of the database and the collection that objects are created in, their language and default shop."""

    database: int
    collection: int
    language: Language
    default_store: str


@dataclass(frozen=True)
class Question:
    """A card in Metabase: `query` is SQL with template tags, `settings` are its visualization settings."""

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
        """The names of the query's template tags."""
        return set(_TAG.findall(self.query))

    def native(self, target: Target) -> Row:
        """The `native` part of a Metabase query: `query` and `template-tags`."""
        names = [name for name in (*sql.TAG_TITLES, sql.PART) if name in self.tags]
        tags = {name: sql.tag(name, target.language, target.default_store) for name in names}
        return {"query": self.query, "template-tags": tags}


def key(card: Card) -> str:
    return f"{card.owner}/{card.id}"


def described(named: Callable[[Language], str], text: Text, language: Language) -> str:
    """A text as a description, followed by the name and the text in every other language."""
    others = [f"{named(other)}: {text.to(other)}" for other in languages() if other != language]
    return "\n\n".join([text.to(language), *others])


def parameter_id(filter_: Filter) -> str:
    """The id of a dashboard's filter in Metabase."""
    return f"kabar_{filter_.name}"


def is_own_parameter(parameter: str) -> bool:
    return parameter.startswith("kabar_")


def of_card(card: Card, language: Language) -> Question:
    """The question of a dashboard's card, or of a card that only Metabase has."""
    query, settings = card_queries.query(card, language), visualization.settings(card, language)
    return Question(key(card), card.title, card.meaning, query, visualization.display(card), settings)
