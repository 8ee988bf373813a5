"""The steps of a decision in order. Each answers, hands over or passes."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import structlog

from bot.assistant import step as assistant
from bot.conversation.reasons import ErrorKind, Reason
from bot.conversation.replies import say
from bot.conversation.types import Conversation, Decision, Reply, Step, StepName
from bot.deciding import (
    after_hours,
    courtesies,
    handover,
    opt_out,
    order_questions,
    page_questions,
    product_questions,
    rating,
    repetition,
    rules,
    satisfaction,
    survey,
)
from bot.deciding.requests import Request
from bot.deciding.situation import Situation, Verdict, answered, look, passed
from bot.shop.instructions import Instructions
from bot.tools import Tools

_SILENT_STATES = ("waiting", "agent")
_MAX_ANSWERS = 2
_log = structlog.get_logger()


def decide(conversation: Conversation, tools: Tools, instructions: Instructions | None = None) -> Decision:
    """Decide about the burst. Writes only a new shop's rules and the log of language-model calls. `instructions`
    replace the shop's own, for a preview."""
    started = time.monotonic()
    situation = look(conversation, tools, instructions)
    if away_since := after_hours.away_since(situation):
        situation = replace(situation, conversation=replace(conversation, state="waiting"))
    verdicts = [_timed(_understood(situation), started)]
    for name in _OF_BURST:
        verdicts.append(_run(name, situation))
        if rest := verdicts[-1].rest:
            situation = situation.about_rest(rest)
        if verdicts[-1].is_last:
            break
    else:
        verdicts += _of_assistant(situation)
        if not verdicts[-1].is_last:
            verdicts += _of_requests(situation)
    if after_hours.applies(situation):
        verdicts = after_hours.completed(situation, verdicts)
        away_since = away_since if after_hours.is_left_to_people(verdicts) else None
    elif _is_answered(verdicts):
        verdicts.append(_run("satisfaction", situation))
    verdicts = repetition.bounded(situation, verdicts)
    verdicts += survey.after_all(situation, verdicts)
    return replace(_decision(situation, verdicts), away_since=away_since)


def _is_answered(verdicts: Sequence[Verdict]) -> bool:
    """Whether the burst was answered and not handed over, by more than thanks for a rating or a survey's question."""
    outcomes = {verdict.step.outcome for verdict in verdicts}
    return (
        "answered" in outcomes
        and "handed_over" not in outcomes
        and all(each.rating is None and each.survey is None for each in verdicts)
    )


def _of_assistant(situation: Situation) -> list[Verdict]:
    """The language model's step, for all requests together; none without a model, or if what costs nothing answers
    each of them."""
    if situation.tools.language_model is None:
        return []
    is_free = all(any(_run(name, each).is_last for name in _FREE) for each in situation.of_each_request())
    return [] if is_free or _courtesy_of_all(situation) else [_run("assistant", situation)]


def _courtesy_of_all(situation: Situation) -> Verdict | None:
    """The answer to several requests that together are a courtesy."""
    if len(situation.requests) == 1 or situation.mentions_payment:
        return None
    verdict = _run("courtesy", situation.as_one_request())
    return verdict if verdict.is_last else None


def _of_requests(situation: Situation) -> list[Verdict]:
    """The steps for each request of the burst; what none of them answers is the fallback's. Part of a sentence that is
    not answered by itself is answered with the part after it; and nothing is answered after a refusal."""
    if of_all := _courtesy_of_all(situation):
        return [of_all]
    verdicts: list[Verdict] = []
    open_before: Request | None = None
    is_open = False
    for number, each in enumerate(situation.of_each_request(), start=1):
        if open_before and each.request.joint:
            each = each.about(each.request.joined_to(open_before))
        else:
            is_open = is_open or open_before is not None
        found = _of_request(each, number if len(situation.requests) > 1 else None)
        verdicts += found
        open_before = None if found[-1].is_last else each.request
        if found[-1].step.outcome == "refused":
            break
    is_open = is_open or open_before is not None
    is_courtesy = not is_open and all(verdict.is_courtesy for verdict in verdicts if verdict.is_last)
    verdicts = verdicts if is_courtesy else [_passed_over(verdict) for verdict in verdicts]
    return _joined(verdicts) + ([_run(_LAST, situation)] if is_open else [])


