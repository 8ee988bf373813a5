"""Documents that builds and validations write, in `quality.documents`: the latest of each name, by path."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg2.extensions

from warehouse.connection import read_sql, transaction
from warehouse.settings import Role, Settings

SQL = Path(__file__).parent / "sql"


@dataclass(frozen=True)
class Document:
    """A file; `packed` is its body, compressed with gzip."""

    content_type: str
    packed: bytes
    version: str
    written_at: datetime

    @property
    def body(self) -> bytes:
        return gzip.decompress(self.packed)


@dataclass(frozen=True)
class Entry:
    """A document without its body. `version` identifies its source, if known."""

    path: str
    version: str
    written_at: datetime


def keep(
    role: Role, name: str, bodies: Mapping[str, tuple[str, bytes]], settings: Settings, *, version: str = ""
) -> None:
    """Replace the documents called `name`, given as content type and body by path."""
    with transaction(role, settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(SQL / "lock_documents.sql"), {"name": name})
        cursor.execute(read_sql(SQL / "delete_documents.sql"), {"name": name})
        for path, (content_type, body) in bodies.items():
            values = {"name": name, "path": path, "content_type": content_type, "version": version}
            cursor.execute(read_sql(SQL / "insert_document.sql"), {**values, "body": gzip.compress(body, 6)})


def read(connection: psycopg2.extensions.connection, name: str, path: str) -> Document | None:
    """One document, or None if there is none."""
    with connection.cursor() as cursor:
        cursor.execute(read_sql(SQL / "document.sql"), {"name": name, "path": path})
        row = cursor.fetchone()
    return Document(row[0], bytes(row[1]), row[2], row[3]) if row else None


def entries(connection: psycopg2.extensions.connection, name: str) -> list[Entry]:
    """The documents called `name`, by path."""
    with connection.cursor() as cursor:
        cursor.execute(read_sql(SQL / "documents.sql"), {"name": name})
        return [Entry(*row) for row in cursor.fetchall()]
