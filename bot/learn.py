"""`python -m bot learn`: uploads files as the inbox does, reads them at once and shows the passages."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from psycopg2.extensions import cursor as Cursor  # noqa: N812

from bot import queue
from bot.knowledge import documents, uploads
from bot.knowledge.reading import kinds, reasons
from bot.knowledge.reading.blocks import Unreadable
from bot.shop import profile
from warehouse.connection import read_sql, transaction
from warehouse.i18n import terminal_gettext as _
from warehouse.i18n import terminal_language
from warehouse.settings import Settings

_SQL = Path(__file__).parent / "knowledge" / "sql"
# After this a worker reads a file whose reading was interrupted. Reading at the same time does no harm.
_LEFT_TO_WORKER = timedelta(minutes=10)


class _Refused(Exception):
    """The message says why the file was not learned."""


class _Upload(NamedTuple):
    document_id: int
    uploaded_at: datetime

    @property
    def thing(self) -> str:
        """What its jobs lock."""
        return f"document {self.document_id}"


class _Learned(NamedTuple):
    """`warnings`: reasons of `bot.knowledge.reading.reasons` with their numbers; `passages`: headings and texts."""

    warnings: Sequence[dict[str, Any]]
    passages: Sequence[tuple[str | None, str]]


def run(settings: Settings, store_id: str | None, files: Sequence[str]) -> int:
    """Learn each file; returns 1 if one was refused. A file whose name the shop already has replaces that one. Raises
    UnknownShop."""
    with transaction("bot", settings) as connection, connection.cursor() as cursor:
        store_id = profile.known(cursor, store_id, settings)
    exit_code = 0
    names = {file: uploads.name_of(file) for file in files}
    amounts = Counter(names.values())
    for file, name in names.items():
        try:
            if amounts[name] > 1:
                raise _Refused(_("Several of the files have this name. Rename all but one of them."))
            _show(name, _learn(settings, store_id, file, name))
        except _Refused as error:
            print(f"{name}: {error}", file=sys.stderr)
            exit_code = 1
    return exit_code


def _learn(settings: Settings, store_id: str, file: str, name: str) -> _Learned:
    upload = _upload(settings, store_id, name, _content(file))
    documents.read_document(settings, upload.document_id)
    return _outcome(settings, upload)


def _content(file: str) -> bytes:
    try:
        with Path(file).open("rb") as opened:
            content = opened.read(kinds.MAX_BYTES + 1)
        kinds.check(content)
    except OSError as error:
        raise _Refused(error.strerror) from None
    except Unreadable as error:
        raise _Refused(_reason(error.reason, error.numbers)) from None
    return content


def _upload(settings: Settings, store_id: str, name: str, content: bytes) -> _Upload:
    with transaction("bot", settings) as connection, connection.cursor() as cursor:
        document_id = uploads.put(cursor, store_id, name, content)
        uploaded_at = _row(cursor, "uploaded_at", document_id=document_id)
        assert uploaded_at
        upload = _Upload(document_id, *uploaded_at)
        due = datetime.now(UTC) + _LEFT_TO_WORKER
        queue.enqueue(cursor, "read_document", upload.thing, {"document_id": document_id}, due, queue.LATER)
        return upload


def _outcome(settings: Settings, upload: _Upload) -> _Learned:
    """What came of reading; the job that would have read the file later is then done. If the inbox replaced the file
    meanwhile, it found that job queued and queued none, so the job is due at once."""
    with transaction("bot", settings) as connection, connection.cursor() as cursor:
        is_latest = _row(cursor, "lock_document", **upload._asdict()) is not None
        after = "drop_reading.sql" if is_latest else "hasten_reading.sql"
        cursor.execute(read_sql(_SQL / after), {"document_id": upload.document_id})
        row = _row(cursor, "reading_outcome", document_id=upload.document_id) if is_latest else None
    if row is None:
        raise _Refused(_("Somebody replaced or deleted this file while it was read."))
    state, reason, details, passages = row
    if state == "failed":
        raise _Refused(_reason(reason, details))
    return _Learned(details["warnings"], [(heading, text) for heading, text in passages])


def _row(cursor: Cursor, name: str, **values: Any) -> tuple[Any, ...] | None:
    cursor.execute(read_sql(_SQL / f"{name}.sql"), values)
    return cursor.fetchone()


def _reason(reason: str, numbers: dict[str, Any]) -> str:
    return reasons.said(reason, terminal_language(), numbers)


def _show(name: str, learned: _Learned) -> None:
    count = len(learned.passages)
    print(f"{name}:", _("1 passage") if count == 1 else _("{count} passages", count=count))
    for warning in learned.warnings:
        print(f"  ! {_reason(warning['reason'], warning)}")
    for heading, text in learned.passages:
        print(f"\n  {heading}" if heading else "")
        print("\n".join(f"    {line}" for line in text.splitlines()))
