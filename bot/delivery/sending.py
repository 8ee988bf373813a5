"""Sends the replies of a conversation in order, each once.

A reply is marked `sending`, and that is committed, before the carrier is called. If there is no result, the next
attempt first asks the carrier whether it was sent (`bot.delivery.reconciling`). Callers hold the conversation's lock
(`bot.conversation.lock.take`), so attempts never run concurrently.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from psycopg2.extensions import connection as Connection  # noqa: N812
from psycopg2.extensions import cursor as Cursor  # noqa: N812
from psycopg2.extras import Json

from bot import queue
from bot.conversation.reasons import Undelivered
from bot.delivery import failing, reconciling
from bot.delivery.carriers import Carrier, LookupFailed, Outcome, Outgoing, Refused, Sent, Unknown
from bot.delivery.nowhere import Nowhere
from warehouse.connection import read_sql
from warehouse.twilio_shape import payload_hash, without_nul

SQL = Path(__file__).parent / "sql"

# With pauses of 2, 4, 8 … seconds, ten minutes in all; then an agent takes over.
MAX_ATTEMPTS = 9
MAX_PAUSE = 300.0
# After this time the attempt of a dead worker is either in the carrier's list or was never accepted.
SILENCE_SECONDS = 15.0
NO_CARRIER_SECONDS = 60.0
SOON_SECONDS = 20.0

log = structlog.get_logger()


@dataclass(frozen=True)
class Carriers:
    """`twilio` is None without an account; replies then wait."""

    twilio: Carrier | None
    channels: Carrier

    def of(self, outgoing: Outgoing) -> Carrier | None:
        if outgoing.is_test:
            return Nowhere()
        return self.channels if outgoing.reply_url else self.twilio


def send_written(connection: Connection, carriers: Carriers, conversation_id: int) -> None:
    """Send replies until none is left or one has to wait, for which a job is queued."""
    while (outgoing := _next(connection, conversation_id)) is not None:
        if not _is_done(connection, carriers, outgoing) or outgoing.is_last:
            return


def _is_done(connection: Connection, carriers: Carriers, outgoing: Outgoing) -> bool:
    """Attempt a reply. Returns whether it was sent or never will be, so that the next one may follow."""
    if reason := _why_not(outgoing):
        _give_up(connection, outgoing, *reason)
        return True
    carrier = carriers.of(outgoing)
    if carrier is None:
        _put_off(connection, outgoing, "written", NO_CARRIER_SECONDS)
        return False
    return _settle(connection, *_attempt(connection, carrier, outgoing))


def _next(connection: Connection, conversation_id: int) -> Outgoing | None:
    """The next reply if it is due; otherwise a job for that time is queued."""
    with connection, connection.cursor() as cursor:
        outgoing = next_reply(cursor, conversation_id)
        if outgoing is None:
            return None
        if outgoing.is_due or (outgoing.is_sending and reconciling.called_back(cursor, outgoing)):
            return outgoing
        _queue_later(cursor, conversation_id, outgoing.due_at)
    return None


def next_reply(cursor: Cursor, conversation_id: int) -> Outgoing | None:
    """The first unsent reply of a conversation, locked, due or not."""
    values = {"conversation_id": conversation_id, "silence_seconds": SILENCE_SECONDS}
    cursor.execute(read_sql(SQL / "next_reply.sql"), values)
    row = cursor.fetchone()
    return Outgoing(*row) if row else None


def _why_not(outgoing: Outgoing) -> tuple[str, Undelivered] | None:
    """The state and reason of a reply that must not be sent, or None."""
    if outgoing.is_sending:
        return None  # it may have been sent, so ask the carrier first
    if outgoing.author == "bot" and outgoing.conversation_state == "agent":
        return "dropped", Undelivered.TAKEN_OVER
    if outgoing.is_opted_out and outgoing.kind in failing.UNASKED:
        return "dropped", Undelivered.OPTED_OUT
    if not outgoing.address and not outgoing.reply_url and not outgoing.is_test:
        return "dead", Undelivered.NO_ADDRESS
    if not outgoing.is_window_open and not outgoing.content_sid:
        return "dropped" if outgoing.kind in failing.UNASKED else "dead", Undelivered.WINDOW_CLOSED
    return None


def _attempt(connection: Connection, carrier: Carrier, outgoing: Outgoing) -> tuple[Outgoing, Outcome]:
    """Attempt a reply; returns its new state and the outcome. One that may have been sent is first looked up."""
    tried = outgoing._replace(attempts=outgoing.attempts + 1)
    if outgoing.is_sending:
        try:
            if found := reconciling.look_for(connection, carrier, outgoing):
                return tried, found
        except LookupFailed:
            return tried, Unknown()
    tried = tried._replace(sending_at=datetime.now(UTC), is_sending=False)
    with connection, connection.cursor() as cursor:
        cursor.execute("set local synchronous_commit = on")
        _set(cursor, tried, state="sending", attempts=tried.attempts, sending_at=tried.sending_at)
    return tried, carrier.send(tried)


def _settle(connection: Connection, outgoing: Outgoing, outcome: Outcome) -> bool:
    """Store the outcome of an attempt; returns whether the next reply may follow."""
    if isinstance(outcome, Sent):
        _landed(connection, outgoing, outcome)
        return True
    if isinstance(outcome, Refused):
        _give_up(connection, outgoing, "dead", outcome.code)
        return True
    if outgoing.attempts >= MAX_ATTEMPTS:
        _give_up(connection, outgoing, "dead", Undelivered.NOT_DELIVERED)
        return True
    if isinstance(outcome, Unknown):
        _put_off(connection, outgoing, "sending", max(_pause(outgoing), SILENCE_SECONDS))
    else:
        _put_off(connection, outgoing, "written", max(_pause(outgoing), outcome.seconds or 0))
    return False


def _pause(outgoing: Outgoing) -> float:
    return min(2.0**outgoing.attempts, MAX_PAUSE)


def _put_off(connection: Connection, outgoing: Outgoing, state: str, seconds: float) -> None:
    due = datetime.now(UTC) + timedelta(seconds=seconds)
    log.warning("reply_put_off", reply=outgoing.reply_id, attempts=outgoing.attempts, seconds=seconds, state=state)
    with connection, connection.cursor() as cursor:
        _set(cursor, outgoing, state=state, next_attempt_at=due, attempts=outgoing.attempts)
        _queue_later(cursor, outgoing.conversation_id, due)


def _give_up(connection: Connection, outgoing: Outgoing, state: str, reason: str) -> None:
    """Mark a reply as not sent, and hand over if the customer waits for it."""
    log.warning("reply_given_up", reply=outgoing.reply_id, state=state, reason=reason)
    with connection, connection.cursor() as cursor:
        if state == "dead":
            state = failing.follow_up(cursor, outgoing.conversation_id, outgoing.reply_id, outgoing.kind, reason)
        _set(cursor, outgoing, state=state, error_code=reason)


def _landed(connection: Connection, outgoing: Outgoing, sent: Sent) -> None:
    with connection, connection.cursor() as cursor:
        land(cursor, outgoing, sent, datetime.now(UTC))
    log.info("reply_sent", reply=outgoing.reply_id, message=sent.message_id, attempts=outgoing.attempts)


def land(cursor: Cursor, outgoing: Outgoing, sent: Sent, at: datetime) -> None:
    """Land a reply that was sent `at` a time as a message of its author."""
    record = without_nul(sent.record)
    values = {
        **outgoing._asdict(),
        "message_id": sent.message_id,
        "account_sid": record.get("account_sid"),
        "record": Json(record),
        "hash": payload_hash(record),
        "at": at,
    }
    _set(cursor, outgoing, state="sent", message_sid=sent.message_id, sent_at=at)
    cursor.execute(read_sql(SQL / _landing(outgoing)), values)


def _landing(outgoing: Outgoing) -> str:
    if outgoing.is_test:
        return "land_test_reply.sql"
    return "land_event_reply.sql" if outgoing.reply_url else "land_twilio_reply.sql"


def _queue_later(cursor: Cursor, conversation_id: int, due: datetime) -> None:
    """A short wait keeps its priority, so that nothing else of the conversation is sent before; a long one does not."""
    is_far_off = due > datetime.now(UTC) + timedelta(seconds=SOON_SECONDS)
    queue.enqueue_conversation(cursor, "send", conversation_id, due, queue.LATER if is_far_off else 0)


def _set(cursor: Cursor, outgoing: Outgoing, **changes: Any) -> None:
    values = dict.fromkeys(("attempts", "sending_at", "next_attempt_at", "sent_at", "message_sid", "error_code"))
    cursor.execute(read_sql(SQL / "update_reply.sql"), {**values, **changes, "reply_id": outgoing.reply_id})
