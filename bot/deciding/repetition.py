"""Limits on the bot's answers, so that it does not exchange messages with another bot endlessly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.conversation.reasons import Reason
from bot.conversation.types import Outcome, Step
from bot.deciding.situation import Situation, Verdict
from warehouse.connection import read_sql

_SQL = Path(__file__).parent / "sql"
# Within an hour.
MOST_REPLIES = 20
MOST_REPEATS = 2
_SPAN = timedelta(hours=1)
_BOUNDED = ("answer", "fallback")


def bounded(situation: Situation, verdicts: list[Verdict]) -> list[Verdict]:
    """The verdicts, without their answers if the bot has given too many within an hour, or the same one to the same
    text too often. Then an agent takes over, unless the customer asks nothing."""
    answers = [reply.body for verdict in verdicts for reply in verdict.replies if reply.kind in _BOUNDED]
    if not answers:
        return verdicts
    asked = situation.conversation.text
    is_same = _times_said(situation, "customer", asked) >= MOST_REPEATS
    if is_same and all(_times_said(situation, "bot", body) >= MOST_REPEATS for body in answers):
        reason, is_asked = Reason.REPEATED, any(request.asks for request in situation.requests)
    elif _replies(situation) >= MOST_REPLIES:
        reason, is_asked = Reason.TOO_MANY_REPLIES, True
    else:
        return verdicts
    return [*map(_muted, verdicts), _ended(situation, reason, is_asked, verdicts)]


def _ended(situation: Situation, reason: Reason, is_asked: bool, verdicts: Sequence[Verdict]) -> Verdict:
    is_free = situation.conversation.state in ("bot", "closed")
    if is_free and is_asked and not any(verdict.handover for verdict in verdicts):
        return Verdict(Step("repetition", "handed_over", reason), handover=reason)
    return Verdict(Step("repetition", "silent", reason))


def _muted(verdict: Verdict) -> Verdict:
    kept = tuple(reply for reply in verdict.replies if reply.kind not in _BOUNDED)
    if len(kept) == len(verdict.replies):
        return verdict
    outcome: Outcome = "handed_over" if verdict.handover else "passed"
    return replace(verdict, step=replace(verdict.step, outcome=outcome), replies=kept)


def _times_said(situation: Situation, author: str, text: str | None) -> int:
    since, said = situation.now - _SPAN, _folded(text)
    earlier = [each for each in situation.conversation.earlier if each.author == author and each.occurred_at > since]
    return sum(_folded(each.text) == said for each in earlier)


def _folded(text: str | None) -> str:
    return " ".join((text or "").casefold().split())


def _replies(situation: Situation) -> int:
    values = {"conversation_id": situation.conversation.conversation_id, "since": situation.now - _SPAN}
    with situation.tools.connect() as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "recent_replies.sql"), values)
        row = cursor.fetchone()
    return int(row[0]) if row else 0
