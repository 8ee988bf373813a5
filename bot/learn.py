"""`python -m bot learn`: uploads files as the inbox does, reads them at once and shows the passages."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from bot.knowledge import documents, uploads
from bot.knowledge.reading import kinds, reasons
from bot.knowledge.reading.blocks import Unreadable
from bot.shop import profile
from warehouse.connection import read_sql, transaction
from warehouse.i18n import terminal_gettext as _
from warehouse.i18n import terminal_language
from warehouse.settings import Settings

_SQL = Path(__file__).parent / "knowledge" / "sql"


class _Refused(Exception):
    """The message says why the file was not learned."""


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
    for file, name in _named(files).items():
        try:
            _show(name, _learn(settings, store_id, file, name))
        except _Refused as error:
            print(f"{name}: {error}", file=sys.stderr)
            exit_code = 1
    return exit_code


def _named(files: Sequence[str]) -> dict[str, str]:
    """The files' names in the inbox: without folders, unless that would be the same for several of them."""
    names = {file: uploads.name_of(file) for file in files}
    amounts = Counter(names.values())
    return {file: name if amounts[name] == 1 else _with_folders(file) for file, name in names.items()}


def _with_folders(file: str) -> str:
    return uploads.name_of(" › ".join(part for part in Path(file).parts if part != "/"))


def _learn(settings: Settings, store_id: str, file: str, name: str) -> _Learned:
    document_id = _upload(settings, store_id, name, _content(file))
    try:
        documents.read_document(settings, document_id)
    except BaseException:
        documents.give_up(settings, document_id)
        raise
    return _outcome(settings, document_id)


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


def _upload(settings: Settings, store_id: str, name: str, content: bytes) -> int:
    with transaction("bot", settings) as connection, connection.cursor() as cursor:
        document_id = uploads.named(cursor, store_id, name)
        if document_id is None:
            return uploads.add(cursor, store_id, name, content)
        uploads.replace(cursor, store_id, document_id, name, content)
        return document_id


def _outcome(settings: Settings, document_id: int) -> _Learned:
    with transaction("bot", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "reading_outcome.sql"), {"document_id": document_id})
        row = cursor.fetchone()
    assert row
    state, reason, details, passages = row
    if state == "failed":
        raise _Refused(_reason(reason, details))
    return _Learned(details["warnings"], [(heading, text) for heading, text in passages])


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
