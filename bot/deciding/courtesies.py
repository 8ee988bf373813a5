"""Greetings, thanks, agreement, goodbyes and small talk: what asks for nothing gets one short reply or none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.conversation.reasons import Intent, Reason
from bot.conversation.replies import say
from bot.conversation.types import Reply, Step, StepName
from bot.deciding.situation import Situation, Verdict, passed
from bot.vocabulary import words
from ml.speech_acts.acts import LIKELY, SURE, Act

# With words by which questions are asked it has to be surer, as in "how are you doing".
_SURE_ABOUT_QUESTIONS = 0.9
_AGREEMENT = Intent("acknowledgement")
# Acts that ask for nothing, and the rule whose answer fits; small talk has an answer of its own.
_INTENTS: Mapping[str, Intent | None] = {
    "greeting": Intent("greeting"),
    "thanks": Intent("thanks"),
    "agreement": _AGREEMENT,
    "goodbye": Intent("goodbye"),
    "small_talk": None,
}
# After an answer these end what was asked, and open no turn.
_ENDING = ("thanks", "acknowledgement", "goodbye")


def step(situation: Situation) -> Verdict:
    """Answers what is surely a courtesy, by the model of speech acts."""
    act = _act(situation)
    if act is None:
        return _unjudged(situation, "courtesy")
    if act.courtesy < (_SURE_ABOUT_QUESTIONS if situation.request.asks else SURE):
        return passed("courtesy", Reason.NOT_ASKED, **_details(act))
    return answer(situation, "courtesy", _INTENTS[act.likeliest_courtesy], _details(act))


def likely(situation: Situation) -> Verdict:
    """Answers what nothing else answered and is likely a courtesy, or says something after an answer that asks for
    nothing, so that no agent is called for it."""
    act = _act(situation)
    if act is None:
        return _unjudged(situation, "likely_courtesy")
    if act.may_complain or situation.urgency_is_high:
        return passed("likely_courtesy", Reason.COMPLAINT, **_details(act))
    if act.courtesy >= LIKELY:
        return answer(situation, "likely_courtesy", _INTENTS[act.likeliest_courtesy], _details(act))
    if act.hardly_asks and _is_after_answer(situation) and not _gives_details(situation):
        return answer(situation, "likely_courtesy", _AGREEMENT, {**_details(act), "needs_reply": True})
    return passed("likely_courtesy", Reason.NOT_ASKED, **_details(act))


def only_tells_details(situation: Situation) -> bool:
    """Whether it tells an address, a name or the like and hardly asks for anything, so an agent has to read it. The
    word alone ("alamat toko dong") tells none."""
    details = words("details") & set(situation.words)
    act = _act(situation) if details and set(situation.request.content) - details else None
    return act is not None and act.hardly_asks


def _act(situation: Situation) -> Act | None:
    """The act of the request; None if it has a question mark and is not surely a greeting, such as "anyone there?"."""
    act = situation.act
    if act is None or "?" not in situation.request.text:
        return act
    return act if act.distribution["greeting"] >= _SURE_ABOUT_QUESTIONS else None


def _unjudged(situation: Situation, name: StepName) -> Verdict:
    has_model = situation.tools.speech_acts is not None
    return passed(name, Reason.NOT_ASKED if has_model else Reason.NO_CLASSIFIER)


def _details(act: Act) -> dict[str, Any]:
    return {"act": act.name, "courtesy": round(act.courtesy, 2)}


def _gives_details(situation: Situation) -> bool:
    """Whether it may tell an address or a number, which an agent has to read."""
    return any(map(str.isdigit, situation.request.text)) or bool(words("details") & set(situation.words))


def _is_after_answer(situation: Situation) -> bool:
    earlier = situation.conversation.earlier
    return bool(earlier) and earlier[-1].author != "customer"


def answer(situation: Situation, name: StepName, intent: Intent | None, details: Mapping[str, Any]) -> Verdict:
    """The reply to a courtesy; none if it would repeat the last one."""
    reason: Intent | Reason = intent or Reason.SMALL_TALK
    is_after_answer = _is_after_answer(situation)
    if intent in _ENDING and is_after_answer:
        details = {"needs_reply": False, **details}
    rule = next((rule for rule in situation.rules if rule.intent == intent and rule.action is None), None)
    text = situation.fill(rule) if rule else None if intent else say("courtesy.small_talk", situation.language)
    if text is None:
        return passed(name, Reason.NO_ANSWER_WRITTEN, **details)
    if is_after_answer and situation.conversation.earlier[-1].text == text:
        return Verdict(Step(name, "silent", reason, details), is_courtesy=True)
    return Verdict(Step(name, "answered", reason, details), (Reply("answer", text, True),), is_courtesy=True)
