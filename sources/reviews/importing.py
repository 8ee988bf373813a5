"""Imports a file with reviews: rows that are none are set aside with file, line and reason."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pandas as pd
import structlog
from psycopg2.extensions import cursor as Cursor  # noqa: N812
from psycopg2.extras import Json, execute_values

from sources.reviews.landing import SQL, land
from sources.reviews.rows import reviews_of, with_text
from sources.tabular import Fault, Proposal, Table, clean_text, day_comes_first
from warehouse.connection import connect, read_sql
from warehouse.i18n import Text
from warehouse.settings import Settings

REJECTED = "review_files"
CHUNK = 5_000
# How many of the rows that were set aside are told at once; all of them are stored.
MOST_TOLD = 20

log = structlog.get_logger()

OnProgress = Callable[[int, int], None]
"""Called with the rows that are done and all rows."""


@dataclass(frozen=True)
class File:
    """A file to import. `name` is what people know it by; `digest` tells files of one name apart."""

    table: Table
    name: str
    digest: str


@dataclass
class Imported:
    """`counts`: rows by `new`, `changed`, `unchanged`, `older`. `set_aside`: rows by reason; `told`: the first of
    them."""

    rows: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    set_aside: Counter[Text] = field(default_factory=Counter)
    told: list[Fault] = field(default_factory=list)

    def as_dict(self) -> dict[str, object]:
        counts = {name: self.counts[name] for name in ("new", "changed", "unchanged", "older")}
        return {"rows": self.rows, **counts, "set_aside": {str(reason): n for reason, n in self.set_aside.items()}}


def digest_of(path: Path) -> str:
    """The first 16 characters of a file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def import_file(
    file: File,
    columns: Proposal,
    store_id: str,
    source: str,
    settings: Settings,
    on_progress: OnProgress = lambda done, total: None,
    role: Literal["loader", "bot"] = "loader",
) -> Imported:
    """Land a file's reviews, chunk by chunk, each in its own transaction: an import that breaks off is simply run
    again. Times without an offset are the shop's."""
    imported = Imported()
    with connect(role, settings) as connection:
        with connection, connection.cursor() as cursor:
            zone = zone_of(cursor, store_id, settings)
            cursor.execute(read_sql(SQL / "resolve_rows.sql"), {"prefix": f"{store_id}:{file.digest}:"})
        total, is_day_first = _first_pass(file.table, columns)
        for chunk in file.table.chunks(CHUNK):
            reviews, lines = reviews_of(columns.renamed(chunk.rows), zone, is_day_first)
            faults = sorted([*chunk.faults, *with_text(chunk.rows, lines)])
            with connection, connection.cursor() as cursor:
                imported.counts += land(cursor, store_id, source, reviews)
                _set_aside(cursor, file, store_id, source, faults)
            imported.rows += len(chunk.rows) + len(chunk.faults)
            imported.set_aside.update(fault.reason for fault in faults)
            imported.told += faults[: MOST_TOLD - len(imported.told)]
            on_progress(imported.rows, total)
    log.info("reviews_imported", store_id=store_id, source=source, rows=imported.rows, **imported.counts)
    return imported


def zone_of(cursor: Cursor, store_id: str, settings: Settings) -> str:
    """The name of the shop's time zone."""
    cursor.execute(read_sql(SQL / "zone.sql"), {"store_id": store_id})
    (zone,) = cursor.fetchone() or (None,)
    return zone or settings.default_timezone


def _first_pass(table: Table, columns: Proposal) -> tuple[int, bool]:
    """The number of rows, and whether their dates begin with the day."""
    total = 0
    dates = [pd.Series([], dtype=object)]
    for chunk in table.chunks(CHUNK):
        total += len(chunk.rows) + len(chunk.faults)
        dates.append(chunk.rows[columns.columns["created_at"]])
    return total, day_comes_first(pd.concat(dates).str.strip())


def _set_aside(cursor: Cursor, file: File, store_id: str, source: str, faults: Sequence[Fault]) -> None:
    rows = []
    texts = clean_text(pd.Series([fault.text for fault in faults], dtype=object))
    for fault, text in zip(faults, texts, strict=True):
        payload = {
            "store_id": store_id,
            "source": source,
            "file": file.name,
            "digest": file.digest,
            "line": fault.line,
            "row": text,
        }
        rows.append((REJECTED, f"{store_id}:{file.digest}:{fault.line}", Json(payload), str(fault.reason)))
    if rows:
        execute_values(cursor, read_sql(SQL / "set_aside_rows.sql"), rows)
