"""What every step looks at, gathered once: the conversation, how it is said, the shop, and what its people set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from bot.conversation import language, times
from bot.conversation.reasons import Intent, Reason
from bot.conversation.types import Action, Conversation, Message, Reply, Step, StepName
from bot.deciding import patterns, rules
from bot.deciding.rules import Rule
from bot.shop import profile
from bot.shop.instructions import Instructions
from bot.shop.profile import Shop
from bot.tools import Tools
from ml.classifier import labels
from ml.classifier.predict import Label
from warehouse.i18n import Language


@dataclass(frozen=True)
class Situation:
    """`said` are the words of the burst as patterns see them; `labels` those of its messages, empty without a model.
    `wish` is the rule by which a message asked to stop or to start; the burst is then what else was said."""

    conversation: Conversation
    tools: Tools
    language: Language
    shop: Shop
    rules: tuple[Rule, ...]
    anger_words: frozenset[tuple[str, ...]]
    labels: tuple[Label, ...]
    said: tuple[str, ...]
    wish: Rule | None = None
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def urgency_is_high(self) -> bool:
        return any(label.urgency == "high" for label in self.labels)

    def found(self, action: str) -> tuple[Rule, ...]:
        """The rules with this action of which a pattern stands in what was said."""
        return tuple(rule for rule in self.rules if rule.action == action and rules.found_in(rule, self.said))

    def fill(self, rule: Rule) -> str | None:
        """The rule's answer in the customer's language with the shop's details in it, or None if it has none."""
        answer = rule.answer(self.language)
        if not answer:
            return None
        return rules.filled(
            answer,
            shop_name=self.shop.name,
            name=rules.first_name(self.conversation.name),
            hours=times.opening_hours(self.shop, self.language),
        )

    @property
    def angry_words(self) -> int:
        """How many words of anger stand in what was said."""
        return sum(
            self.said[place : place + len(word)] == word for word in self.anger_words for place in range(len(self.said))
        )

    @property
    def wished_action(self) -> Action | None:
        return None if self.wish is None else "stop" if self.wish.action == "stop" else "start"


@dataclass(frozen=True)
class Verdict:
    """What a step found. The first whose outcome is neither `passed` nor `failed` ends the decision."""

    step: Step
    replies: tuple[Reply, ...] = ()
    handover: Reason | Intent | None = None
    rating: int | None = None

    @property
    def is_last(self) -> bool:
        return self.step.outcome not in ("passed", "failed")


def passed(name: StepName, reason: Reason | Intent, **details: Any) -> Verdict:
    return Verdict(Step(name, "passed", reason, details))


def answered(name: StepName, reason: Reason | Intent, text: str, **details: Any) -> Verdict:
    return Verdict(Step(name, "answered", reason, details), (Reply("answer", text, True),))


def refused(name: StepName, reason: Reason | Intent, text: str, **details: Any) -> Verdict:
    return Verdict(Step(name, "refused", reason, details), (Reply("answer", text, True),))


def look(conversation: Conversation, tools: Tools, instructions: Instructions | None = None) -> Situation:
    """Reads what the shop's people set, and labels the messages."""
    with tools.connect() as connection, connection.cursor() as cursor:
        found = profile.load(cursor, conversation.store_id, tools.settings, instructions)
        shop_rules = rules.load(cursor, conversation.store_id)
        anger_words = rules.anger_words(cursor, conversation.store_id)
    wishes = _wishes(conversation.burst, shop_rules)
    predictor, texts = tools.predictor, [message.text for message in conversation.burst]
    rest = replace(conversation, burst=tuple(message for message in conversation.burst if message.id not in wishes))
    return Situation(
        conversation=rest,
        tools=tools,
        language=language.of(conversation),
        shop=found,
        rules=shop_rules,
        anger_words=anger_words,
        labels=tuple(labels.label(predictor, texts)) if predictor else (),
        said=patterns.tokens(rest.text),
        wish=list(wishes.values())[-1] if wishes else None,
    )


def _wishes(burst: Sequence[Message], shop_rules: Sequence[Rule]) -> dict[str, Rule]:
    """The messages that by themselves ask to stop or to start, and the rules that say so: they count in any burst."""
    stops = [rule for rule in shop_rules if rule.action in ("stop", "start")]
    found = {message.id: rules.covering(stops, patterns.tokens(message.text)) for message in burst if not message.media}
    return {message_id: covering[-1] for message_id, covering in found.items() if covering}
