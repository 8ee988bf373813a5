"""Conversations that wait for a person while the shop is closed, and those whose agent has gone home.

The bot goes on answering what it knows and says when people are back. What it does not know is theirs already, so it
does not hand over again: it says once per closed period when they are back, and is silent afterwards. A conversation
whose agent has gone home waits for any agent again, unless the messages need no reply.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.conversation import times
from bot.conversation.reasons import Reason
from bot.conversation.replies import say
from bot.conversation.types import Reply, Step
from bot.deciding import handover
from bot.deciding.situation import Situation, Verdict, passed
from bot.shop.profile import Shop
from warehouse.connection import read_sql

_SQL = Path(__file__).parent / "sql"
# Steps whose answers are certain. Questions back, thanks for a rating and courtesies would only be chatter.
_CERTAIN = ("stop_or_start", "assistant", "rules", "facts", "products", "knowledge")
# Agents often finish a conversation after closing time.
_STILL_THERE = timedelta(hours=1)


def applies(situation: Situation) -> bool:
    conversation = situation.conversation
    return conversation.state == "waiting" and conversation.is_bot_on and not situation.shop.is_open(situation.now)


def away_since(situation: Situation) -> datetime | None:
    """Since when the conversation's agent is away, None if they may still be there or nobody has it."""
    conversation, shop, now = situation.conversation, situation.shop, situation.now
    if conversation.state != "agent" or not conversation.is_bot_on or shop.is_open(now):
        return None
    left = last_attended(shop, now)
    return left if conversation.attended_at and conversation.attended_at < left else None


def last_attended(shop: Shop, now: datetime) -> datetime:
    """The time in a closed period until which an agent must have done something in a conversation to be still there."""
    return min(shop.closed_since(now), now - _STILL_THERE)


def is_left_to_people(verdicts: Sequence[Verdict]) -> bool:
    """Whether completed verdicts reply or leave the messages to people. Otherwise they need no reply."""
    return verdicts[-1].step.name == "guard" or any(verdict.replies for verdict in verdicts)


def guard(situation: Situation) -> Verdict:
    """Passes, unless the customer is angry: then they get no answers, only the time when people are back."""
    if situation.angry_words:
        return _left_to_people(situation, Reason.ANGER)
    return passed("guard", Reason.AFTER_HOURS)


def completed(situation: Situation, verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The verdicts without handovers and chatter. An answer ends with the time when people read the rest; without one,
    the messages are left to them, unless they need no reply."""
    if verdicts[-1].step.name == "guard":
        return list(verdicts)
    kept = [_kept(verdict) for verdict in verdicts]
    if any(verdict.replies for verdict in kept):
        last = max(place for place, verdict in enumerate(kept) if verdict.replies)
        kept[last] = _with_time(situation, kept[last])
        return kept
    if any(verdict.step.outcome == "silent" for verdict in kept):
        return kept
    return [*kept, _left_to_people(situation, Reason.WAITING)]


def _kept(verdict: Verdict) -> Verdict:
    step = verdict.step
    if not verdict.is_last or step.outcome == "silent":
        return verdict
    is_chatter = verdict.is_courtesy or step.reason == Reason.ASKED_BACK
    if step.name in _CERTAIN and step.outcome in ("answered", "refused") and not is_chatter:
        return verdict
    needs_reply = verdict.rating is None and step.details.get("needs_reply", True)
    silent = replace(step, outcome="passed" if needs_reply else "silent")
    return Verdict(silent, rating=verdict.rating, rest=verdict.rest)


def _with_time(situation: Situation, verdict: Verdict) -> Verdict:
    """The verdict with a line about when people read the messages."""
    *before, last = verdict.replies
    shop, language, now = situation.shop, situation.language, situation.now
    opening = shop.next_opening(now)
    if opening is None:
        line = say("team.reads_later", language)
    else:
        line = say("team.reads_at", language, when=times.back_at(opening, now, shop.zone, language))
    return replace(verdict, replies=(*before, replace(last, body=f"{last.body}\n\n{line}")))


def _left_to_people(situation: Situation, reason: Reason) -> Verdict:
    """Named `guard`, so that the messages count again if they are given back to the bot unanswered."""
    told = _is_told(situation)
    replies = () if told else (Reply("handover", handover.text(situation, "team.received")),)
    return Verdict(Step("guard", "silent", reason, {"told": told}), replies)


def _is_told(situation: Situation) -> bool:
    """Whether the customer was told in this closed period when people are back."""
    values = {
        "conversation_id": situation.conversation.conversation_id,
        "closed_since": situation.shop.closed_since(situation.now),
    }
    with situation.tools.connect() as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "is_told_when_back.sql"), values)
        row = cursor.fetchone()
    return bool(row and row[0])
