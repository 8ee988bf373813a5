"""Who waits for a reply, as the dashboards' live figures count it, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import psycopg2.extensions

from webhook.inbox import database
from webhook.inbox.conversations.places import Place


@dataclass(frozen=True)
class Waiting:
    """The waiting conversations, the longest wait first. `for_agents`: how many of them the bot will not answer."""

    since: dict[int, datetime]
    for_agents: int

    @property
    def count(self) -> int:
        return len(self.since)

    @cached_property
    def ids(self) -> list[int]:
        return list(self.since)

    def ids_after(self, place: Place | None) -> list[int]:
        """The ids after a place in the list of waiting conversations."""
        if place is None:
            return self.ids
        return [id_ for id_, at in self.since.items() if (at, id_) > (place.at, int(place.id))]

    def place(self, conversation_id: int) -> Place:
        """Where a conversation stands in the list."""
        return Place(self.since[conversation_id], str(conversation_id))


def read(connection: psycopg2.extensions.connection) -> Waiting:
    """The conversations of all shops in which a customer waits now."""
    rows = database.rows(connection, "waiting.sql")
    return Waiting({row.conversation_id: row.waits_since for row in rows}, sum(row.is_for_agents for row in rows))
