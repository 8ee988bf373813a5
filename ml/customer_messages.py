"""Customers' messages as models read them, from what landed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from psycopg2 import sql

from warehouse.connection import connect, read_sql
from warehouse.settings import Settings

_SQL = Path(__file__).parent / "sql"

Key = tuple[str, str]
"""A message's source (`twilio` or `chatbot`) and its id there."""


def keys_not_in(table: str, settings: Settings) -> list[Key]:
    """The messages with no row in a table of `ml`, which has the columns `source` and `message_id`."""
    query = sql.SQL(read_sql(_SQL / "customer_messages_not_in.sql")).format(table=sql.Identifier("ml", table))
    with connect("scorer", settings) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        return [(source, message_id) for source, message_id in cursor]


def texts(keys: Sequence[Key], settings: Settings) -> dict[Key, str]:
    """The texts of the messages that are still there; that of a message without one, such as a picture, is empty."""
    by_source = {source: [id_ for of, id_ in keys if of == source] for source in ("twilio", "chatbot")}
    with connect("scorer", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "message_texts.sql"), by_source)
        return {(source, message_id): text or "" for source, message_id, text in cursor}
