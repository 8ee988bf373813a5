"""What the bot knows: uploading, what was understood of it, and what the bot would say to a question."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Response, abort, g, request
from flask_login import current_user
from werkzeug.datastructures import FileStorage

from bot import queue
from bot.knowledge import search
from bot.knowledge.reading import kinds, pdf, reasons
from ml.encoder.store import encoder_in_use
from warehouse import formats
from webhook.accounts.access import body_up_to, requires
from webhook.i18n import gettext as _
from webhook.i18n import language
from webhook.inbox import blueprint, database, pages
from webhook.inbox.previews import previewed
from webhook.inbox.settings.pages import Desk, address, desk, go_to
from webhook.services import services

SQL = Path(__file__).parent / "sql"
MOST_FILES = 5
PASSAGES_A_PAGE = 50
LONGEST_QUESTION = 1_000

_LARGEST_BODY = MOST_FILES * (kinds.MOST_BYTES + 1024**2)
_LONGEST_NAME = 120
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")

Problem = tuple[str, str]
"""A file's name and why it was not taken."""


@blueprint.get("/knowledge")
@requires("viewer")
def show_knowledge() -> Response:
    with desk() as at:
        return _page(at)


@blueprint.get("/knowledge/documents")
@requires("viewer")
def list_documents() -> Response:
    """The list alone, for the page's script, which shows how far reading is."""
    with desk() as at:
        return _page(at, template="knowledge_documents")


@blueprint.post("/knowledge")
@requires("agent")
@body_up_to(_LARGEST_BODY)
def upload_knowledge() -> Response:
    """Take files; those that cannot be taken are named with the reason, the others are read all the same."""
    files = [file for file in request.files.getlist("files") if file.filename]
    if not 0 < len(files) <= MOST_FILES:
        fault = _("Up to {files} files at once.", files=MOST_FILES) if files else _("Choose a file first.")
        with desk() as at:
            return _page(at, 422, problems=[("", fault)])
    problems: list[Problem] = []
    with desk() as at:
        for file in files:
            content, problem = _content(file)
            if problem:
                problems.append(problem)
            else:
                _add(at, _name(file), content)
        if problems:
            return _page(at, 422, problems=problems)
    return go_to("show_knowledge", done="uploaded")


@blueprint.post("/knowledge/<int:document_id>/replace")
@requires("agent")
@body_up_to(_LARGEST_BODY)
def replace_knowledge(document_id: int) -> Response:
    file = request.files.get("file")
    with desk() as at:
        if file is None or not file.filename:
            return _page(at, 422, problems=[("", _("Choose a file first."))])
        content, problem = _content(file)
        if problem:
            return _page(at, 422, problems=[problem])
        values = {"name": _name(file), "content": content, "bytes": len(content), "user_id": current_user.user_id}
        if not _rows(at, "replace", document_id=document_id, **values):
            abort(404)
        _read(at, document_id)
    return go_to("show_knowledge", done="uploaded")


@blueprint.post("/knowledge/<int:document_id>/delete")
@requires("agent")
def delete_knowledge(document_id: int) -> Response:
    with desk() as at:
        if not _rows(at, "delete", document_id=document_id):
            abort(404)
    return go_to("show_knowledge", done="deleted")


@blueprint.get("/knowledge/<int:document_id>")
@requires("viewer")
def show_document(document_id: int) -> Response:
    """What was understood of a document: its passages, page by page."""
    first = max(request.args.get("first", 0, int), 0)
    with desk() as at:
        document = next(iter(_rows(at, "documents", only=document_id)), None)
        if document is None:
            abort(404)
        passages = _rows(at, "passages", document_id=document_id, first=first, most=PASSAGES_A_PAGE + 1)
    return pages.page(
        "inbox/knowledge_document.html",
        document=document,
        passages=passages[:PASSAGES_A_PAGE],
        next_first=first + PASSAGES_A_PAGE if len(passages) > PASSAGES_A_PAGE else None,
        to=address,
    )


@blueprint.post("/knowledge/ask")
@requires("viewer")
def ask_knowledge() -> Response:
    """What the bot would say to a question, and why. Nothing is sent and nothing kept."""
    question = request.form.get("question", "").replace("\x00", "").strip()[:LONGEST_QUESTION]
    answer = {"question": question, **(_answer(question) if question else {})}
    status = 200 if question else 422
    if request.headers.get("X-Fragment"):
        return pages.page("inbox/knowledge_answer.html", status, to=address, **answer)
    with desk() as at:
        return _page(at, status, is_asked=True, **answer)


def _answer(question: str) -> dict[str, Any]:
    """What the bot would say, and the passages that were found, also if another step decided."""
    encoder = encoder_in_use(services().settings, "inbox")
    with desk() as at:
        passages = search.search(at.cursor, at.store_id, question, encoder)
    return {"shown": previewed(question), "passages": passages, "has_encoder": encoder is not None}


def _page(at: Desk, status: int = 200, template: str = "knowledge", **values: Any) -> Response:
    limits = {"files": MOST_FILES, "megabytes": kinds.MOST_BYTES // 1024**2, "scanned": pdf.MOST_SCANNED_PAGES}
    shown = {"problems": [], "question": "", "is_asked": False, "done": request.args.get("done")} | values
    return pages.page(
        f"inbox/{template}.html",
        status,
        documents=_rows(at, "documents", only=None),
        limits=limits,
        reason=_reason,
        moment=_moment(),
        to=address,
        longest_question=LONGEST_QUESTION,
        **shown,
    )


def _moment() -> Callable[[datetime], str]:
    timezone = g.timezone or services().settings.default_timezone
    return lambda instant: formats.moment(instant, timezone, language())


def _reason(reason: str, numbers: Mapping[str, Any]) -> str:
    return reasons.said(reason, language(), numbers)


def _rows(at: Desk, statement: str, /, **values: Any) -> list[Any]:
    return database.rows(at.cursor.connection, SQL / f"{statement}.sql", {"store_id": at.store_id} | values)


def _add(at: Desk, name: str, content: bytes) -> None:
    values = {"name": name, "content": content, "bytes": len(content), "user_id": current_user.user_id}
    _read(at, _rows(at, "add", **values)[0].document_id)


def _read(at: Desk, document_id: int) -> None:
    queue.enqueue(at.cursor, "read_document", f"document {document_id}", {"document_id": document_id})


def _content(file: FileStorage) -> tuple[bytes, Problem | None]:
    """A file's content, or why it is not taken: what can be said without reading it."""
    content = file.stream.read(kinds.MOST_BYTES + 1)
    reason = "too_large" if len(content) > kinds.MOST_BYTES else "" if content.strip() else "empty"
    if not reason:
        return content, None
    return b"", (_name(file), _reason(reason, {"most": kinds.MOST_BYTES // 1024**2}))


def _name(file: FileStorage) -> str:
    """The file's name without its folders and without characters that would turn a line around."""
    name = _CONTROL.sub("", unicodedata.normalize("NFC", file.filename or "")).replace("\\", "/").rpartition("/")[2]
    return name.strip()[-_LONGEST_NAME:] or "?"
