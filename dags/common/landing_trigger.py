"""Fires asset events for rows that the webhook wrote into a raw table outside Airflow."""

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
# The column with the time of the last write: the start of its transaction.
CHANGED_AT = {
    "raw.twilio_messages": "changed_at",
    "raw.twilio_statuses": "received_at",
    "raw.chatbot_events": "received_at",
    "raw.survey_answers": "changed_at",
}
# Rows become visible later than their time; the longest allowed transaction (warehouse/roles.py) is much shorter.
OVERLAP = timedelta(minutes=10)

log = structlog.get_logger()


@dataclass(frozen=True)
class Mark:
    """The state of a table: the number of rows since a time, and the sum of their times in seconds."""

    since: datetime
    rows: int
    times: Decimal


class LandingTrigger(BaseEventTrigger):
    """Polls a raw table every `poll_seconds` and fires when rows were added or changed. After firing it pauses for
    `rest_seconds`, so that a steady stream does not start a run per row. Each poll reads some minutes of the table
    through its index on time. On start it fires if the table has any row, as changes may have been missed."""

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
        """Whether rows landed since `mark` (None: whether the table has any), and the next mark."""
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
