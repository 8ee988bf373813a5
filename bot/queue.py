"""Queues jobs for the bot's workers, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from psycopg2.extensions import cursor as Cursor  # noqa: N812
from psycopg2.extras import Json

Task = Literal["answer", "send", "fetch_media", "read_document", "read_products", "import_reviews"]

# The priority of later attempts: of two jobs with one lock, the older one would otherwise block the other until its
# time.
LATER = -1

_ENQUEUE = "select queue.enqueue(%(task)s, %(thing)s, %(arguments)s, %(due)s, %(urgency)s)"


def enqueue(
    cursor: Cursor,
    task: Task,
    thing: str,
    arguments: Mapping[str, Any],
    due: datetime | None = None,
    urgency: int = 0,
) -> None:
    """Queue a job, not before `due`. Jobs with the same `thing`, such as `conversation 7`, run one after another, and a
    task that is already queued for its thing is not queued twice."""
    values = {"task": task, "thing": thing, "arguments": Json(dict(arguments)), "due": due, "urgency": urgency}
    cursor.execute(_ENQUEUE, values)


def enqueue_conversation(
    cursor: Cursor, task: Task, conversation_id: int, due: datetime | None = None, urgency: int = 0
) -> None:
    """Queue a job of a conversation."""
    arguments = {"conversation_id": conversation_id}
    enqueue(cursor, task, f"conversation {conversation_id}", arguments, due, urgency)
