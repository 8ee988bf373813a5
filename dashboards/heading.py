"""The header of a dashboard: today's figures, the insight, and whether data are late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from dashboards.definition import FOLDER, Language
from dashboards.reader import Session
from warehouse.connection import read_sql

SQL = FOLDER / "sql"
BY_TEMPLATE = "template"
# Results are shared between pages for this many seconds. A page asks every 2.5 s; new messages show within 5 s.
COUNTS_LAST = 1.0
TIMES_LAST = 15.0


@dataclass(frozen=True)
class Now:
    """A shop's figures of today: messages by author, the median first response and the longest wait in seconds (None if
    there is none), open conversations, and those of them in which the customer waits for a reply.
    """

    messages: int
    authors: Mapping[str, int]
    first_response: float | None
    open: int
    waiting: int
    longest_wait: float | None


@dataclass(frozen=True)
class Insight:
    """A text about a dashboard's figures, for its own period and all channels."""

    text: str
    first_day: date
    last_day: date
    is_by_model: bool


def now(session: Session, store: str) -> Now | None:
    """Today's figures from the raw messages, without a build. None for an unknown shop."""
    rows = session.recent_rows(read_sql(SQL / "now_counts.sql"), {"store": store}, COUNTS_LAST)
    times = session.recent_rows(read_sql(SQL / "now_times.sql"), {"store": store}, TIMES_LAST)
    whole = {row["metric"]: float(row["value"]) for row in rows if row["dimension_value"] == "all"}
    if not whole:
        return None
    seconds = {row["metric"]: float(row["value"]) for row in times}
    waiting = int(whole["conversations_waiting"])
    return Now(
        int(whole["message_volume"]),
        {row["dimension_value"]: int(row["value"]) for row in rows if row["dimension_value"] != "all"},
        seconds.get("first_response_time_median"),
        int(whole["conversations_open"]),
        waiting,
        seconds.get("longest_wait") if waiting else None,
    )


def last_build(session: Session) -> datetime | None:
    """When the figures were last built. A page that shows an older build is out of date."""
    rows = session.recent_rows(read_sql(SQL / "last_build.sql"), {}, COUNTS_LAST)
    return rows[0]["newest_at"] if rows else None


def overdue(session: Session, store: str) -> list[str]:
    """The names of sources and marts whose data are late, the latest first."""
    return [row["name"] for row in session.rows(read_sql(SQL / "overdue.sql"), {"store": store})]


def insight(session: Session, store: str, dashboard: str, language: Language) -> Insight | None:
    """The latest insight of a dashboard, if there is one."""
    values = {"store": store, "dashboard": dashboard, "language": language}
    rows = session.rows(read_sql(SQL / "insight.sql"), values)
    if not rows:
        return None
    row = rows[0]
    return Insight(row["text"], row["first_day"], row["last_day"], row["worded_by"] != BY_TEMPLATE)
