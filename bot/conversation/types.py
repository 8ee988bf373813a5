"""The data that the bot's modules exchange: conversations and decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple

from bot.conversation.reasons import ErrorKind, Intent, Reason
from ml.classifier.predict import Label
from warehouse.i18n import Language

State = Literal["bot", "waiting", "agent", "closed"]
StepName = Literal[
    "understood", "guard", "stop_or_start", "survey", "rating", "media", "wordless", "handover", "rules", "facts",
    "products", "knowledge", "courtesy", "question_back", "likely_courtesy", "assistant", "fallback", "satisfaction",
    "repetition",
]  # fmt: skip
Outcome = Literal["answered", "passed", "refused", "failed", "handed_over", "silent"]
Kind = Literal["answer", "fallback", "handover", "rating_request", "thanks", "notice", "survey"]
Action = Literal["stop", "start"]

# The channel of test conversations, in which an admin writes as a customer.
TEST_CHANNEL = "kabar_test"
# Channels on which the network verifies the sender. A web chat only claims its visitor's number. A test goes as on
# WhatsApp.
VERIFIED_CHANNELS = frozenset({"whatsapp", "sms", TEST_CHANNEL})


class Media(NamedTuple):
    """A file of a message, by its position among the message's files."""

    position: int
    media_type: str
    url: str


class Place(NamedTuple):
    """A location that a customer sent, with its label and address as `name`, empty without them."""

    latitude: float
    longitude: float
    name: str


@dataclass(frozen=True)
class Message:
    """`source` and `id` are as in `ml.message_labels`; `button` is the payload of a pressed button. `kind`: what the
    channel calls the message, such as `sticker` or `location`; `opt_out`: the wish that Twilio recognised in it and has
    confirmed; `own_address`: the shop's address that it was sent to."""

    source: Literal["twilio", "chatbot"]
    id: str
    author: Literal["customer", "bot", "agent"]
    text: str
    occurred_at: datetime
    media: tuple[Media, ...] = ()
    button: str | None = None
    kind: str | None = None
    place: Place | None = None
    opt_out: Action | None = None
    own_address: str | None = None


@dataclass(frozen=True)
class Conversation:
    """`burst`: the customer's messages since the last decision, in order, to one of the shop's addresses; `has_more`:
    whether messages to another address follow it; `earlier`: the newest messages of the day before it; `closed_at`:
    when an agent last closed the conversation; `attended_at`: when its state last changed or it was last replied to,
    None if that is unknown; `language`: that of the last decision, None before the first."""

    conversation_id: int
    store_id: str
    channel: str
    customer_key: str
    name: str | None
    state: State
    language: Language | None
    burst: tuple[Message, ...]
    has_more: bool = False
    earlier: tuple[Message, ...] = ()
    is_opted_out: bool = False
    is_bot_on: bool = True
    closed_at: datetime | None = None
    attended_at: datetime | None = None

    @property
    def context(self) -> tuple[Message, ...]:
        """The earlier messages that the burst may refer to. What was closed is settled: a wish for an agent in it must
        not be heard again."""
        return tuple(each for each in self.earlier if self.closed_at is None or each.occurred_at > self.closed_at)

    @property
    def is_verified(self) -> bool:
        """Whether the customer's key is that of a verified number."""
        return self.channel in VERIFIED_CHANNELS

    @property
    def text(self) -> str:
        """The texts of the burst, one message per line."""
        return "\n".join(message.text for message in self.burst if message.text)


@dataclass(frozen=True)
class Step:
    """One step of a decision, as stored in `app.bot_decisions`. `details` explain it by ids of rules, orders, passages
    or neighbours, never by the customer's words."""

    name: StepName
    outcome: Outcome
    reason: Reason | Intent | ErrorKind
    details: Mapping[str, Any] = field(default_factory=dict)
    milliseconds: float = 0.0


@dataclass(frozen=True)
class Reply:
    """A reply to send. `answered`: False if the bot had no answer, None where that does not apply."""

    kind: Kind
    body: str | None
    answered: bool | None = None
    media_url: str | None = None


class SurveyMove(NamedTuple):
    """The new state of an invitation to a survey, as in `app.survey_invitations`. `item` and `scale`: the question that
    is asked now; `answers`: the new ones, by scale, to `answered`; `is_of_survey`: whether the burst was meant for the
    survey."""

    wave: str
    respondent: str
    state: str
    item: str | None = None
    scale: str | None = None
    answered: str | None = None
    answers: Mapping[str, int] = {}
    is_of_survey: bool = True


@dataclass(frozen=True)
class Decision:
    """`handover`: the reason to hand over, or None; `labels`: those of the burst's messages, in order, empty without a
    model; `rating`: one that the customer gave; `survey`: what becomes of the survey that the customer is asked;
    `away_since`: its agent was away since then, so that the conversation waits for any agent again, or None."""

    language: Language
    steps: tuple[Step, ...]
    replies: tuple[Reply, ...] = ()
    handover: Reason | Intent | None = None
    action: Action | None = None
    rating: int | None = None
    labels: tuple[Label, ...] = ()
    survey: SurveyMove | None = None
    away_since: datetime | None = None
