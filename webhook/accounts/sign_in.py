"""Signing in and out, and the language of the pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import abort, current_app, redirect, request, session, url_for
from flask_login import current_user
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response

from warehouse.i18n import languages
from webhook.accounts import access, attempts, blueprint, devices, passwords
from webhook.accounts.access import User, public
from webhook.i18n import gettext as _
from webhook.i18n import language
from webhook.inbox import database, pages

SQL = Path(__file__).parent / "sql"
AREAS = ("inbox", "dashboards", "docs")


@blueprint.get("/sign-in")
@public
def show_sign_in() -> Response:
    if current_user.is_authenticated:
        return redirect(next_page(request.args.get("next", "")), 303)
    return _form()


@blueprint.post("/sign-in")
@public
def enter() -> Response:
    """Wrong passwords, unknown accounts and closed accounts get the same response after the same time."""
    email = request.form.get("email", "").replace("\0", "").strip().lower()[:320]
    device = devices.known(email)
    attempt = attempts.begin(attempts.KNOWN_DEVICE if device else attempts.SIGN_IN, email, device or "")
    if attempt.seconds_to_wait:
        attempts.forget(attempt)
        minutes = -(-attempt.seconds_to_wait // 60)
        fault = _("Too many attempts. Try again in {minutes} min.", minutes=minutes)
        return _too_many(attempt.seconds_to_wait, fault, email)
    try:
        user = _user(email, request.form.get("password", ""))
    except TooManyRequests:
        attempts.forget(attempt)
        return _too_many(passwords.RETRY_SECONDS, _("Many people are signing in. Try again in a few seconds."), email)
    if user is None:
        return _form(401, _("Wrong e-mail or password."), email)
    attempts.forget(attempt)
    access.sign_in(user)
    response = redirect(next_page(request.form.get("next", "")), 303)
    devices.remember(response, email)
    return response


@blueprint.post("/sign-out")
@public
def leave() -> Response:
    access.sign_out()
    return redirect(url_for("accounts.show_sign_in"), 303)


@blueprint.post("/language")
@public
def choose_language() -> Response:
    """Stored with the user, or in the session if nobody is signed in."""
    chosen = request.form.get("language", "")
    if chosen not in languages():
        abort(400)
    if current_user.is_authenticated:
        with database.transaction() as connection:
            values = {"user_id": current_user.user_id, "language": chosen}
            database.rows(connection, SQL / "set_language.sql", values)
    else:
        session["language"] = chosen
    return redirect(next_page(request.form.get("next", "")), 303)


def next_page(asked: str) -> str:
    """The page to open next: an existing page of this app, else the start page, and never another host."""
    path = asked.split("?")[0]
    is_ours = path.split("/")[:2] in (["", area] for area in AREAS) and "\\" not in asked
    is_page = is_ours and current_app.url_map.bind("").test(path, "GET")
    return asked if is_page else access.start_page()


def _form(status: int = 200, fault: str | None = None, email: str = "") -> Response:
    asked = request.values.get("next", "")
    return pages.page("accounts/sign_in.html", status, fault=fault, email=email, next=asked)


def _too_many(seconds: int, fault: str, email: str) -> Response:
    response = _form(429, fault, email)
    response.headers["Retry-After"] = str(seconds)
    return response


def _chosen_language() -> str | None:
    """The language of the sign-in form, if somebody or their browser chose it."""
    return language() if session.get("language") or request.accept_languages else None


def _user(email: str, password: str) -> User | None:
    """The account, if the password is right. Rehashes the password if the hash is outdated."""
    with database.transaction() as connection:
        row: Any = database.row(connection, SQL / "account.sql", {"email": email}) or (None, False)
    *account, stored, is_active = row
    if not passwords.is_right(stored, password) or not is_active:
        return None
    user = User(*account)
    renewed = passwords.hashed(password) if passwords.is_outdated(stored) else None
    with database.transaction() as connection:
        values = {"user_id": user.user_id, "password_hash": renewed, "language": _chosen_language()}
        database.rows(connection, SQL / "signed_in.sql", values)
    return user
