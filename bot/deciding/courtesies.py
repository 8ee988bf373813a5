"""Greetings, thanks, agreement, goodbyes and small talk: what asks for nothing gets one short reply or none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.conversation.reasons import Intent, Reason
from bot.conversation.replies import say
from bot.conversation.types import Reply, Step, StepName
from bot.deciding.situation import Situation, Verdict, passed

# Acts that ask for nothing, and the rule whose answer fits; small talk has an answer of its own.
_INTENTS: Mapping[str, Intent | None] = {
    "greeting": Intent("greeting"),
    "thanks": Intent("thanks"),
    "agreement": Intent("acknowledgement"),
    "goodbye": Intent("goodbye"),
    "small_talk": None,
}
# After an answer these end what was asked, and open no turn.
_ENDING = ("thanks", "acknowledgement", "goodbye")


def step(situation: Situation) -> Verdict:
    """Answers what the model of speech acts takes for a courtesy."""
    model = situation.tools.speech_acts
    if model is None or not situation.request.text.strip() or "?" in situation.request.text:
        return passed("courtesy", Reason.NO_CLASSIFIER)
    [act] = model.predict([situation.request.text])
    details = {"act": act.name, "probability": round(act.probability, 2)}
    if act.name not in _INTENTS or not act.is_reliable:
        return passed("courtesy", Reason.NOT_ASKED, **details)
    return answer(situation, "courtesy", _INTENTS[act.name], details)


def answer(situation: Situation, name: StepName, intent: Intent | None, details: Mapping[str, Any]) -> Verdict:
    """The reply to a courtesy; none if it would repeat the last one."""
    reason: Intent | Reason = intent or Reason.SMALL_TALK
    earlier = situation.conversation.earlier
    is_after_answer = bool(earlier) and earlier[-1].author != "customer"
    if intent in _ENDING and is_after_answer:
        details = {**details, "needs_reply": False}
    rule = next((rule for rule in situation.rules if rule.intent == intent and rule.action is None), None)
    text = situation.fill(rule) if rule else None if intent else say("courtesy.small_talk", situation.language)
    if text is None:
        return passed(name, Reason.NO_ANSWER_WRITTEN, **details)
    if is_after_answer and earlier[-1].text == text:
        return Verdict(Step(name, "silent", reason, details), is_courtesy=True)
    return Verdict(Step(name, "answered", reason, details), (Reply("answer", text, True),), is_courtesy=True)
