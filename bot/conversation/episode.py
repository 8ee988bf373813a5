"""The episode that a conversation is in, by the SQL that the KPIs count it with (`warehouse/shared_sql`)."""

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
_LANDED = "infinity"  # a sender's clock may be ahead of ours, and what has landed has happened
_ALWAYS = "-infinity"


class Said(NamedTuple):
    """A message of the episode. `source` and `id` as in `ml.message_labels`, or `reply` and the id of a reply that is
    written and not sent yet; `turn` numbers the customer's turns from 0, None before the first; `is_fallback`: the bot
    said that it had no answer; `needs_reply`: False for a customer's message that asks for nothing, such as a thumb up;
    `issue` of a customer's labelled message."""

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
        """Whether it is a question or a reply: it did not fail, and is nothing that needs no reply."""
        return self.needs_reply if self.author == "customer" else not self.is_failed


@dataclass(frozen=True)
class TurnSoFar:
    """What the customer said until the next reply, when that came (None: it did not yet), and whether the bot then
    said that it had no answer."""

    started_at: datetime
    texts: tuple[str, ...]
    replied_at: datetime | None
    met_fallback: bool


@dataclass(frozen=True)
class EpisodeSoFar:
    """The latest episode, failed messages included; empty before the first message. `episodes`: how many the
    conversation had with it, counted like the KPIs' only where the customer wrote."""

    messages: tuple[Said, ...] = ()
    episodes: int = 0

    @property
    def fallbacks(self) -> int:
        """How often the bot said that it had no answer."""
        return sum(message.is_fallback for message in self.messages)

    @property
    def turns(self) -> tuple[TurnSoFar, ...]:
        """The customer's turns, in order."""
        heard = [message for message in self.messages if message.turn is not None and message.counts]
        return tuple(_turn(list(said)) for _, said in groupby(heard, key=lambda message: message.turn))

    @property
    def is_waiting(self) -> bool:
        """Whether the customer's last message that needs a reply has none."""
        heard = [message for message in self.messages if message.counts]
        return bool(heard) and heard[-1].author == "customer"


def current(cursor: Cursor, conversation_id: int, since: datetime | None = None) -> EpisodeSoFar:
    """The latest episode of a conversation, with what landed of it and what is written and not sent yet. With `since`
    nothing older is read, and counted."""
    values = {"conversation_id": conversation_id, "as_of": _LANDED, "since": since or _ALWAYS}
    cursor.execute(shared_sql.render(_QUERY), values)
    names = [column.name for column in cursor.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    episodes = rows[0]["episodes"] if rows else 0
    return EpisodeSoFar(tuple(_said(rows)), episodes)


def _said(rows: Sequence[dict[str, Any]]) -> Iterator[Said]:
    turns: dict[object, int] = {0: -1}
    for row in rows:
        if row["event_type"] == "message":
            turn = turns.setdefault(row["turn_position"], len(turns) - 1)
            yield Said(
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


def _turn(said: Sequence[Said]) -> TurnSoFar:
    replies = [message for message in said if message.author != "customer"]
    return TurnSoFar(
        started_at=said[0].occurred_at,
        texts=tuple(message.text for message in said if message.author == "customer" and message.text),
        replied_at=replies[0].occurred_at if replies else None,
        met_fallback=any(message.is_fallback for message in replies),
    )
