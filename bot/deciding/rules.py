"""Rules: what the bot answers without a model, edited by the shop's team.

Rules that answer must cover the whole message except for fillers; otherwise the next steps decide. A rule that hands
over or asks about orders only has to match a part of the message.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import structlog
import yaml
from psycopg2.extensions import cursor as Cursor  # noqa: N812

from bot import vocabulary
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
_NAME_WORD = re.compile(r"[^\W\d_]+")
_MAX_COVERED_WORDS = 60  # of a message


class Rule(NamedTuple):
    """`action`: what happens besides or instead of the answer. Without both, the next steps decide."""

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
    """The shop's active rules in order. A shop without rules first gets those of `rules.yml`."""
    rows = _rows(cursor, store_id)
    if not rows:
        seed(cursor, store_id)
        rows = _rows(cursor, store_id)
    return tuple(
        Rule(rule_id, intent, _readable(rule_id, written), answer_id, answer_en, action)
        for rule_id, intent, written, answer_id, answer_en, action, is_active in rows[:MAX_RULES]
        if is_active
    )


def without_patterns(action: str) -> Rule:
    """A rule for what something else has recognised."""
    return Rule(0, Intent(action), (), None, None, action)


def seed(cursor: Cursor, store_id: str) -> None:
    """Add the rules and escalation words of `rules.yml`, except those that the shop has."""
    for position, rule in enumerate(_seed()["rules"]):
        answer = f"rule.{rule['intent']}"
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
    """The shop's escalation words, each as tokens, since `tidak sopan` has two. Call after `load`, which seeds them."""
    cursor.execute(read_sql(_SQL / "anger_words.sql"), {"store_id": store_id})
    return frozenset(filter(None, (patterns.tokens(word) for (word,) in cursor.fetchall())))


def fillers() -> frozenset[str]:
    """Words that do not change the meaning."""
    return _words("fillers")


def complaints() -> frozenset[str]:
    """Words for something wrong with an order, for which its status is no answer."""
    return _words("complaints")


def covering(rules: Sequence[Rule], words: Sequence[str]) -> tuple[Rule, ...] | None:
    """The fewest rules that together cover the whole message, each once, in order of appearance. None if a word is not
    covered or there are only fillers."""
    return _covering(rules, words) or _covering(rules, _without_outer_fillers(words))


def _covering(rules: Sequence[Rule], words: Sequence[str]) -> tuple[Rule, ...] | None:
    """`best[i]` covers the words from `i` on. For "jam buka kak terima kasih" `best[3]` is (thanks,), `best[2]` passes
    over the filler, and `best[0]` is (opening_hours, thanks)."""
    if not 0 < len(words) <= _MAX_COVERED_WORDS:
        return None
    best: list[tuple[Rule, ...] | None] = [None] * len(words) + [()]
    for start in range(len(words) - 1, -1, -1):
        covers = [best[start + 1]] if words[start] in fillers() else []
        covers += [_joined(rule, best[end]) for rule in rules for end in _ends(rule, words, start) if end > start]
        found = [cover for cover in covers if cover is not None]
        # Prefer a rule to an empty cover, which passed over fillers only.
        best[start] = min(found, key=lambda cover: (len(cover) == 0, len(cover)), default=None)
    return best[0] or None


def _without_outer_fillers(words: Sequence[str]) -> Sequence[str]:
    """The words without fillers around them (`tolong stop ya kak` is `stop`); all of them if there are only fillers."""
    meant = [place for place, word in enumerate(words) if word not in fillers()]
    return words[meant[0] : meant[-1] + 1] if meant else words


def _joined(rule: Rule, rest: tuple[Rule, ...] | None) -> tuple[Rule, ...] | None:
    if rest is None:
        return None
    return rest if rule in rest else (rule, *rest)


def found_in(rule: Rule, words: Sequence[str]) -> bool:
    """Whether one of the rule's patterns matches anywhere in the message; or all of it but fillers around it."""
    meant = _without_outer_fillers(words)
    return any(_ends(rule, each, start) for each in (words, meant) for start in range(len(each)))


def _ends(rule: Rule, words: Sequence[str], start: int) -> set[int]:
    return {end for pattern in rule.patterns for end in patterns.ends(pattern, words, start, fillers())}


def filled(answer: str, **values: str | None) -> str | None:
    """An answer with `{shop_name}`, `{name}` and `{hours}` filled in; None if a value other than the name is missing.
    Other braces stay as they are."""
    for name, value in values.items():
        place = f"{{{name}}}"
        if place in answer:
            if value is None and name != "name":
                return None
            answer = answer.replace(place, value or "")
    return " ".join(answer.split(" ")).replace(" ,", ",").replace(" !", "!").strip()


def first_name(name: str | None) -> str | None:
    """The first name from a profile's name, without titles; None if it does not look like a person's."""
    written = [word for word in (name or "").split() if word.lower().rstrip(".") not in vocabulary.words("titles")]
    said = {word.lower() for word in _NAME_WORD.findall(name or "")}
    if not written or said & vocabulary.words("firms"):
        return None
    first = written[0].rstrip(".,")
    return first if first.isalpha() and 2 <= len(first) <= 20 else None


def _rows(cursor: Cursor, store_id: str) -> list[tuple[Any, ...]]:
    cursor.execute(read_sql(_SQL / "rules.sql"), {"store_id": store_id})
    return cursor.fetchall()


def _readable(rule_id: int, written: Sequence[str]) -> tuple[Pattern, ...]:
    """The valid patterns: an invalid one must not stop the bot."""
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
