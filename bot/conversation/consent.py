"""Opt-outs from unsolicited messages. They apply to the person, under all their keys."""

from __future__ import annotations

from pathlib import Path

from psycopg2.extensions import cursor as Cursor  # noqa: N812

from warehouse.connection import read_sql

SQL = Path(__file__).parent / "sql"


def note(cursor: Cursor, conversation_id: int, is_out: bool) -> None:
    """Record that a conversation's customer opted out or in again, under all their numbers and ids."""
    cursor.execute(read_sql(SQL / "opt.sql"), {"conversation_id": conversation_id, "is_out": is_out})
