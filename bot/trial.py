"""Trial conversations: a customer writes, the bot decides as ever, and nothing is sent.

A turn is one transaction that is rolled back. It lands what was written so far, with the earlier decisions and replies,
for a customer who exists only in it; then the steps read the conversation from the database as they always do. Between
turns no transaction is open, so a trial delays neither migrations nor KPIs. Only calls of the language model are kept,
in `app.language_model_calls`: when, for what and how many tokens they used, without texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from psycopg2.extensions import connection as Connection  # noqa: N812
from psycopg2.extensions import cursor as Cursor  # noqa: N812

from bot.conversation import answering, thread
from bot.conversation.types import Conversation, Decision, Message
from bot.deciding import steps
from bot.delivery import sending
from bot.delivery.carriers import Sent
from bot.shop.instructions import Instructions
from bot.tools import Tools
from warehouse.connection import read_sql
from warehouse.twilio_shape import without_nul

_SQL = Path(__file__).parent / "sql"
# Messages and replies written at once keep their order.
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class Turn:
    """A burst of messages and its decision. `replies`: the messages that the customer would get, each a text or the
    address of a file or both; `replied_at`: the time of the first."""

    conversation: Conversation
    decision: Decision
    replies: tuple[str, ...]
    replied_at: datetime

    @property
    def is_opted_out(self) -> bool:
        """Whether the customer has opted out after this turn."""
        action = self.decision.action
        return self.conversation.is_opted_out if action is None else action == "stop"


class Trial:
    """A WhatsApp conversation with the bot of a shop, whether the bot is switched on or off. After a handover it goes
    on as if an agent had given it back.

    With `customer_key` the bot tells the orders of that customer, whose own conversation is neither read nor locked.
    `instructions` replace the shop's."""

    def __init__(
        self, tools: Tools, store_id: str, customer_key: str | None = None, instructions: Instructions | None = None
    ) -> None:
        self._tools = tools
        self._customer = {"store_id": store_id, "customer_key": uuid4().hex}
        self._orders_key = customer_key
        self._instructions = instructions
        self._turns: list[Turn] = []

    def say(self, texts: Sequence[str]) -> Turn:
        """The bot's turn after a burst of one or more texts."""
        with self._tools.connections.session() as connection:
            try:
                turn = self._turn(connection, texts)
            finally:
                connection.rollback()
        self._turns.append(turn)
        return turn

    def _turn(self, connection: Connection, texts: Sequence[str]) -> Turn:
        with connection.cursor() as cursor:
            for earlier in self._turns:
                self._repeat(cursor, earlier)
            now = datetime.now(UTC)
            messages = [
                Message("twilio", f"SM{uuid4().hex}", "customer", without_nul(text), now + place * _TICK)
                for place, text in enumerate(texts)
            ]
            conversation = thread.load(cursor, self._land(cursor, messages))
            asking = replace(conversation, customer_key=self._orders_key or conversation.customer_key)
            decision = steps.decide(asking, _tools_within(connection, self._tools), self._instructions)
            answering.write(cursor, conversation, decision)
            replied_at = datetime.now(UTC)
            replies = _send(cursor, conversation.conversation_id, replied_at)
        return Turn(conversation, decision, replies, replied_at)

    def _repeat(self, cursor: Cursor, turn: Turn) -> None:
        conversation = replace(turn.conversation, conversation_id=self._land(cursor, turn.conversation.burst))
        answering.write(cursor, conversation, turn.decision)
        _send(cursor, conversation.conversation_id, turn.replied_at)
        values = {"conversation_id": conversation.conversation_id, "at": turn.replied_at + _TICK * len(turn.replies)}
        cursor.execute(read_sql(_SQL / "give_back.sql"), values)

    def _land(self, cursor: Cursor, messages: Sequence[Message]) -> int:
        """Land a customer's messages, at least one, and return the id of the conversation."""
        for message in messages:
            values = {"message_id": message.id, "text": message.text, "at": message.occurred_at}
            cursor.execute(read_sql(_SQL / "land_customer_message.sql"), self._customer | values)
        cursor.execute(read_sql(_SQL / "conversation_of_customer.sql"), self._customer)
        row = cursor.fetchone()
        assert row
        return int(row[0])


def _send(cursor: Cursor, conversation_id: int, at: datetime) -> tuple[str, ...]:
    """Land the written replies as if they had been sent, and return what the customer would see."""
    seen: list[str] = []
    while (reply := sending.next_reply(cursor, conversation_id)) is not None:
        sending.land(cursor, reply, Sent(f"SM{uuid4().hex}", {}), at + len(seen) * _TICK)
        seen.append("\n".join(filter(None, (reply.body, reply.media_url))))
    return tuple(seen)


@dataclass(frozen=True, kw_only=True)
class _ToolsWithin(Tools):
    """Tools whose connections are all the one of a transaction. It stays open while a model is asked, since nobody
    else waits for a row of it."""

    connection: Connection

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """The connection; an error undoes what was done on it meanwhile, and the transaction can go on."""
        with self.connection.cursor() as cursor:
            cursor.execute("savepoint step")
            try:
                yield self.connection
            except BaseException:
                cursor.execute("rollback to savepoint step")
                raise
            cursor.execute("release savepoint step")


def _tools_within(connection: Connection, tools: Tools) -> _ToolsWithin:
    kept = {field.name: getattr(tools, field.name) for field in fields(tools) if field.init}
    return _ToolsWithin(**kept, connection=connection)
