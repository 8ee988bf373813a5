"""Work for the bot's workers, asked for in the transaction that the work belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from psycopg2.extensions import cursor as Cursor  # noqa: N812
from psycopg2.extras import Json

Task = Literal["answer", "send", "fetch_media", "read_document", "read_products"]

# What waits for a later attempt has less urgency than what is due: of two jobs of one thing, the one that was asked
# for first otherwise holds the other up, however far off its time is.
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
    """Ask for a job. `thing` is what it works on (`conversation 7`): jobs of one thing run one after another, and a
    task that already waits for its thing is not asked for twice. `due`: not before then."""
    values = {"task": task, "thing": thing, "arguments": Json(dict(arguments)), "due": due, "urgency": urgency}
    cursor.execute(_ENQUEUE, values)


def conversation(conversation_id: int) -> str:
    """The thing that everything in a conversation waits for."""
    return f"conversation {conversation_id}"