def _of_request(situation: Situation, number: int | None) -> list[Verdict]:
    """The steps until one answers, marked with the request's `number` if there are several."""
    verdicts = []
    for name in _OF_REQUEST:
        verdict = _run(name, situation)
        details = verdict.step.details if number is None else {**verdict.step.details, "request": number}
        verdicts.append(replace(verdict, step=replace(verdict.step, details=details)))
        if verdict.is_last:
            break
    return verdicts


def _passed_over(verdict: Verdict) -> Verdict:
    """Thanks beside a question get no reply, and do not mean that the messages need none."""
    if not verdict.is_courtesy:
        return verdict
    return Verdict(replace(verdict.step, outcome="passed"))


def _joined(verdicts: list[Verdict]) -> list[Verdict]:
    """The verdicts with all answers in one reply, that of the last; of courtesies only the last is answered."""
    replying = [verdict for verdict in verdicts if verdict.replies]
    kept = replying[-1:] if replying and replying[-1].is_courtesy else replying
    bodies = dict.fromkeys(reply.body for verdict in kept for reply in verdict.replies if reply.body)
    if not bodies:
        return verdicts
    joined = (Reply("answer", "\n\n".join(bodies), True),)
    return [replace(each, replies=joined if each is kept[-1] else ()) for each in verdicts]


def _run(name: StepName, situation: Situation) -> Verdict:
    """Run a step. If it fails, the next steps go on, and in the end an agent takes over. An error of the last step is
    raised, and the job is retried."""
    started = time.monotonic()
    try:
        verdict = _STEPS[name](situation)
    except Exception as error:
        if name == _LAST:
            raise
        # Not the message: those of the database contain values.
        kind, place = ErrorKind(type(error).__name__), traceback.extract_tb(error.__traceback__)[-1]
        at = f"{Path(place.filename).name}:{place.lineno}"
        _log.error("step_failed", step=name, conversation=situation.conversation.conversation_id, kind=kind, place=at)
        verdict = Verdict(Step(name, "failed", kind))
    return _timed(verdict, started)


def _timed(verdict: Verdict, started: float) -> Verdict:
    milliseconds = round((time.monotonic() - started) * 1000, 2)
    return replace(verdict, step=replace(verdict.step, milliseconds=milliseconds))


def _understood(situation: Situation) -> Verdict:
    """Records the language and labels that the other steps rely on."""
    details: dict[str, object] = {"language": situation.language}
    if situation.labels:
        issues = [label.issue for label in situation.labels]
        details |= {"issues": issues, "urgencies": [label.urgency for label in situation.labels]}
        details["model_version"] = situation.labels[0].model_version
    return passed("understood", Reason.LABELLED if situation.labels else Reason.NO_CLASSIFIER, **details)


def _guard(situation: Situation) -> Verdict:
    """The bot is silent while an agent has the conversation or should take it over."""
    if after_hours.applies(situation):
        return after_hours.guard(situation)
    state = situation.conversation.state
    reason = Reason(state)
    if state not in _SILENT_STATES:
        return passed("guard", reason)
    if (found := _given_rating(situation)) is not None:
        return Verdict(Step("rating", "silent", Reason.GIVEN), rating=found)
    return Verdict(Step("guard", "silent", reason))


def _rating(situation: Situation) -> Verdict:
    found = _given_rating(situation)
    if found is None:
        return passed("rating", Reason.NONE)
    thanks = Reply("thanks", say("rating.thanks", situation.language))
    rest = rating.questions_beside(situation.conversation)
    return Verdict(Step("rating", "answered", Reason.GIVEN), (thanks,), rating=found, rest=rest)


