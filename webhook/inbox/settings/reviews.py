"""Reviews: files that admins upload, and the apps whose reviews are fetched from Google Play."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Response, abort, request
from flask_login import current_user
from psycopg2.extras import Json
from werkzeug.datastructures import FileStorage

from bot import queue
from bot.knowledge.uploads import name_of
from dashboards.exports import write
from sources.reviews.columns import COLUMNS
from sources.reviews.importing import digest_of
from sources.tabular import Proposal, Table, Unreadable, open_table, propose
from warehouse.i18n import Text as Sentence
from webhook.accounts.access import body_up_to, requires
from webhook.i18n import gettext as _
from webhook.i18n import language
from webhook.inbox import blueprint
from webhook.inbox.settings.pages import ShopTransaction, go_to, page, shop_transaction

MEGABYTES = 10
DEFAULT_SOURCE = "file"
MOST_SHOWN = 20
LONGEST_SOURCE = 80
_LARGEST = MEGABYTES * 1024**2
# Beyond the file's own limit, so that the page itself can say what is wrong.
_LARGEST_BODY = _LARGEST + 5 * 1024**2
_ROWS_SHOWN = 5
_LONGEST_CELL = 120


@blueprint.get("/settings/reviews")
@requires("admin")
def settings_reviews() -> Response:
    return show_reviews()


def show_reviews(status: int = 200, **values: Any) -> Response:
    """The list of uploads and apps, with what was wrong with a form."""
    with shop_transaction() as shop:
        uploads, apps = shop.rows("review_uploads", only=None), shop.rows("review_apps")
    shown = {"problem": "", "app_form": None, "megabytes": MEGABYTES} | values
    return page("reviews", status, uploads=uploads, apps=apps, reason=_reason, **shown)


@blueprint.post("/settings/reviews/upload")
@requires("admin")
@body_up_to(_LARGEST_BODY)
def upload_reviews() -> Response:
    """Take a file; its columns are confirmed on the next page."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return show_reviews(422, problem=_("Choose a file first."))
    content = file.stream.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        return show_reviews(422, problem=_("The file is larger than {megabytes} MB.", megabytes=MEGABYTES))
    try:
        with _opened(content) as (_table, digest):
            pass
    except Unreadable as error:
        return show_reviews(422, problem=_(error.reason))
    with shop_transaction() as shop:
        upload_id = _add(shop, file, content, digest)
    return go_to("review_upload", upload_id=upload_id)


@blueprint.get("/settings/reviews/<int:upload_id>")
@requires("admin")
def review_upload(upload_id: int) -> Response:
    """The columns of a file to confirm, its progress, or what came of it."""
    return _show_upload(upload_id)


@blueprint.post("/settings/reviews/<int:upload_id>/import")
@requires("admin")
def import_reviews(upload_id: int) -> Response:
    """Queue the import with the chosen columns."""
    with shop_transaction() as shop:
        if _upload(shop, upload_id).state != "waiting":
            return go_to("review_upload", upload_id=upload_id)
        content = _content(shop, upload_id)
    with _opened(content) as (table, _digest):
        chosen = {each.name: column for each in COLUMNS if (column := request.form.get(each.name, "")) in table.header}
    proposal = Proposal(chosen)
    source = " ".join(request.form.get("source", "").replace("\x00", "").split())
    problem = _problem(proposal, source)
    if problem:
        return _show_upload(upload_id, 422, proposal, source, problem)
    with shop_transaction() as shop:
        if shop.execute("review_uploads_confirm", upload_id=upload_id, columns=Json(chosen), source=source):
            thing = f"reviews of {shop.store_id}"
            queue.enqueue(shop.cursor, "import_reviews", f"{thing} {upload_id}", {"upload_id": upload_id})
    return go_to("review_upload", upload_id=upload_id)


@blueprint.post("/settings/reviews/<int:upload_id>/remove")
@requires("admin")
def remove_review_upload(upload_id: int) -> Response:
    with shop_transaction() as shop:
        shop.execute("review_uploads_remove", upload_id=upload_id)
    return go_to("settings_reviews")


@blueprint.get("/settings/reviews/<int:upload_id>/set-aside.csv")
@requires("admin")
def review_rows_set_aside(upload_id: int) -> Response:
    """The rows that were set aside, each with its line and the reason."""
    with shop_transaction() as shop:
        upload = _upload(shop, upload_id)
        rows = shop.rows("review_rows_set_aside", digest=upload.digest, most=None)
    lines = [(row.line, _(row.reason), row.content) for row in rows]
    written = write([_("Line"), _("Reason"), _("Row")], lines, language())
    response = Response(written, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="kabar-reviews-{upload_id}.csv"'
    return response


def _show_upload(
    upload_id: int, status: int = 200, proposal: Proposal | None = None, source: str = DEFAULT_SOURCE, problem: str = ""
) -> Response:
    with shop_transaction() as shop:
        upload = _upload(shop, upload_id)
        content = _content(shop, upload_id) if upload.state == "waiting" else b""
        faults = shop.rows("review_rows_set_aside", digest=upload.digest, most=MOST_SHOWN)
    values: dict[str, Any] = {"header": [], "sample": [], "proposal": proposal}
    if content:
        with _opened(content) as (table, _digest):
            values = _columns(table, proposal)
    return page(
        "reviews",
        status,
        template="review_upload",
        upload=upload,
        faults=faults if upload.state == "done" else [],
        wanted=COLUMNS,
        source=source,
        problem=problem,
        reason=_reason,
        **values,
    )


def _columns(table: Table, proposal: Proposal | None) -> dict[str, Any]:
    sample = table.sample(_ROWS_SHOWN).map(lambda cell: cell[:_LONGEST_CELL])
    return {
        "header": table.header,
        "sample": sample.to_numpy().tolist(),
        "proposal": proposal or propose(table, COLUMNS),
    }


def _problem(proposal: Proposal, source: str) -> str:
    if proposal.missing(COLUMNS):
        return _("Choose a column for the ID, the stars, the text and the date.")
    if len(set(proposal.columns.values())) < len(proposal.columns):
        return _("Choose each column only once.")
    if not 0 < len(source) <= LONGEST_SOURCE:
        return _("Enter the source of the reviews, in at most {most} characters.", most=LONGEST_SOURCE)
    return ""


@contextmanager
def _opened(content: bytes) -> Iterator[tuple[Table, str]]:
    """The table in an uploaded file, and its digest. Raises Unreadable."""
    with tempfile.TemporaryDirectory(prefix="kabar-reviews-") as folder:
        path = Path(folder) / "upload"
        path.write_bytes(content)
        yield open_table(path), digest_of(path)


def _add(shop: ShopTransaction, file: FileStorage, content: bytes, digest: str) -> int:
    shop.execute("review_uploads_forget")
    values = {"name": name_of(file.filename or ""), "content": content, "digest": digest}
    [row] = shop.rows("review_uploads_add", **values, user_id=current_user.user_id)
    return int(row.upload_id)


def _upload(shop: ShopTransaction, upload_id: int) -> Any:
    found = shop.rows("review_uploads", only=upload_id)
    if not found:
        abort(404)
    return found[0]


def _content(shop: ShopTransaction, upload_id: int) -> bytes:
    """The file of an upload that is to be confirmed. Raises NotFound."""
    found = shop.rows("review_upload_content", upload_id=upload_id)
    if not found:
        abort(404)
    return bytes(found[0].content)


def _reason(sentence: str) -> str:
    return (
        Sentence(sentence).to(language()) if sentence else _("The import failed several times. Upload the file again.")
    )
