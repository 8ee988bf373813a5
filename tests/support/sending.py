"""Writes and sends replies as the bot's jobs do."""

from __future__ import annotations

from typing import Any

from benchmarks.bot_stage import Stage
from bot.conversation import answering
from bot.delivery import replies


def write(stage: Stage, customer: str, body: str | None = "Sudah dikirim.", **fields: Any) -> int:
    conversation_id = stage.conversation(customer)
    with stage.services.connections.transaction() as connection, connection.cursor() as cursor:
        replies.write(cursor, conversation_id, {"kind": "answer", "body": body, **fields})
    return conversation_id


def send(stage: Stage, conversation_id: int) -> None:
    """What the job does, here: whatever waits is due."""
    stage.query("update app.replies set next_attempt_at = now() - interval '1 s' where next_attempt_at is not null")
    answering.send(stage.services, conversation_id)


def states(stage: Stage, conversation_id: int) -> list[tuple[str, str | None]]:
    return stage.query(
        "select state, error_code from app.replies where conversation_id = %s order by sequence", conversation_id
    )
