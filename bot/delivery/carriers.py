"""What carries replies: what each is given, and what it can say of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple, Protocol

from bot.conversation.types import State


class Outgoing(NamedTuple):
    """A reply that is to leave, with what decides whether and where it may. `is_sending`: an earlier attempt ended
    without a word, so it may have left; `is_due`: it is time for the next attempt; `is_last`: no other is
    written after it."""

    reply_id: str
    conversation_id: int
    author: Literal["bot", "agent"]
    kind: str
    body: str | None
    media_url: str | None
    content_sid: str | None
    content_variables: dict[str, Any] | None
    answered: bool | None
    attempts: int
    sending_at: datetime | None
    is_sending: bool
    due_at: datetime
    is_due: bool
    is_last: bool
    store_id: str
    channel: str
    customer_key: str
    conversation_state: State
    address: str | None
    own_address: str | None
    is_window_open: bool
    is_opted_out: bool
    reply_url: str | None


@dataclass(frozen=True)
class Sent:
    """It left. `message_id` is the carrier's id of it, `record` what the carrier says of it."""

    message_id: str
    record: dict[str, Any]


@dataclass(frozen=True)
class Refused:
    """It will not be taken, today or tomorrow; `code` is the carrier's."""

    code: str


@dataclass(frozen=True)
class NotNow:
    """It was surely not taken, and may be later; `seconds` is how long the carrier asked to wait."""

    seconds: float | None = None


@dataclass(frozen=True)
class Unknown:
    """It may have been taken or not: there was no answer, or one that does not say."""


Outcome = Sent | Refused | NotNow | Unknown


class LookupFailed(Exception):
    """Whether a reply has left cannot be found out now."""


class Carrier(Protocol):
    """Takes replies of some channels. Thread-safe."""

    def send(self, outgoing: Outgoing) -> Outcome:
        """One attempt, within seconds."""

    def find(self, outgoing: Outgoing, message_id: str | None, known: frozenset[str]) -> Sent | None:
        """What became of an attempt that ended without a word: the message with `message_id` if that is known, else
        one that looks like the reply and is not among `known`. Raises LookupFailed."""
