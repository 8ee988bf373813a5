"""Predicts during a conversation whether the customer will be dissatisfied, and hands over then.

The paper hands over every customer whom the model calls not satisfied or is in doubt about. That would be half of the
made-up shop's ended episodes, and 84 % of its conversations at the bot's first answer, since a conversation that has
only begun is unlike finished ones. So here:
- A conversation that has gone well so far (no repeated turn, no fallback) is not judged.
- Duration and number of messages are not final, and left out of the distance.
- Only `divided` neighbours count as doubt. `far` and `few` describe the training rows, not the customer.
- What went wrong before an agent gave the conversation back is settled. Only what went wrong since is judged.

Measured on the made-up shop (1,191 ended episodes answered by the bot; 274 rated, 81 of them not satisfied; judged by
models that had not seen the customer): 5.5 % would be handed over, with 16 % of those not satisfied and 7 % of those
satisfied; without fallbacks, which hand over anyway, 0.9 % with one of the 81, since what dissatisfies mostly happens
in the last turn. Without the first rule it would be 15 %, with one in five of both.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
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


def judge(cursor: Cursor, conversation: Conversation) -> Step:
    """The step `satisfaction`: `handed_over` for `dissatisfied` or `in_doubt`, or `passed`; the details hold the
    model's input and neighbours."""
    if not any(message.author == "customer" for message in conversation.earlier):
        # Most conversations are this short, and reading the episode is the slowest part.
        return Step(_NAME, "passed", Reason.GONE_WELL, {"turns": 1})
    so_far = episode.current(cursor, conversation.conversation_id)
    if not so_far.turns:
        return Step(_NAME, "passed", Reason.NOTHING_SAID)
    known = as_known(so_far, datetime.now(UTC))
    if has_gone_well(known):
        return Step(_NAME, "passed", Reason.GONE_WELL, {"turns": len(so_far.turns)})
    if _has_gone_well_since_given_back(cursor, conversation, so_far):
        return Step(_NAME, "passed", Reason.SETTLED, {"turns": len(so_far.turns)})
    model = _model_in_use(cursor)
    verdict = model.judge_so_far(known)
    reason = reason_of(verdict)
    details = _details(known, so_far, model, verdict)
    if reason is Reason.SATISFIED:
        return Step(_NAME, "passed", reason, details)
    if reason is Reason.IN_DOUBT and not _is_handed_over_in_doubt(cursor, conversation.store_id):
        return Step(_NAME, "passed", Reason.DOUBT_IS_LEFT, details)
    return Step(_NAME, "handed_over", reason, details)


def has_gone_well(known: Episode) -> bool:
    """Whether there was no fallback and no repeated turn."""
    return not known.fallbacks and known.comprehension == 100


def reason_of(verdict: Verdict) -> Reason:
    """Dissatisfied if most neighbours were, in doubt if one was, else satisfied."""
    if not verdict.satisfied:
        return Reason.DISSATISFIED
    return Reason.IN_DOUBT if "divided" in verdict.doubts else Reason.SATISFIED


def as_known(so_far: EpisodeSoFar, now: datetime) -> Episode:
    """The episode as the models' input, as if it ended `now`."""
    turns = so_far.turns
    first, last = so_far.messages[0].occurred_at, so_far.messages[-1].occurred_at
    waits = [((turn.replied_at or now) - turn.started_at).total_seconds() / 60 for turn in turns]
    return Episode(
        id="",
        customer_key="",
        started_at=first,
        comprehension=comprehension([Turn(turn.texts, turn.met_fallback) for turn in turns]),
        rating=None,
        duration_minutes=(last - first).total_seconds() / 60,
        reply_minutes=max(sum(waits) / len(waits), 0) if waits else 0,
        messages=len(so_far.messages),
        fallbacks=so_far.fallbacks,
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


def _has_gone_well_since_given_back(cursor: Cursor, conversation: Conversation, so_far: EpisodeSoFar) -> bool:
    cursor.execute(read_sql(_SQL / "given_back_at.sql"), {"conversation_id": conversation.conversation_id})
    (given_back_at,) = cursor.fetchone() or (None,)
    if given_back_at is None:
        return False
    understood = [Turn(turn.texts, turn.met_fallback) for turn in so_far.turns if turn.started_at > given_back_at]
    return comprehension(understood) in (None, 100)


_models: dict[str | None, Model] = {}
"""The model in use by its version: it is large, and needed for every answer."""


def _model_in_use(cursor: Cursor) -> Model:
    version = registry.version_in_use(cursor)
    model = _models.get(version)
    if model is None:
        used = registry.in_use(cursor)
        model = used.model if used else models.paper()
        _models.clear()
        _models[version] = model
    return model
