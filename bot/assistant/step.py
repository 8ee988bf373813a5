"""The step of a decision in which a language model answers the whole burst."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, Literal

from bot.assistant import checking, exchange, prompt
from bot.assistant.checking import Grounds, NotSent
from bot.assistant.lookups import Lookups
from bot.assistant.masking import new_mask
from bot.assistant.said import Said, Unreadable
from bot.conversation.reasons import Intent, Reason
from bot.conversation.replies import say
from bot.conversation.types import Reply, Step
from bot.deciding import handover
from bot.deciding.situation import Situation, Verdict, answered, passed
from bot.grounding.judge import chosen
from ml.language_model import LanguageModel, LanguageModelUnavailable, Unavailable
from ml.masking.mask import Mask, normal

NAME: Final = "assistant"
_MAX_READ = 8_000  # characters of the burst that are what was asked

Outcome = Literal[Unavailable, "answered", "asked_back", "handed_over", "no_answer", "ungrounded"]
"""What became of the language model's reply."""
_WANTED_PERSON: Mapping[str, Reason | Intent] = {"customer_asked": Intent("human"), "needs_person": Reason.NEEDS_PERSON}


def step(situation: Situation) -> Verdict:
    """Answers, asks back or hands over; passes if the model has no answer that may be sent."""
    model = situation.tools.language_model
    if model is None:
        return passed(NAME, Reason.NONE)
    own_words = frozenset(situation.names.by_word)
    mask = new_mask(situation.tools.settings.default_region, situation.conversation.name, own_words)
    lookups = Lookups(situation, mask)
    asking = model.for_exchange()
    try:
        verdict = _verdict(exchange.ask(asking, situation, lookups, mask), situation, lookups, mask, asking)
    except LanguageModelUnavailable as away:
        verdict = _unused(away.reason)
    except Unreadable:
        verdict = _unused("rubbish")
    except NotSent as error:
        verdict = passed(NAME, Reason.NOT_USED, language_model="ungrounded", finding=error.finding)
    details = {**verdict.step.details, **_details(lookups, asking)}
    return replace(verdict, step=replace(verdict.step, details=details))


def _verdict(said: Said, situation: Situation, lookups: Lookups, mask: Mask, model: LanguageModel) -> Verdict:
    if wanted := said.wants_person:
        reason = _WANTED_PERSON[wanted]
        reply = Reply("handover", handover.text(situation, "handover.asked"))
        return Verdict(Step(NAME, "handed_over", reason, {"language_model": "handed_over"}), (reply,), reason)
    conversation = situation.conversation
    names = " ".join(filter(None, (situation.shop.name, conversation.name)))
    if said.statements:
        judge = chosen(situation.tools.nli_model, model, conversation.store_id)
        question = normal(conversation.text)[-_MAX_READ:]
        grounds = Grounds(lookups.sources, question, names, prompt.told(situation))
        if text := checking.text_of(said.statements, grounds, mask, judge):
            return answered(NAME, Reason.WORDED, text, language_model="answered")
    if said.question and (asked := _question(said.question, situation, lookups, mask, names)):
        return answered(NAME, Reason.ASKED_BACK, asked, language_model="asked_back")
    return passed(NAME, Reason.MODEL_FOUND_NONE, language_model="no_answer")


def _question(asked: str, situation: Situation, lookups: Lookups, mask: Mask, names: str) -> str | None:
    """The question to send, the model's own or a general one; None if the same was asked before."""
    conversation = situation.conversation
    said = [message.text for message in (*conversation.context, *conversation.burst)]
    known = [*said, *(source.text for source in lookups.sources.values())]
    text = checking.question_of(asked, known, names, mask) or say("assistant.ask_back", situation.language)
    last = [message.text for message in conversation.context if message.author != "customer"][-1:]
    return None if text in last else text


def _unused(reason: Unavailable) -> Verdict:
    return passed(NAME, Reason.NOT_USED, language_model=reason)


def _details(lookups: Lookups, model: LanguageModel) -> dict[str, Any]:
    """What was looked up, and what the model and the judge took."""
    judging = [call for call in model.calls if call.purpose == "judge"]
    found = {
        "lookups": list(dict.fromkeys(lookups.called)),
        "passages": lookups.passages,
        "products": lookups.products,
        "orders": lookups.orders,
        "tokens": sum(call.tokens for call in model.calls),
        "judge_tokens": sum(call.tokens for call in judging),
        "judge_seconds": round(sum(call.milliseconds for call in judging) / 1000, 2),
    }
    return {name: value for name, value in found.items() if value}
