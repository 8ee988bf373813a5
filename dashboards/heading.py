"""What stands above a dashboard's cards: what goes on right now, what changed lately, and whether data are late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from dashboards.definition import FOLDER, Language
from dashboards.reader import Session
from warehouse.connection import read_sql

SQL = FOLDER / "sql"
BY_TEMPLATE = "template"
# For so many seconds what one page was told does for all. A page asks every 2.5 s, and what lands shows within 5.
COUNTS_LAST = 1.0
TIMES_LAST = 15.0


@dataclass(frozen=True)
class Now:
    """A shop's today so far: messages by author; the median first response and the longest wait in seconds, None where
    there is none; conversations that are open, and those of them that wait for a person.
    """

    messages: int
    authors: Mapping[str, int]
    first_response: float | None
    open: int
    waiting: int
    longest_wait: float | None


@dataclass(frozen=True)
class Insight:
    """A text on a dashboard's figures, of a period of its own and all channels."""

    text: str
    first_day: date
    last_day: date
    is_by_model: bool


def now(session: Session, store: str) -> Now | None:
    """What has landed by now, no build needed. None for an unknown shop."""
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
    """When the figures were last built: a page that shows those of another build is out of date."""
    rows = session.recent_rows(read_sql(SQL / "last_build.sql"), {}, COUNTS_LAST)
    return rows[0]["newest_at"] if rows else None


def overdue(session: Session, store: str) -> list[str]:
    """The names of sources and marts that should be newer than they are, the most overdue first."""
    return [row["name"] for row in session.rows(read_sql(SQL / "overdue.sql"), {"store": store})]


def insight(session: Session, store: str, dashboard: str, language: Language) -> Insight | None:
    """The latest text on a dashboard, if one was written."""
    values = {"store": store, "dashboard": dashboard, "language": language}
    rows = session.rows(read_sql(SQL / "insight.sql"), values)
    if not rows:
        return None
    row = rows[0]
    return Insight(row["text"], row["first_day"], row["last_day"], row["worded_by"] != BY_TEMPLATE)
