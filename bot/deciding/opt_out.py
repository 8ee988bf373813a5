"""STOP and START: opting out of messages and in again."""

from __future__ import annotations

from bot.conversation.reasons import Reason
from bot.conversation.replies import say
from bot.conversation.types import Step
from bot.deciding.rules import Rule
from bot.deciding.situation import Situation, Verdict, answered, passed


def decide(situation: Situation) -> Verdict:
    """Confirms the request if nothing else was written; otherwise the confirmation precedes the answer. Nothing is
    confirmed twice."""
    rule = situation.wish
    if rule is None:
        return passed("stop_or_start", Reason.NOT_ASKED)
    if is_all(situation) and situation.is_wish_confirmed:
        return Verdict(Step("stop_or_start", "silent", rule.intent, {"rules": [rule.rule_id]}))
    if is_all(situation):
        return answered("stop_or_start", rule.intent, confirmation(rule, situation), rules=[rule.rule_id])
    return passed("stop_or_start", rule.intent, rules=[rule.rule_id])


def is_all(situation: Situation) -> bool:
    """Whether the customer wrote nothing but this request."""
    return not situation.words and not any(message.media for message in situation.conversation.burst)


def confirmation(rule: Rule, situation: Situation) -> str:
    """The rule's own answer, else the standard text."""
    return situation.fill(rule) or say(
        "opt_out.stopped" if rule.action == "stop" else "opt_out.started", situation.language
    )
