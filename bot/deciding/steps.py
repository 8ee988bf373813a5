"""The steps of a decision in order. Each answers, hands over or passes."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import structlog

from bot.conversation.reasons import ErrorKind, Reason
from bot.conversation.replies import say
from bot.conversation.types import Conversation, Decision, Reply, Step, StepName
from bot.deciding import handover, opt_out, order_questions, rating, rules, satisfaction
from bot.deciding.situation import Situation, Verdict, answered, look, passed
from bot.knowledge import search, wording
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
    verdicts = [_timed(_understood(situation), started)]
    for name in _STEPS:
        verdicts.append(_run(name, situation))
        if verdicts[-1].is_last:
            break
    if verdicts[-1].step.outcome == "answered" and verdicts[-1].rating is None:
        verdicts.append(_run("satisfaction", situation))
    return _decision(situation, verdicts)


def _run(name: StepName, situation: Situation) -> Verdict:
    """Run a step. If it fails, the next steps go on, and in the end an agent takes over. An error of the last step is
    raised, and the job is retried."""
    started = time.monotonic()
    try:
        verdict = (_STEPS.get(name) or _satisfaction)(situation)
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
    """The bot is silent while an agent has the conversation."""
    state = situation.conversation.state
    reason = Reason(state)
    return Verdict(Step("guard", "silent", reason)) if state in _SILENT_STATES else passed("guard", reason)


def _rating(situation: Situation) -> Verdict:
    with situation.tools.connect() as connection, connection.cursor() as cursor:
        found = rating.taken(cursor, situation.conversation)
    if found is None:
        return passed("rating", Reason.NONE)
    thanks = Reply("thanks", say("rating.thanks", situation.language))
    return Verdict(Step("rating", "answered", Reason.GIVEN), (thanks,), rating=found)


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
    answers = [answer for rule in meant if (answer := situation.fill(rule))]
    if len(answers) < len(meant) or len(meant) > _MAX_ANSWERS:
        return passed("rules", Reason.NO_ANSWER_WRITTEN, **ids)
    return answered("rules", meant[0].intent, "\n\n".join(answers), **ids)


def _knowledge(situation: Situation) -> Verdict:
    if not situation.words:
        return passed("knowledge", Reason.NO_WORDS)
    with situation.tools.connect() as connection, connection.cursor() as cursor:
        store_id, question = situation.conversation.store_id, situation.conversation.text
        found = search.search(cursor, store_id, question, situation.tools.encoder)
    fitting = [passage for passage in found if passage.fits]
    details = {"passages": [passage.id for passage in fitting], "scores": [round(each.score, 3) for each in found]}
    if not fitting:
        return passed("knowledge", Reason.NOTHING_FITS, considered=[each.id for each in found], **details)
    worded = wording.worded(situation, fitting)
    details |= {"language_model": worded.model} | ({"finding": worded.finding} if worded.finding else {})
    if worded.text is None:
        return passed("knowledge", Reason.MODEL_FOUND_NONE, **details)
    reason = Reason.WORDED if worded.model == "answered" else Reason.PASSAGE
    return answered("knowledge", reason, worded.text, **details)


def _satisfaction(situation: Situation) -> Verdict:
    with situation.tools.connect() as connection, connection.cursor() as cursor:
        step = satisfaction.judge(cursor, situation.conversation)
    if step.outcome != "handed_over":
        return Verdict(step)
    return Verdict(step, (Reply("handover", handover.text(situation, "handover.asked")),), Reason(step.reason))


# In the order of a decision. The last step always ends it.
_STEPS: Mapping[StepName, Callable[[Situation], Verdict]] = {
    "guard": _guard,
    "stop_or_start": opt_out.decide,
    "rating": _rating,
    "media": handover.media,
    "wordless": _wordless,
    "handover": handover.request,
    "rules": _rules,
    "facts": order_questions.step,
    "knowledge": _knowledge,
    "fallback": handover.fallback,
}
_LAST = "fallback"


def _decision(situation: Situation, verdicts: Sequence[Verdict]) -> Decision:
    replies = tuple(reply for verdict in verdicts for reply in verdict.replies)
    wish = situation.wish
    is_silent = any(verdict.step.outcome == "silent" for verdict in verdicts)
    if wish and not is_silent and not opt_out.is_all(situation):
        replies = (Reply("answer", opt_out.confirmation(wish, situation), True), *replies)
    return Decision(
        language=situation.language,
        steps=tuple(verdict.step for verdict in verdicts),
        replies=replies,
        handover=next((verdict.handover for verdict in verdicts if verdict.handover), None),
        action=situation.wished_action,
        rating=next((verdict.rating for verdict in verdicts if verdict.rating is not None), None),
        labels=situation.labels,
    )
