"""Knowledge: uploads, the passages extracted from them, and trying a question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Response, abort, g, request
from flask_login import current_user
from werkzeug.datastructures import FileStorage

from bot import queue
from bot.knowledge import search, uploads
from bot.knowledge.reading import kinds, pdf, reasons
from bot.knowledge.reading.blocks import Unreadable
from ml.encoder.store import encoder_in_use
from warehouse import formats
from webhook.accounts.access import body_up_to, requires
from webhook.i18n import gettext as _
from webhook.i18n import language
from webhook.inbox import blueprint, database, pages
from webhook.inbox.previews import previewed
from webhook.inbox.settings.pages import ShopTransaction, address, go_to, shop_transaction
from webhook.services import services

SQL = Path(__file__).parent / "sql"
MOST_FILES = 5
PASSAGES_A_PAGE = 50
LONGEST_QUESTION = 1_000

_LARGEST_BODY = MOST_FILES * (kinds.MAX_BYTES + 1024**2)

Problem = tuple[str, str]
"""A file's name, and why it was refused."""


@blueprint.get("/knowledge")
@requires("viewer")
def show_knowledge() -> Response:
    with shop_transaction() as shop:
        return _page(shop)


@blueprint.get("/knowledge/documents")
@requires("viewer")
def list_documents() -> Response:
    """Only the list, for the page's script, which shows the progress."""
    with shop_transaction() as shop:
        return _page(shop, template="knowledge_documents")


@blueprint.post("/knowledge")
@requires("agent")
@body_up_to(_LARGEST_BODY)
def upload_knowledge() -> Response:
    """Accept files. Refused ones are listed with the reason; the others are processed anyway."""
    files = [file for file in request.files.getlist("files") if file.filename]
    if not 0 < len(files) <= MOST_FILES:
        fault = _("Up to {files} files at once.", files=MOST_FILES) if files else _("Choose a file first.")
        with shop_transaction() as shop:
            return _page(shop, 422, problems=[("", fault)])
    problems: list[Problem] = []
    with shop_transaction() as shop:
        for file in files:
            content, problem = _content(file)
            if problem:
                problems.append(problem)
            else:
                _add(shop, _name(file), content)
        if problems:
            return _page(shop, 422, problems=problems)
    return go_to("show_knowledge", done="uploaded")


@blueprint.post("/knowledge/<int:document_id>/replace")
@requires("agent")
@body_up_to(_LARGEST_BODY)
def replace_knowledge(document_id: int) -> Response:
    file = request.files.get("file")
    with shop_transaction() as shop:
        if file is None or not file.filename:
            return _page(shop, 422, problems=[("", _("Choose a file first."))])
        content, problem = _content(file)
        if problem:
            return _page(shop, 422, problems=[problem])
        if not uploads.replace(shop.cursor, shop.store_id, document_id, _name(file), content, current_user.user_id):
            abort(404)
        _read(shop, document_id)
    return go_to("show_knowledge", done="uploaded")


@blueprint.post("/knowledge/<int:document_id>/delete")
@requires("agent")
def delete_knowledge(document_id: int) -> Response:
    with shop_transaction() as shop:
        if not _rows(shop, "delete", document_id=document_id):
            abort(404)
    return go_to("show_knowledge", done="deleted")


@blueprint.get("/knowledge/<int:document_id>")
@requires("viewer")
def show_document(document_id: int) -> Response:
    """The passages of a document, page by page."""
    first = max(request.args.get("first", 0, int), 0)
    with shop_transaction() as shop:
        document = next(iter(_rows(shop, "documents", only=document_id)), None)
        if document is None:
            abort(404)
        passages = _rows(shop, "passages", document_id=document_id, first=first, most=PASSAGES_A_PAGE + 1)
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
    """What the bot would answer, and why. Nothing is sent; only calls of the language model are logged."""
    question = request.form.get("question", "").replace("\x00", "").strip()[:LONGEST_QUESTION]
    answer = {"question": question, **(_answer(question) if question else {})}
    status = 200 if question else 422
    if request.headers.get("X-Fragment"):
        return pages.page("inbox/knowledge_answer.html", status, to=address, **answer)
    with shop_transaction() as shop:
        return _page(shop, status, is_asked=True, **answer)


def _answer(question: str) -> dict[str, Any]:
    """The bot's answer, and the passages found, even if another step decided."""
    encoder = encoder_in_use(services().settings, "inbox")
    with shop_transaction() as shop:
        passages = search.search(shop.cursor, shop.store_id, question, encoder)
    return {"shown": previewed(question), "passages": passages, "has_encoder": encoder is not None}


def _page(shop: ShopTransaction, status: int = 200, template: str = "knowledge", **values: Any) -> Response:
    limits = {"files": MOST_FILES, "megabytes": kinds.MAX_BYTES // 1024**2, "scanned": pdf.MAX_SCANNED_PAGES}
    shown = {"problems": [], "question": "", "is_asked": False, "done": request.args.get("done")} | values
    return pages.page(
        f"inbox/{template}.html",
        status,
        documents=_rows(shop, "documents", only=None),
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


def _rows(shop: ShopTransaction, statement: str, /, **values: Any) -> list[Any]:
    return database.rows(shop.cursor.connection, SQL / f"{statement}.sql", {"store_id": shop.store_id} | values)


def _add(shop: ShopTransaction, name: str, content: bytes) -> None:
    _read(shop, uploads.add(shop.cursor, shop.store_id, name, content, current_user.user_id))


def _read(shop: ShopTransaction, document_id: int) -> None:
    queue.enqueue(shop.cursor, "read_document", f"document {document_id}", {"document_id": document_id})


def _content(file: FileStorage) -> tuple[bytes, Problem | None]:
    """A file's content, or why it is refused, as far as that can be told without parsing it."""
    content = file.stream.read(kinds.MAX_BYTES + 1)
    try:
        kinds.check(content)
    except Unreadable as error:
        return b"", (_name(file), _reason(error.reason, error.numbers))
    return content, None


def _name(file: FileStorage) -> str:
    return uploads.name_of(file.filename or "")
