"""The current episode of a conversation, by the same SQL as the KPIs (`warehouse/shared_sql`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any, Literal, NamedTuple

from psycopg2.extensions import cursor as Cursor  # noqa: N812

from warehouse import shared_sql

_QUERY = Path(__file__).parent / "sql" / "current_episode.sql"
_LANDED = "infinity"  # a sender's clock may be ahead of ours
_ALWAYS = "-infinity"


class EpisodeMessage(NamedTuple):
    """A message of the episode. `source` and `id` are as in `ml.message_labels`, or `reply` and the id of an unsent
    reply; `turn` counts the customer's turns from 0, None before the first; `is_fallback`: the bot said that it had no
    answer; `needs_reply` is False for messages such as a thumbs-up; `issue`: the label of a customer's message."""

    source: Literal["twilio", "chatbot", "reply"]
    id: str
    author: Literal["customer", "bot", "agent"]
    text: str | None
    occurred_at: datetime
    is_failed: bool
    is_fallback: bool
    needs_reply: bool
    turn: int | None
    issue: str | None

    @property
    def counts(self) -> bool:
        """Whether it needs a reply, or is a reply that did not fail."""
        return self.needs_reply if self.author == "customer" else not self.is_failed


@dataclass(frozen=True)
class TurnSoFar:
    """The customer's messages until the next reply, the time of that reply if any, and whether it was a fallback."""

    started_at: datetime
    texts: tuple[str, ...]
    replied_at: datetime | None
    met_fallback: bool


@dataclass(frozen=True)
class EpisodeSoFar:
    """The latest episode with failed messages; empty before the first message. `episodes`: the number of episodes so
    far in which the customer wrote, as KPIs count them."""

    messages: tuple[EpisodeMessage, ...] = ()
    episodes: int = 0

    @property
    def fallbacks(self) -> int:
        """The number of the bot's fallback messages."""
        return sum(message.is_fallback for message in self.messages)

    @property
    def turns(self) -> tuple[TurnSoFar, ...]:
        """The customer's turns, in order."""
        counted = [message for message in self.messages if message.turn is not None and message.counts]
        return tuple(_turn(list(messages)) for _, messages in groupby(counted, key=lambda message: message.turn))

    @property
    def is_waiting(self) -> bool:
        """Whether the customer's last message that needs a reply has none."""
        counted = [message for message in self.messages if message.counts]
        return bool(counted) and counted[-1].author == "customer"


def current(cursor: Cursor, conversation_id: int, since: datetime | None = None) -> EpisodeSoFar:
    """The latest episode of a conversation with its landed messages and unsent replies. `since`: ignore older ones."""
    values = {"conversation_id": conversation_id, "as_of": _LANDED, "since": since or _ALWAYS}
    cursor.execute(shared_sql.render(_QUERY), values)
    names = [column.name for column in cursor.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    episodes = rows[0]["episodes"] if rows else 0
    return EpisodeSoFar(tuple(_messages(rows)), episodes)


def _messages(rows: Sequence[dict[str, Any]]) -> Iterator[EpisodeMessage]:
    turns: dict[object, int] = {0: -1}
    for row in rows:
        if row["event_type"] == "message":
            turn = turns.setdefault(row["turn_position"], len(turns) - 1)
            yield EpisodeMessage(
                source=row["source"],
                id=str(row["event_id"]),
                author=row["author"],
                text=row["text"],
                occurred_at=row["occurred_at"],
                is_failed=bool(row["is_failed"]),
                is_fallback=row["author"] == "bot" and row["is_answered"] is False,
                needs_reply=row["needs_reply"] is True,
                turn=None if turn < 0 else turn,
                issue=row["issue"],
            )


def _turn(messages: Sequence[EpisodeMessage]) -> TurnSoFar:
    replies = [message for message in messages if message.author != "customer"]
    return TurnSoFar(
        started_at=messages[0].occurred_at,
        texts=tuple(message.text for message in messages if message.author == "customer" and message.text),
        replied_at=replies[0].occurred_at if replies else None,
        met_fallback=any(message.is_fallback for message in replies),
    )
