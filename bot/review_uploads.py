"""The job that imports an uploaded file with reviews."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

import structlog
from psycopg2.extras import Json

from sources.reviews.importing import File, import_file
from sources.tabular import Proposal, Unreadable, open_table
from warehouse.connection import read_sql, transaction
from warehouse.settings import Settings

_SQL = Path(__file__).parent / "sql"
_SECONDS_BETWEEN_PROGRESS = 0.5

log = structlog.get_logger()


def import_upload(settings: Settings, upload_id: int) -> None:
    """Import an upload whose columns are confirmed. Idempotent: what broke off is imported again from the beginning."""
    row = _row(settings, "review_upload", upload_id=upload_id)
    if row is None:
        return
    store_id, name, content, digest, source, columns = row
    shown_at = 0.0

    def show(done: int, total: int) -> None:
        nonlocal shown_at
        if done == total or time.monotonic() - shown_at > _SECONDS_BETWEEN_PROGRESS:
            shown_at = time.monotonic()
            _run(settings, "review_upload_progress", upload_id=upload_id, done=done, total=total)

    with tempfile.TemporaryDirectory(prefix="kabar-reviews-") as folder:
        path = Path(folder) / "upload"
        path.write_bytes(content)
        try:
            file = File(open_table(path), name, digest)
            imported = import_file(file, Proposal(columns), store_id, source, settings, show, role="bot")
        except Unreadable as error:
            _end(settings, upload_id, "failed", reason=str(error.reason))
            return
    _end(settings, upload_id, "done", counts=imported.as_dict())


def give_up(settings: Settings, upload_id: int) -> None:
    """Mark an upload as failed after the last attempt."""
    _end(settings, upload_id, "failed", reason="")


def _end(
    settings: Settings, upload_id: int, state: str, counts: dict[str, object] | None = None, reason: str | None = None
) -> None:
    values = {"counts": Json(counts) if counts else None, "reason": reason}
    _run(settings, "end_review_upload", upload_id=upload_id, state=state, **values)
    log.info("review_upload_ended", upload_id=upload_id, state=state)


def _run(settings: Settings, name: str, **values: Any) -> None:
    with transaction("bot", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / f"{name}.sql"), values)


def _row(settings: Settings, name: str, **values: Any) -> tuple[Any, ...] | None:
    with transaction("bot", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / f"{name}.sql"), values)
        return cursor.fetchone()
