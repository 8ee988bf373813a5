"""Stores uploaded files, from the inbox and the command line, before they are read."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from psycopg2.extensions import cursor as Cursor  # noqa: N812

from warehouse.connection import read_sql

_SQL = Path(__file__).parent / "sql"
_LONGEST_NAME = 120
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def name_of(path: str) -> str:
    """A file's name without folders, control characters and marks that change the text direction."""
    name = _CONTROL.sub("", unicodedata.normalize("NFC", path)).replace("\\", "/").rpartition("/")[2]
    return name.strip()[-_LONGEST_NAME:] or "?"


def add(cursor: Cursor, store_id: str, name: str, content: bytes, user_id: int | None = None) -> int:
    """Store a new upload and return its id. The caller has it read."""
    values = {"store_id": store_id, "name": name, "content": content, "bytes": len(content), "user_id": user_id}
    cursor.execute(read_sql(_SQL / "add_upload.sql"), values)
    row = cursor.fetchone()
    assert row
    return int(row[0])


def replace(
    cursor: Cursor, store_id: str, document_id: int, name: str, content: bytes, user_id: int | None = None
) -> bool:
    """Replace the file of an upload; False if the shop has no such upload. The caller has it read."""
    values = {"store_id": store_id, "name": name, "content": content, "bytes": len(content), "user_id": user_id}
    cursor.execute(read_sql(_SQL / "replace_upload.sql"), values | {"document_id": document_id})
    return cursor.fetchone() is not None


def put(cursor: Cursor, store_id: str, name: str, content: bytes) -> int:
    """Replace the shop's latest upload of this name, or add one, and return its id. The caller has it read."""
    values = {"store_id": store_id, "name": name}
    cursor.execute(read_sql(_SQL / "lock_upload_name.sql"), values)
    cursor.execute(read_sql(_SQL / "upload_named.sql"), values)
    row = cursor.fetchone()
    if row is None:
        return add(cursor, store_id, name, content)
    document_id = int(row[0])
    replace(cursor, store_id, document_id, name, content)
    return document_id
