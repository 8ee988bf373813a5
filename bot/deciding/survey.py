"""Asks a survey on WhatsApp, one item at a time, once the customer has agreed to the invitation.

Both scales of an item are asked one after the other, or answered at once ("4 5"), since nobody likes to read a
statement twice. What is no answer is left to the other steps, and the question is repeated below their answer. When an
agent is called, the survey pauses. Customers can go on with it days later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.conversation.reasons import Reason
from bot.conversation.replies import say
from bot.conversation.types import Message, Outcome, Reply, Step, SurveyMove
from bot.deciding.invitation import Invitation, Question
from bot.deciding.situation import Situation, Verdict, passed
from bot.deciding.survey_words import Wish, answers_in, wish_in

_SILENT = ("waiting", "agent")
_ASKED = {"performance": "survey.performance", "expectation": "survey.expectation"}


def step(situation: Situation) -> Verdict:
    """Takes consent, answers and wishes about the survey; passes on everything else."""
    survey, burst = situation.survey, situation.conversation.burst
    is_silent = situation.conversation.state in _SILENT or situation.wished_action == "stop"
    if survey is None or not burst or is_silent or any(each.media for each in burst):
        return passed("survey", Reason.NONE)
    wishes = [wish_in(each.text, survey.was_last_said) for each in burst]
    if wishes[-1] is not None and all(wishes):
        return _wished(situation, survey, wishes[-1])
    is_asking = survey.state == "asking" and survey.was_last_said and survey.asked is not None
    if not is_asking or not all(
        wish or answers_in(each.text, each.button) for each, wish in zip(burst, wishes, strict=True)
    ):
        return passed("survey", Reason.NONE)
    return _answered(situation, survey, burst)


def after_all(situation: Situation, verdicts: Sequence[Verdict]) -> list[Verdict]:
    """What other steps mean for a survey: an opt-out ends it, an agent pauses it, and after an answer it goes on."""
    survey = situation.survey
    if survey is None or any(verdict.survey for verdict in verdicts):
        return []
    if situation.wished_action == "stop":
        return [_moved(survey, "stopped", Reason.SURVEY_STOPPED, "passed", is_of_survey=False)]
    if survey.state != "asking" or survey.asked is None:
        return []
    if any(verdict.step.outcome == "handed_over" for verdict in verdicts):
        return [_moved(survey, "paused", Reason.SURVEY_PAUSED, "passed", survey.asked, is_of_survey=False)]
    if situation.conversation.state in _SILENT or not any(verdict.replies for verdict in verdicts):
        return []
    text = say("survey.reminder", situation.language, question=_worded(survey.asked, situation))
    return [_moved(survey, "asking", Reason.SURVEY_REMINDED, "answered", survey.asked, text=text, is_of_survey=False)]


def _wished(situation: Situation, survey: Invitation, wish: Wish) -> Verdict:
    language = situation.language
    if wish == "go_on" or (wish == "yes" and survey.state == "asked"):
        return _begun(situation, survey)
    if wish in ("no", "stop") and survey.state == "asked":
        text = say("survey.declined", language)
        return _moved(survey, "declined", Reason.SURVEY_DECLINED, "answered", text=text)
    if wish == "stop" and survey.state in ("asking", "paused"):
        text = say("survey.stopped", language)
        return _moved(survey, "stopped", Reason.SURVEY_STOPPED, "answered", survey.asked, text=text)
    if wish == "skip" and survey.state == "asking" and survey.asked is not None:
        if all(map(survey.is_repeated, situation.conversation.burst)):
            return _repeated(survey)
        return _next(situation, survey, {}, Reason.SURVEY_SKIPPED)
    return passed("survey", Reason.NONE)


def _begun(situation: Situation, survey: Invitation) -> Verdict:
    """The first question, or the one that was asked last."""
    question = survey.asked or survey.next()
    if question is None:
        return _next(situation, survey, {}, Reason.SURVEY_ANSWERED)
    text = _worded(question, situation)
    if survey.asked is None:
        text = f"{say('survey.explanation', situation.language)}\n\n{text}"
    return _moved(survey, "asking", Reason.SURVEY_STARTED, "answered", question, text=text)


def _answered(situation: Situation, survey: Invitation, burst: Sequence[Message]) -> Verdict:
    """Of several answers the last counts. One from before the question was sent is a repetition of the last answer."""
    answers = [answers_in(each.text, each.button) for each in burst if not survey.is_repeated(each)]
    answers = [each for each in answers if each]
    if not answers:
        return _repeated(survey)
    asked = survey.asked
    assert asked
    scales = ("performance", "expectation") if asked.scale == "performance" else ("expectation",)
    return _next(situation, survey, dict(zip(scales, answers[-1], strict=False)), Reason.SURVEY_ANSWERED)


def _next(situation: Situation, survey: Invitation, given: Mapping[str, int], reason: Reason) -> Verdict:
    question = survey.next(given)
    answered = survey.asked.item if survey.asked and given else None
    if question is None:
        text = say("survey.finished", situation.language)
        return _moved(
            survey, "finished", Reason.SURVEY_FINISHED, "answered", text=text, answered=answered, answers=given
        )
    text = _worded(question, situation, is_second=question.item == answered)
    return _moved(survey, "asking", reason, "answered", question, text=text, answered=answered, answers=given)


def _repeated(survey: Invitation) -> Verdict:
    return _moved(survey, survey.state, Reason.SURVEY_REPEATED, "silent", survey.asked)


def _worded(question: Question, situation: Situation, is_second: bool = False) -> str:
    """The question as it is asked. The second about an item does not repeat the item."""
    language = situation.language
    asked = say(_ASKED[question.scale], language)
    if is_second:
        return asked
    return say(
        "survey.question", language, number=question.number, of=question.of, item=question.text(language), asked=asked
    )


def _moved(
    survey: Invitation,
    state: str,
    reason: Reason,
    outcome: Outcome,
    question: Question | None = None,
    *,
    text: str | None = None,
    answered: str | None = None,
    answers: Mapping[str, int] | None = None,
    is_of_survey: bool = True,
) -> Verdict:
    move = SurveyMove(
        wave=survey.wave,
        respondent=survey.respondent,
        state=state,
        item=question.item if question else None,
        scale=question.scale if question else None,
        answered=answered,
        answers=answers or {},
        is_of_survey=is_of_survey,
    )
    details = {"item": question.item} if question else {}
    replies = (Reply("survey", text),) if text else ()
    return Verdict(Step("survey", outcome, reason, details), replies, survey=move)
