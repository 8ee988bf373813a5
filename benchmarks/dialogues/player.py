"""Plays dialogues through the bot's decision path in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Literal

from bot.conversation.thread import MAX_EARLIER
from bot.conversation.types import Conversation, Decision, Message
from bot.deciding.steps import decide
from bot.tools import Tools
from warehouse.i18n import Language
from warehouse.identity import hash_key, phone_key

# Ids that no conversation and no customer has.
_NO_CONVERSATION = 0
_NO_CUSTOMER = ""


@dataclass(frozen=True)
class Answer:
    """What came of a burst. `steps` are those that did not pass, as name and outcome; `handover` is its reason, or
    None; `opted_out`: whether the customer is, after it."""

    replies: tuple[str, ...]
    steps: tuple[str, ...] = ()
    handover: str | None = None
    opted_out: bool = False


Player = Callable[[Sequence[str]], Answer]
"""Takes the texts of a burst, in order, and remembers the conversation."""


@dataclass
class InMemory:
    """A customer's conversation with a shop, one decision after another. Whoever it is handed over to gives it back
    before the next burst."""

    tools: Tools
    store_id: str
    phone: str | None = None
    _language: Language | None = None
    _earlier: list[Message] = field(default_factory=list)
    _opted_out: bool = False
    _ids: Iterator[int] = field(default_factory=count)

    def __call__(self, texts: Sequence[str]) -> Answer:
        burst = tuple(self._message("customer", text) for text in texts)
        decision = decide(self._conversation(burst), self.tools)
        replies = tuple(reply.body for reply in decision.replies if reply.body)
        self._earlier += [*burst, *(self._message("bot", text) for text in replies)]
        self._language = decision.language
        if decision.action:
            self._opted_out = decision.action == "stop"
        return Answer(replies, _steps(decision), decision.handover, self._opted_out)

    def _conversation(self, burst: tuple[Message, ...]) -> Conversation:
        settings = self.tools.settings
        return Conversation(
            conversation_id=_NO_CONVERSATION,
            store_id=self.store_id,
            channel="whatsapp",
            customer_key=phone_key(self.phone, hash_key(settings)) if self.phone else _NO_CUSTOMER,
            name=None,
            state="bot",
            language=self._language,
            burst=burst,
            earlier=tuple(self._earlier[-MAX_EARLIER:]),
            is_opted_out=self._opted_out,
        )

    def _message(self, author: Literal["customer", "bot"], text: str) -> Message:
        return Message("twilio", f"dialogue-{next(self._ids)}", author, text, datetime.now(UTC))


def _steps(decision: Decision) -> tuple[str, ...]:
    return tuple(f"{step.name}: {step.outcome} ({step.reason})" for step in decision.steps if step.outcome != "passed")
