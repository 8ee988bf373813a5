"""Signing in and out, and the language of the pages."""

from __future__ import annotations

from flask import redirect, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from warehouse.connection import read_sql
from webhook.inbox import access, blueprint, database, pages
from webhook.inbox.access import SQL, public
from webhook.inbox.errors import Refusal
from webhook.inbox.words import LANGUAGES


@blueprint.get("/sign-in")
@public
def show_sign_in() -> Response:
    return pages.page("inbox/sign_in.html")


@blueprint.post("/sign-out")
@public
def leave() -> Response:
    access.sign_out()
    return redirect(url_for("inbox.show_sign_in"), 303)


@blueprint.post("/language")
@public
def choose_language() -> Response:
    """Of the user, for good; of whoever has not signed in, for this browser."""
    language = request.form.get("language", "")
    if language not in LANGUAGES:
        raise Refusal(400, "error_400")
    if current_user.is_authenticated:
        with database.transaction() as connection, connection.cursor() as cursor:
            cursor.execute(read_sql(SQL / "set_language.sql"), {"user_id": current_user.user_id, "language": language})
    else:
        session["language"] = language
    return redirect(next_page(request.form.get("next", "")), 303)


def next_page(asked: str) -> str:
    """Where to go on: a page of ours, else the inbox; never another host."""
    is_ours = asked.split("?")[0].split("/")[:2] in (["", "inbox"], ["", "dashboards"]) and "\\" not in asked
    return asked if is_ours else url_for("inbox.list_conversations")
