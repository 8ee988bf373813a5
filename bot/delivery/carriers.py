"""The interface of carriers, which deliver replies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple, Protocol

from bot.conversation.types import TEST_CHANNEL, State


class Outgoing(NamedTuple):
    """A reply to send, with what decides whether and where. `is_sending`: an earlier attempt had no result, so it may
    have been sent; `is_due`: it is time for the next attempt; `is_last`: no other reply follows."""

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

    @property
    def is_test(self) -> bool:
        return self.channel == TEST_CHANNEL


@dataclass(frozen=True)
class Sent:
    """It was accepted. `message_id` and `record` are the carrier's."""

    message_id: str
    record: dict[str, Any]


@dataclass(frozen=True)
class Refused:
    """It will never be accepted; `code` is the carrier's."""

    code: str


@dataclass(frozen=True)
class NotNow:
    """It was certainly not accepted, but may be later; `seconds` is how long the carrier asked to wait."""

    seconds: float | None = None


@dataclass(frozen=True)
class Unknown:
    """It may have been accepted: there was no answer, or an unclear one."""


Outcome = Sent | Refused | NotNow | Unknown


class LookupFailed(Exception):
    """The carrier cannot be asked now whether a reply was sent."""


class Carrier(Protocol):
    """Sends replies on some channels. Thread-safe."""

    def send(self, outgoing: Outgoing) -> Outcome:
        """One attempt, which takes seconds at most."""

    def find(self, outgoing: Outgoing, message_id: str | None, known: frozenset[str]) -> Sent | None:
        """The result of an attempt without one: the message with `message_id` if that is known, else one that looks
        like the reply and is not among `known`; None if there is none. Raises LookupFailed."""
