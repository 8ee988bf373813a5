"""What the bot's parts tell each other: a conversation as it stands, and what was decided."""

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
    "understood", "guard", "stop_or_start", "rating", "media", "wordless", "handover", "rules", "facts", "knowledge",
    "fallback", "satisfaction",
]  # fmt: skip
Outcome = Literal["answered", "passed", "refused", "failed", "handed_over", "silent"]
Kind = Literal["answer", "fallback", "handover", "rating_request", "thanks", "notice"]
Action = Literal["stop", "start"]

# Channels whose sender the network vouches for; what a web chat says of its visitor's number is only said.
VERIFIED_CHANNELS = frozenset({"whatsapp", "sms"})


class Media(NamedTuple):
    """A file that came with a message, by its place among the message's files."""

    position: int
    media_type: str
    url: str


@dataclass(frozen=True)
class Message:
    """A message of a thread; `source` and `id` as in `ml.message_labels`, `button` the payload of a pressed button."""

    source: Literal["twilio", "chatbot"]
    id: str
    author: Literal["customer", "bot", "agent"]
    text: str
    occurred_at: datetime
    media: tuple[Media, ...] = ()
    button: str | None = None


@dataclass(frozen=True)
class Conversation:
    """A thread as it stands when it is looked at. `burst`: what the customer wrote since the last answer, in order;
    `earlier`: the newest messages of the day before it; `language`: that of the last decision, None at first."""

    conversation_id: int
    store_id: str
    channel: str
    customer_key: str
    name: str | None
    state: State
    language: Language | None
    burst: tuple[Message, ...]
    earlier: tuple[Message, ...] = ()
    is_opted_out: bool = False

    @property
    def is_verified(self) -> bool:
        """Whether the customer's key is that of a number from which the message really came."""
        return self.channel in VERIFIED_CHANNELS

    @property
    def text(self) -> str:
        """What the customer wrote in one go, a message a line."""
        return "\n".join(message.text for message in self.burst if message.text)


@dataclass(frozen=True)
class Step:
    """One step of a decision, as `app.bot_decisions` keeps it. `reason` is a word for filters, `details` what shows
    why: ids of rules, orders, passages, neighbours; never the customer's words."""

    name: StepName
    outcome: Outcome
    reason: Reason | Intent | ErrorKind
    details: Mapping[str, Any] = field(default_factory=dict)
    milliseconds: float = 0.0


@dataclass(frozen=True)
class Reply:
    """A reply that is to leave. `answered`: False if the bot had no answer, None where that is no question."""

    kind: Kind
    body: str | None
    answered: bool | None = None
    media_url: str | None = None


@dataclass(frozen=True)
class Decision:
    """What is to happen: `handover` is the reason for a person to take over, None for none; `labels` are of the
    burst's messages, in order, empty where no model is in use; `rating` is one that the customer gave."""

    language: Language
    steps: tuple[Step, ...]
    replies: tuple[Reply, ...] = ()
    handover: Reason | Intent | None = None
    action: Action | None = None
    rating: int | None = None
    labels: tuple[Label, ...] = ()
