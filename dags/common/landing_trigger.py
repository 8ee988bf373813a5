"""Notices rows that landed in a raw table outside Airflow, by the webhook, and tells the table's asset."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg2
import psycopg2.extensions
import structlog
from airflow.triggers.base import BaseEventTrigger, TriggerEvent
from psycopg2 import sql

from warehouse.connection import connect, read_sql

SQL = Path(__file__).parent / "sql"
# When a row of the table was last written: the start of its transaction.
CHANGED_AT = {
    "raw.twilio_messages": "changed_at",
    "raw.twilio_statuses": "received_at",
    "raw.chatbot_events": "received_at",
}
# Transactions become visible later than they start; the longest (warehouse/roles.py) well within this.
OVERLAP = timedelta(minutes=10)

log = structlog.get_logger()


@dataclass(frozen=True)
class Mark:
    """What was seen of a table: how many rows since a time, and the sum of their times, in seconds."""

    since: datetime
    rows: int
    times: Decimal


class LandingTrigger(BaseEventTrigger):
    """Polls a raw table every `poll_seconds` and fires when rows were added or changed; after firing it rests for
    `rest_seconds`, so that a steady stream is one run now and then. Each poll reads some minutes of the table by its
    index on time. When it starts it fires if the table holds anything, since it cannot know what it slept through."""

    def __init__(self, table: str, poll_seconds: float = 5, rest_seconds: float = 20) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.table = table
        self.poll_seconds = poll_seconds
        self.rest_seconds = rest_seconds

    def serialize(self) -> tuple[str, dict[str, Any]]:
        kwargs = {"table": self.table, "poll_seconds": self.poll_seconds, "rest_seconds": self.rest_seconds}
        return "dags.common.landing_trigger.LandingTrigger", kwargs

    async def run(self) -> AsyncIterator[TriggerEvent]:
        mark: Mark | None = None
        while True:
            pause = self.poll_seconds
            try:
                has_landed, mark = await asyncio.to_thread(self.look, mark)
            except psycopg2.OperationalError as error:
                log.warning("landings_not_seen", table=self.table, error=type(error).__name__)
                has_landed = False
            if has_landed:
                yield TriggerEvent({"table": self.table})  # type: ignore[no-untyped-call]
                pause = self.rest_seconds
            await asyncio.sleep(pause)

    def look(self, mark: Mark | None) -> tuple[bool, Mark]:
        """Whether anything landed since `mark` (None: whether the table holds anything), and the next mark."""
        with connect("validator") as connection:
            rows, times, *following = self._ask(connection, "landed.sql", mark.since if mark else None)
            if mark is None:
                (has_landed,) = self._ask(connection, "holds_anything.sql", None)
            else:
                has_landed = (rows, times) != (mark.rows, mark.times)
        return has_landed, Mark(*following)

    def _ask(self, connection: psycopg2.extensions.connection, file: str, since: datetime | None) -> tuple[Any, ...]:
        query = sql.SQL(read_sql(SQL / file)).format(
            table=sql.Identifier(*self.table.split(".")), changed_at=sql.Identifier(CHANGED_AT[self.table])
        )
        with connection.cursor() as cursor:
            cursor.execute(query, {"since": since, "overlap": OVERLAP})
            row = cursor.fetchone()
        assert row is not None
        return row
