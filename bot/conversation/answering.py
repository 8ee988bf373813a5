"""The job `answer`: decides about a customer's burst of messages, stores the decision in one transaction, and sends.

No transaction is open while models run. The decision is stored with the conversation locked; if messages or the state
have changed meanwhile, it is made again.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import structlog
from psycopg2.extensions import connection as Connection  # noqa: N812
from psycopg2.extensions import cursor as Cursor  # noqa: N812
from psycopg2.extras import Json, execute_values

from bot import queue
from bot.conversation import consent, lock, thread
from bot.conversation.reasons import Reason
from bot.conversation.types import TEST_CHANNEL, Conversation, Decision, Message
from bot.deciding import invitation, rating, steps
from bot.delivery import failing, replies, sending
from bot.services import Services
from ml.classifier import labels
from ml.classifier.predict import Label
from warehouse.connection import read_sql
from warehouse.pool import Pool

SQL = Path(__file__).parent / "sql"

MAX_WAIT = timedelta(seconds=15)  # for a customer who keeps writing
MAX_DECISIONS = 3  # per job
FORGOTTEN_AFTER = timedelta(days=2)  # of an agent's silence
_URGENCIES = ("low", "normal", "high")
log = structlog.get_logger()


def answer(services: Services, conversation_id: int) -> None:
    """Answer the unanswered messages of a conversation, or queue the job again for when the customer pauses."""
    with lock.take(services.connections, conversation_id, "answer") as connection:
        if connection is None:
            return
        try:
            if not _decide_and_write(services, connection, conversation_id):
                return
        except thread.UnknownConversation:
            return
        sending.send_written(connection, services.carriers, conversation_id)


def send(services: Services, conversation_id: int) -> None:
    """Handle the failed replies of a conversation, and send the written ones."""
    with lock.take(services.connections, conversation_id, "send") as connection:
        if connection is not None:
            failing.settle(connection, conversation_id)
            sending.send_written(connection, services.carriers, conversation_id)


def return_forgotten(connections: Pool) -> int:
    """Make conversations wait again that agents took over days ago without writing in them. Returns their number."""
    values = {"silent_since": datetime.now(UTC) - FORGOTTEN_AFTER, "reason": Reason.AGENT_SILENT}
    with connections.transaction() as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(SQL / "wait_again_unanswered.sql"), values)
        returned = cursor.rowcount
    if returned:
        log.info("conversations_wait_again", conversations=returned)
    return returned


def give_up(services: Services, conversation_id: int) -> None:
    """No decision can be made: a person has to answer."""
    with services.connections.transaction() as connection, connection.cursor() as cursor:
        failing.hand_over(cursor, conversation_id, Reason.BOT_FAILED)
        cursor.execute("select pg_notify('inbox', %(id)s)", {"id": str(conversation_id)})


def _decide_and_write(services: Services, connection: Connection, conversation_id: int) -> bool:
    """Whether replies may be sent now, which they may not while the customer is writing."""
    with connection, connection.cursor() as cursor:
        locked = thread.lock(cursor, conversation_id)
        conversation = thread.load(cursor, conversation_id)
        if not conversation.burst:
            return True
        _queue_media(cursor, conversation.burst)
        if due := _still_writing(conversation.burst, locked.pause_seconds):
            queue.enqueue_conversation(cursor, "answer", conversation_id, due)
            return False
        conversation = _hand_over_if_off(cursor, conversation, locked.is_bot_on)
        conversation = _wait_again_if_forgotten(cursor, conversation)
    if conversation.state == "bot":
        services.show_typing(conversation.channel, conversation.burst[-1].id)
    for attempt in range(1, MAX_DECISIONS + 1):
        decision = steps.decide(conversation, services.tools)
        with connection, connection.cursor() as cursor:
            state, undecided = thread.state_and_burst(cursor, conversation_id)
            is_same = undecided == [message.id for message in conversation.burst] or attempt == MAX_DECISIONS
            if is_same and state == conversation.state:
                write(cursor, conversation, decision)
                if conversation.has_more:
                    queue.enqueue_conversation(cursor, "answer", conversation_id)
                return True
            conversation = thread.load(cursor, conversation_id)
            if not conversation.burst:
                return True  # it was erased
            _queue_media(cursor, conversation.burst)
        log.info("decided_again", conversation=conversation_id, attempt=attempt)
    with connection, connection.cursor() as cursor:
        queue.enqueue_conversation(cursor, "answer", conversation_id)
    return False


def _still_writing(burst: tuple[Message, ...], pause_seconds: float) -> datetime | None:
    """When the customer will have paused long enough, None if they have. Times in the future count as now."""
    now = datetime.now(UTC)
    first, last = (min(message.occurred_at, now) for message in (burst[0], burst[-1]))
    due = min(last + timedelta(seconds=pause_seconds), first + MAX_WAIT)
    return due if due > now else None


def _hand_over_if_off(cursor: Cursor, conversation: Conversation, is_bot_on: bool) -> Conversation:
    if is_bot_on or conversation.state not in ("bot", "closed"):
        return conversation
    failing.hand_over(cursor, conversation.conversation_id, Reason.BOT_OFF)
    return replace(conversation, state="waiting")


def _wait_again_if_forgotten(cursor: Cursor, conversation: Conversation) -> Conversation:
    """If its agent has been silent for days, a conversation waits for any agent again."""
    if conversation.state != "agent":
        return conversation
    silent_since = datetime.now(UTC) - FORGOTTEN_AFTER
    if _wait_again(cursor, conversation.conversation_id, silent_since, Reason.AGENT_SILENT):
        return replace(conversation, state="waiting")
    return conversation


def _wait_again(cursor: Cursor, conversation_id: int, silent_since: datetime, reason: Reason) -> bool:
    """Let a conversation wait for any agent if its agent has been silent since a time. Whether it was so."""
    values = {"conversation_id": conversation_id, "silent_since": silent_since, "reason": reason}
    cursor.execute(read_sql(SQL / "wait_again.sql"), values)
    return cursor.fetchone() is not None


def write(cursor: Cursor, conversation: Conversation, decision: Decision) -> None:
    """Store a decision and everything that follows from it, in the transaction that locks the conversation."""
    conversation_id, burst = conversation.conversation_id, conversation.burst
    decision_id = uuid4()
    _write_steps(cursor, conversation, decision, decision_id)
    if conversation.channel != TEST_CHANNEL:
        keys = [(message.source, message.id) for message in burst]
        labels.save(cursor, dict(zip(keys, decision.labels, strict=False)))
    issue, urgency = _about(decision.labels)
    values = {
        "conversation_id": conversation_id,
        "language": decision.language,
        "issue": issue,
        "urgency": urgency,
        "first": burst[0].occurred_at,
        "until": burst[-1].occurred_at,
    }
    cursor.execute(read_sql(SQL / "note_decision.sql"), values)
    if decision.action:
        consent.note(cursor, conversation_id, is_out=decision.action == "stop")
    if decision.rating is not None:
        rating.note(cursor, conversation, decision.rating)
    if decision.survey:
        invitation.note(cursor, conversation, decision.survey, decision.language)
    for reply in decision.replies:
        replies.write(
            cursor, conversation_id, reply, decision_id=decision_id, own_address=conversation.burst[-1].own_address
        )
    if decision.away_since:
        _wait_again(cursor, conversation_id, decision.away_since, Reason.AGENT_AWAY)
    if decision.handover:
        failing.hand_over(cursor, conversation_id, decision.handover)
    log.info("decided", conversation=conversation_id, decision=str(decision_id), messages=len(burst),
             step=decision.steps[-1].name if decision.steps else None, handover=decision.handover)  # fmt: skip


def _write_steps(cursor: Cursor, conversation: Conversation, decision: Decision, decision_id: UUID) -> None:
    message_ids = [message.id for message in conversation.burst]
    rows = [
        (str(decision_id), number, conversation.conversation_id, step.name, step.outcome, step.reason,
         Json(dict(step.details)), decision.language, message_ids, step.milliseconds)
        for number, step in enumerate(decision.steps, start=1)
    ]  # fmt: skip
    execute_values(cursor, read_sql(SQL / "insert_decision.sql"), rows)


def _about(labels: tuple[Label, ...]) -> tuple[str | None, str | None]:
    """The burst's issue, which is the last one other than `other`, and its highest urgency."""
    if not labels:
        return None, None
    issues = [label.issue for label in labels if label.issue != "other"]
    return issues[-1] if issues else "other", max((label.urgency for label in labels), key=_URGENCIES.index)


def _queue_media(cursor: Cursor, burst: tuple[Message, ...]) -> None:
    """Queue the download of the messages' files, once."""
    for message in burst:
        new = False
        for file in message.media if message.source == "twilio" else ():
            values = {"message_sid": message.id, "position": file.position, "media_type": file.media_type}
            cursor.execute(read_sql(SQL / "insert_media.sql"), values)
            new = cursor.fetchone() is not None or new
        if new:
            queue.enqueue(cursor, "fetch_media", f"message {message.id}", {"message_sid": message.id})
