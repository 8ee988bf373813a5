"""Rules: what the bot answers without a model, from a table that a shop's people edit.

A rule that answers must cover all that was said, fillers and courtesies aside: a message with more in it than the rules
know goes on to the next steps. A rule that hands over, or says what somebody wants to know of their orders, only has to
stand somewhere in the message.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import structlog
import yaml
from psycopg2.extensions import cursor as Cursor  # noqa: N812

from bot.conversation.reasons import Intent
from bot.conversation.replies import texts
from bot.deciding import patterns
from bot.deciding.patterns import InvalidPattern, Pattern
from warehouse.connection import read_sql
from warehouse.i18n import Language

_FILE = Path(__file__).parent / "rules.yml"
_SQL = Path(__file__).parent / "sql"
_log = structlog.get_logger()

MAX_RULES = 200
MAX_PATTERNS = 100
_MAX_COVERED_WORDS = 60  # more words than these no rule was meant for


class Rule(NamedTuple):
    """`action`: what happens besides or instead of an answer; a rule with neither leaves it to the next steps."""

    rule_id: int
    intent: Intent
    patterns: tuple[Pattern, ...]
    answer_id: str | None
    answer_en: str | None
    action: str | None

    def answer(self, language: Language) -> str | None:
        return self.answer_id if language == "id" else self.answer_en

    @property
    def is_courtesy(self) -> bool:
        return self.intent in _seed()["courtesies"]


def load(cursor: Cursor, store_id: str) -> tuple[Rule, ...]:
    """The rules of a shop that are on, in their order. A shop that has none gets those of `rules.yml`."""
    rows = _rows(cursor, store_id)
    if not rows:
        seed(cursor, store_id)
        rows = _rows(cursor, store_id)
    return tuple(
        Rule(rule_id, intent, _readable(rule_id, written), answer_id, answer_en, action)
        for rule_id, intent, written, answer_id, answer_en, action, is_active in rows[:MAX_RULES]
        if is_active
    )


def seed(cursor: Cursor, store_id: str) -> None:
    """Give a shop the rules and words of anger of `rules.yml`; what it has of them stays as it is."""
    for position, rule in enumerate(_seed()["rules"]):
        answer = f"rules.{rule['intent']}"
        cursor.execute(
            read_sql(_SQL / "seed_rule.sql"),
            {
                "store_id": store_id,
                "intent": rule["intent"],
                "position": position,
                "patterns": rule["patterns"],
                "answer_id": texts("id").get(answer),
                "answer_en": texts("en").get(answer),
                "action": rule.get("action"),
            },
        )
    words = _seed()["anger_words"].split()
    cursor.execute(read_sql(_SQL / "seed_anger_words.sql"), {"store_id": store_id, "words": words})


def anger_words(cursor: Cursor, store_id: str) -> frozenset[tuple[str, ...]]:
    """The shop's words of anger, each as `patterns.tokens` leaves it: `tidak sopan` is two words, and neither alone is
    angry. Call after `load`, which seeds them."""
    cursor.execute(read_sql(_SQL / "anger_words.sql"), {"store_id": store_id})
    return frozenset(filter(None, (patterns.tokens(word) for (word,) in cursor.fetchall())))


def fillers() -> frozenset[str]:
    """Words that change nothing of what is meant."""
    return _words("fillers")


def complaints() -> frozenset[str]:
    """Words that say that something is wrong with an order: its status is no answer to that."""
    return _words("complaints")


def covering(rules: Sequence[Rule], said: Sequence[str]) -> tuple[Rule, ...] | None:
    """The rules that together cover all of what was said, each once, in the order in which they were met; the fewest
    that do. None if something is left over, or nothing but fillers was said."""
    if not 0 < len(said) <= _MAX_COVERED_WORDS:
        return None
    best: list[tuple[Rule, ...] | None] = [None] * len(said) + [()]
    for start in range(len(said) - 1, -1, -1):
        ways = [best[start + 1]] if said[start] in fillers() else []
        ways += [_joined(rule, best[end]) for rule in rules for end in _ends(rule, said, start) if end > start]
        found = [way for way in ways if way is not None]
        # A filler that is passed over covers nothing, so of equal ways one with a rule is better.
        best[start] = min(found, key=lambda way: (len(way) == 0, len(way)), default=None)
    return best[0] or None


def _joined(rule: Rule, rest: tuple[Rule, ...] | None) -> tuple[Rule, ...] | None:
    if rest is None:
        return None
    return rest if rule in rest else (rule, *rest)


def found_in(rule: Rule, said: Sequence[str]) -> bool:
    """Whether one of the rule's patterns stands anywhere in what was said."""
    return any(_ends(rule, said, start) for start in range(len(said)))


def _ends(rule: Rule, said: Sequence[str], start: int) -> set[int]:
    return {end for pattern in rule.patterns for end in patterns.ends(pattern, said, start, fillers())}


def filled(answer: str, **values: str | None) -> str | None:
    """An answer with `{shop_name}`, `{name}` and `{hours}` filled in; None if it needs what is not known. The name may
    be missing. Anything else in braces stays as it was written."""
    for name, value in values.items():
        place = f"{{{name}}}"
        if place in answer:
            if value is None and name != "name":
                return None
            answer = answer.replace(place, value or "")
    return " ".join(answer.split(" ")).replace(" ,", ",").replace(" !", "!").strip()


def first_name(name: str | None) -> str | None:
    """How to address somebody by the name that their profile gives; None if it does not look like a name."""
    first = (name or "").split(" ")[0]
    return first if first.isalpha() and 2 <= len(first) <= 20 else None


def _rows(cursor: Cursor, store_id: str) -> list[tuple[Any, ...]]:
    cursor.execute(read_sql(_SQL / "rules.sql"), {"store_id": store_id})
    return cursor.fetchall()


def _readable(rule_id: int, written: Sequence[str]) -> tuple[Pattern, ...]:
    """What cannot be read is left out: one bad pattern must not silence the bot."""
    found = []
    for text in written[:MAX_PATTERNS]:
        try:
            found.append(patterns.read(text))
        except InvalidPattern:
            _log.warning("pattern_unreadable", rule=rule_id)
    return tuple(found)


@cache
def _seed() -> dict[str, Any]:
    seeded: dict[str, Any] = yaml.safe_load(_FILE.read_text())
    return seeded


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(token for word in _seed()[name].split() for token in patterns.tokens(word))