def _given_rating(situation: Situation) -> int | None:
    with situation.tools.connect() as connection, connection.cursor() as cursor:
        return rating.taken(cursor, situation.conversation, situation.names)


def _wordless(situation: Situation) -> Verdict:
    """Emoji such as a thumbs-up need no answer; a question mark does."""
    text = situation.conversation.text.strip()
    if text and not situation.words and "?" not in text:
        return Verdict(Step("wordless", "silent", Reason.NO_WORDS))
    return passed("wordless", Reason.WORDS if situation.words else Reason.UNREADABLE)


def _rules(situation: Situation) -> Verdict:
    covering = rules.covering([rule for rule in situation.rules if rule.action is None], situation.words)
    if covering is None:
        return passed("rules", Reason.NOT_COVERED)
    meant = [rule for rule in covering if not rule.is_courtesy] or list(covering[:1])
    ids = {"rules": [rule.rule_id for rule in meant], "intents": [rule.intent for rule in meant]}
    if meant[0].is_courtesy:
        return courtesies.answer(situation, "rules", meant[0].intent, ids)
    answers = [answer for rule in meant if (answer := situation.fill(rule))]
    if len(answers) < len(meant) or len(meant) > _MAX_ANSWERS:
        return passed("rules", Reason.NO_ANSWER_WRITTEN, **ids)
    return answered("rules", meant[0].intent, "\n\n".join(answers), **ids)


def _satisfaction(situation: Situation) -> Verdict:
    with situation.tools.connect() as connection, connection.cursor() as cursor:
        step = satisfaction.judge(cursor, situation.conversation)
    if step.outcome != "handed_over":
        return Verdict(step)
    return Verdict(step, (Reply("handover", handover.text(situation, "handover.asked")),), Reason(step.reason))


# In the order of a decision. First what concerns the whole burst, then the language model, then each request.
_OF_BURST: tuple[StepName, ...] = ("guard", "stop_or_start", "survey", "rating", "media", "wordless", "handover")
_FREE: tuple[StepName, ...] = ("rules", "courtesy")
_OF_REQUEST: tuple[StepName, ...] = (*_FREE, "facts", "products", "knowledge", "question_back", "likely_courtesy")
_LAST: Final = "fallback"
_STEPS: Mapping[StepName, Callable[[Situation], Verdict]] = {
    "guard": _guard,
    "stop_or_start": opt_out.decide,
    "survey": survey.step,
    "rating": _rating,
    "media": handover.media,
    "wordless": _wordless,
    "handover": handover.request,
    "assistant": assistant.step,
    "rules": _rules,
    "courtesy": courtesies.step,
    "facts": order_questions.step,
    "products": product_questions.step,
    "knowledge": page_questions.step,
    "question_back": product_questions.ask_back,
    "likely_courtesy": courtesies.likely,
    "fallback": handover.fallback,
    "satisfaction": _satisfaction,
}


def _decision(situation: Situation, verdicts: Sequence[Verdict]) -> Decision:
    replies = tuple(reply for verdict in verdicts for reply in verdict.replies)
    wish = situation.wish
    is_silent = any(verdict.step.outcome == "silent" for verdict in verdicts)
    is_owed = wish is not None and not is_silent and not situation.is_wish_confirmed
    if wish and is_owed and not opt_out.is_all(situation):
        replies = (Reply("answer", opt_out.confirmation(wish, situation), True), *replies)
    return Decision(
        language=situation.language,
        steps=tuple(verdict.step for verdict in verdicts),
        replies=replies,
        handover=next((verdict.handover for verdict in verdicts if verdict.handover), None),
        action=situation.wished_action,
        rating=next((verdict.rating for verdict in verdicts if verdict.rating is not None), None),
        labels=situation.labels,
        survey=next((verdict.survey for verdict in verdicts if verdict.survey is not None), None),
    )
