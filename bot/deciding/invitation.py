"""The survey that a customer is invited to on WhatsApp: read for a decision, and moved on by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from psycopg2.extensions import cursor as Cursor  # noqa: N812
from psycopg2.extras import Json

from bot.conversation.replies import say
from bot.conversation.types import Conversation, Message, SurveyMove
from warehouse.connection import read_sql
from warehouse.i18n import Language

_SQL = Path(__file__).parent / "sql"
SCALES = ("performance", "expectation")
_NOT_SENT = datetime.max.replace(tzinfo=UTC)


class Question(NamedTuple):
    """An item on one of the scales; `number` counts the items from 1 to `of`."""

    number: int
    of: int
    item: str
    scale: str
    texts: Mapping[str, str]

    def text(self, language: Language) -> str:
        return self.texts["text_id" if language == "id" else "text_en"]


@dataclass(frozen=True)
class Invitation:
    """`questions`: all of the survey, in order, both scales of an item together; `current`: the place of the one that
    was asked last, None before the first; `answers`: those given so far, also on the survey's page, by item and scale.
    `was_last_said`: whether the last reply in the conversation was one of the survey; `said_at`: when it was sent."""

    wave: str
    respondent: str
    state: str
    questions: tuple[Question, ...]
    current: int | None
    answers: Mapping[str, Mapping[str, int | None]]
    was_last_said: bool
    said_at: datetime

    def is_repeated(self, message: Message) -> bool:
        """Whether a message was written before the last question was sent, and so cannot answer it."""
        return message.occurred_at < self.said_at

    def next(self, given: Mapping[str, int] | None = None) -> Question | None:
        """The first unanswered question after the current one, to which `given` are new answers by scale."""
        start = 0 if self.current is None else self.current + 1
        item = None if self.current is None else self.questions[self.current].item
        for question in self.questions[start:]:
            is_given = question.item == item and question.scale in (given or {})
            if not is_given and self.answers.get(question.item, {}).get(question.scale) is None:
                return question
        return None

    @property
    def asked(self) -> Question | None:
        """The question that waits for an answer."""
        return None if self.current is None else self.questions[self.current]


def load(cursor: Cursor, conversation_id: int) -> Invitation | None:
    """The customer's invitation to a survey that is open and not finished, or None."""
    cursor.execute(read_sql(_SQL / "survey_invitation.sql"), {"conversation_id": conversation_id})
    row = cursor.fetchone()
    if row is None:
        return None
    wave, respondent, state, item, scale, answers, last_kind, last_sent_at, items = row
    questions = tuple(
        Question(number, len(items), each["item"], scale, each)
        for number, each in enumerate(items, start=1)
        for scale in SCALES
    )
    places = {(question.item, question.scale): place for place, question in enumerate(questions)}
    return Invitation(
        wave=wave,
        respondent=respondent,
        state=state,
        questions=questions,
        current=places.get((item, scale)),
        answers=answers,
        was_last_said=last_kind == "survey",
        said_at=last_sent_at or _NOT_SENT,
    )


def worded(language: Language, title: str, items: int, link: str | None) -> str:
    """The question for consent, with the customer's own link to the survey's page if there is one."""
    text = say("survey.invitation", language, title=title, items=items)
    return f"{text}\n\n{say('survey.invitation_link', language, link=link)}" if link else text


def note(cursor: Cursor, conversation: Conversation, move: SurveyMove, language: Language) -> None:
    """Store the answers and the invitation's new state. The caller has locked the conversation and commits."""
    values = {**move._asdict(), "store_id": conversation.store_id, "language": language}
    is_finished = move.state == "finished"
    if move.answers or is_finished:
        answers = [{"item": move.answered, **move.answers}] if move.answers else []
        cursor.execute(
            read_sql(_SQL / "answer_survey.sql"), values | {"answers": Json(answers), "is_finished": is_finished}
        )
    cursor.execute(read_sql(_SQL / "move_survey.sql"), values)
    for message in conversation.burst if move.is_of_survey else ():
        about = {"conversation_id": conversation.conversation_id, "message_id": message.id}
        cursor.execute(read_sql(_SQL / "note_survey_message.sql"), about | {"occurred_at": message.occurred_at})
