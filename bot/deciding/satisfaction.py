"""Whether a customer is likely to leave dissatisfied, asked while the conversation goes on.

The paper hands over whom the model calls not satisfied or has a doubt about. Taken literally that is half of the
made-up shop's ended episodes, and 84 % of its conversations at the bot's first answer: one that has only begun is
unlike those that are over. So here:
- Nobody is judged for whom all went well so far: no turn repeated, the bot never without an answer. What the model then
  doubts is how it will go on.
- How long it will take, in minutes and messages, is not known, and left out of the distance.
- In doubt means that the neighbours do not agree (`divided`). `far` and `few` speak of the training rows, not of the
  customer: they are no reason.
- Who was handed over for this and given back is handed over again only if more went wrong since.

Measured on the made-up shop (1,191 ended episodes that its bot answered; 274 of them rated, 81 not satisfied; judged by
models that had not seen the customer): 5.5 % would be handed over, with 16 % of those not satisfied and 7 % of those
satisfied; without the moments at which the bot has no answer, when it hands over anyway, 0.9 %, with one of the 81.
What dissatisfies there mostly happens in the last turn. Without the first rule it were 15 %, and one in five of both.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Final

from psycopg2.extensions import cursor as Cursor  # noqa: N812

from bot.conversation import episode
from bot.conversation.episode import EpisodeSoFar
from bot.conversation.reasons import Reason
from bot.conversation.types import Conversation, Step
from ml.satisfaction import models, registry
from ml.satisfaction.comprehension import Turn, comprehension
from ml.satisfaction.episodes import Episode, commonest_issue
from ml.satisfaction.models import Model
from ml.satisfaction.neighbours import Verdict
from warehouse.connection import read_sql

_SQL = Path(__file__).parent / "sql"
_NAME: Final = "satisfaction"


def judge(cursor: Cursor, conversation: Conversation, more_fallbacks: int = 0) -> Step:
    """A step `satisfaction`: `handed_over` because the customer is `dissatisfied` or `in_doubt`, or `passed`; the
    details hold what was known of them and the neighbours that say why. `more_fallbacks`: what the decision at hand is
    about to say without an answer."""
    if not more_fallbacks and not any(message.author == "customer" for message in conversation.earlier):
        # Most conversations are as short as this, and what an episode is takes longer to find than all the rest.
        return Step(_NAME, "passed", Reason.GONE_WELL, {"turns": 1})
    so_far = episode.current(cursor, conversation.conversation_id)
    if not so_far.turns:
        return Step(_NAME, "passed", Reason.NOTHING_SAID)
    known = as_known(so_far, datetime.now(UTC), more_fallbacks)
    if has_gone_well(known):
        return Step(_NAME, "passed", Reason.GONE_WELL, {"turns": len(so_far.turns)})
    model = _in_use.model(cursor)
    verdict = model.judge_so_far(known)
    reason = reason_of(verdict)
    details = _details(known, so_far, model, verdict)
    if reason is Reason.SATISFIED:
        return Step(_NAME, "passed", reason, details)
    if reason is Reason.IN_DOUBT and not _is_handed_over_in_doubt(cursor, conversation.store_id):
        return Step(_NAME, "passed", Reason.DOUBT_IS_LEFT, details)
    if not _is_worse_than_before(cursor, conversation, so_far, known):
        return Step(_NAME, "passed", Reason.AS_BEFORE, details)
    return Step(_NAME, "handed_over", reason, details)


def has_gone_well(known: Episode) -> bool:
    """Whether the bot always had an answer, and no turn of the customer's says again what an earlier one said."""
    return not known.fallbacks and known.comprehension == 100


def reason_of(verdict: Verdict) -> Reason:
    """`dissatisfied` if most neighbours were, `in_doubt` if one of them was, else `satisfied`."""
    if not verdict.satisfied:
        return Reason.DISSATISFIED
    return Reason.IN_DOUBT if "divided" in verdict.doubts else Reason.SATISFIED


def as_known(so_far: EpisodeSoFar, now: datetime, more_fallbacks: int = 0) -> Episode:
    """The episode as the models know one, as if it ended `now`; nobody has rated it yet."""
    turns = so_far.turns
    first, last = so_far.messages[0].occurred_at, so_far.messages[-1].occurred_at
    waits = [((turn.replied_at or now) - turn.started_at).total_seconds() / 60 for turn in turns]
    understood = [Turn(turn.texts, turn.met_fallback) for turn in turns]
    if understood and more_fallbacks:
        understood[-1] = understood[-1]._replace(met_fallback=True)
    return Episode(
        id="",
        customer_key="",
        started_at=first,
        comprehension=comprehension(understood),
        rating=None,
        duration_minutes=(last - first).total_seconds() / 60,
        reply_minutes=max(sum(waits) / len(waits), 0) if waits else 0,
        messages=len(so_far.messages),
        fallbacks=so_far.fallbacks + more_fallbacks,
        issue=commonest_issue(message.issue for message in so_far.messages if message.issue),
    )


def _details(known: Episode, so_far: EpisodeSoFar, model: Model, verdict: Verdict) -> dict[str, object]:
    return {
        "model_version": model.version,
        "comprehension": None if known.comprehension is None else round(known.comprehension, 1),
        "fallbacks": known.fallbacks,
        "turns": len(so_far.turns),
        "satisfied_share": round(verdict.share, 2),
        "doubts": list(verdict.doubts),
        "neighbours": [
            {"episode": near.name, "distance": round(near.distance, 2), "satisfied": near.satisfied}
            for near in verdict.neighbours
        ],
    }


def _is_handed_over_in_doubt(cursor: Cursor, store_id: str) -> bool:
    cursor.execute(read_sql(_SQL / "is_handed_over_in_doubt.sql"), {"store_id": store_id})
    row = cursor.fetchone()
    return row is None or bool(row[0])


def _is_worse_than_before(cursor: Cursor, conversation: Conversation, so_far: EpisodeSoFar, known: Episode) -> bool:
    """Whether more went wrong since this episode was handed over for the same reason and given back, if it was."""
    values = {"conversation_id": conversation.conversation_id, "since": so_far.messages[0].occurred_at}
    cursor.execute(read_sql(_SQL / "handed_over_for_satisfaction.sql"), values)
    row = cursor.fetchone()
    if row is None:
        return True
    before: dict[str, float | None] = row[0]
    return known.fallbacks > (before.get("fallbacks") or 0) or _below(known.comprehension, before.get("comprehension"))


def _below(value: float | None, before: float | None) -> bool:
    return value is not None and before is not None and round(value, 1) < before


class _InUse:
    """The model in use, read again only when it is another: its rows are many, and every answer asks for it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: tuple[str | None, Model] | None = None

    def model(self, cursor: Cursor) -> Model:
        version = registry.version_in_use(cursor)
        with self._lock:
            kept = self._kept
        if kept and kept[0] == version:
            return kept[1]
        used = registry.in_use(cursor)
        model = used.model if used else models.paper()
        with self._lock:
            self._kept = (version, model)
        return model


_in_use = _InUse()
