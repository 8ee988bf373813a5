"""Plays dialogues with the bot as trial conversations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.conversation.types import Decision
from bot.tools import Tools
from bot.trial import Trial
from warehouse.identity import hash_key, phone_key


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


def in_trial(tools: Tools, store_id: str, phone: str | None = None) -> Player:
    """A trial conversation with a shop, of a customer with the orders of this number."""
    trial = Trial(tools, store_id, phone_key(phone, hash_key(tools.settings)) if phone else None)

    def play(texts: Sequence[str]) -> Answer:
        turn = trial.say(texts)
        return Answer(turn.replies, _steps(turn.decision), turn.decision.handover, turn.is_opted_out)

    return play


def _steps(decision: Decision) -> tuple[str, ...]:
    return tuple(f"{step.name}: {step.outcome} ({step.reason})" for step in decision.steps if step.outcome != "passed")
