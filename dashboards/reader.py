"""Reads `marts` with a small pool of connections as the role `reader`, which has no access to anything else."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg2
import psycopg2.errors
from psycopg2.extras import RealDictCursor

from warehouse import connection
from warehouse.formats import Currency
from warehouse.pool import Connection, Pool, PoolExhausted
from warehouse.zones import zone

SQL = Path(__file__).parent / "sql"
POOL_SIZE = 4
WAIT_SECONDS = 5
LONGEST_STATEMENT_MS = 10_000
SESSION = f"-c default_transaction_read_only=on -c timezone=UTC -c statement_timeout={LONGEST_STATEMENT_MS}"

Row = Mapping[str, Any]
# by query and parameters: the monotonic time of the query and its rows
Recent = dict[tuple[str, frozenset[tuple[str, object]]], tuple[float, list[Row]]]
Quality = str


class NotBuilt(RuntimeError):
    """The KPIs were never built, or there are no data yet."""


class DatabaseAway(RuntimeError):
    """The database cannot be reached, or is too busy to answer."""


@dataclass(frozen=True)
class Extent:
    """The data of a store: its days with data, newest event, quality, channels, time zone, currency, and the survey
    waves with answers, the newest first. `first_day` is that of its chats if it has any,
    `sales_first_day` that of its sales."""

    store: str
    name: str
    first_day: date
    last_day: date
    data_as_of: datetime
    quality: Quality
    channels: list[str]
    timezone: ZoneInfo
    currency: str | Currency = "IDR"
    waves: list[str] = field(default_factory=list)
    sales_first_day: date | None = None

    @property
    def today(self) -> date:
        """The day of the newest event, in the shop's time zone. It is not over."""
        return self.data_as_of.astimezone(self.timezone).date()

    def reaches(self, day: date, is_about_sales: bool = False) -> bool:
        """Whether the data of chats, or those of sales, reach back to a day."""
        first = self.sales_first_day if is_about_sales and self.sales_first_day else self.first_day
        return first <= day


class Reader:
    """The pool of one process. It may be shared between threads."""

    def __init__(self, url: str) -> None:
        """`url` is the role's `postgresql://` URL. Nothing is connected before the first query."""
        self._recent: Recent = {}
        self._pool = Pool(
            lambda: url, "kabar-dashboards", SESSION, size=POOL_SIZE, most=POOL_SIZE, wait_seconds=WAIT_SECONDS
        )

    @contextmanager
    def session(self) -> Iterator[Session]:
        """One connection in one read-only transaction. Raises DatabaseAway or NotBuilt, also for what is run in it."""
        try:
            with self._pool.transaction() as opened:
                yield Session(opened, self._recent)
        except (psycopg2.errors.UndefinedTable, psycopg2.errors.UndefinedColumn) as error:
            raise NotBuilt("the tables of marts are not there, or older than this release") from error
        except PoolExhausted as error:
            raise DatabaseAway("all connections are busy") from error
        except psycopg2.OperationalError as error:
            raise DatabaseAway(type(error).__name__) from error

    def close(self) -> None:
        self._pool.close()


@dataclass(frozen=True)
class Session:
    """A connection that is good for queries until its `with` ends."""

    _connection: Connection
    _recent: Recent

    def rows(self, query: str, parameters: Mapping[str, object] | None = None) -> list[Row]:
        """The rows of a query whose placeholders are `%(name)s`."""
        with self._connection.cursor(cursor_factory=RealDictCursor) as cursor:
            cursor.execute(query, dict(parameters or {}))
            return [dict(row) for row in cursor.fetchall()]

    def recent_rows(self, query: str, parameters: Mapping[str, object], seconds: float) -> list[Row]:
        """The rows of a query, at most `seconds` old; all sessions of the reader share them."""
        key = (query, frozenset(parameters.items()))
        at, rows = self._recent.get(key, (-math.inf, []))
        if time.monotonic() - at > seconds:
            at, rows = time.monotonic(), self.rows(query, parameters)
            # Empty results are not cached: unknown shops in URLs could fill the memory.
            if rows:
                self._recent[key] = at, rows
        return rows

    def extents(self) -> dict[str, Extent]:
        """The stores that have data by id. Raises NotBuilt if none has."""
        query = connection.read_sql(SQL / "extent.sql")
        found = [_extent(dict(row)) for row in self.rows(query)]
        if not found:
            raise NotBuilt("marts are empty")
        return {extent.store: extent for extent in found}


def _extent(row: dict[str, Any]) -> Extent:
    row["currency"] = Currency(row["currency"], row.pop("prices_decimals"))
    return Extent(**{**row, "timezone": zone(row["timezone"])})
