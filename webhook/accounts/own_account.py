"""The page on which people change their own name and password."""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import Form

from webhook.accounts import access, attempts, blueprint, passwords, users
from webhook.accounts.access import User, requires
from webhook.accounts.sign_in import SQL
from webhook.i18n import gettext as _
from webhook.inbox import database, pages
from webhook.inbox.settings.forms import REQUIRED, Text


class NameForm(Form):  # type: ignore[misc]
    name = Text(REQUIRED, most=80)


@blueprint.get("/account")
@requires("viewer")
def show_account() -> Response:
    return _page(NameForm(data={"name": current_user.name}))


@blueprint.post("/account/name")
@requires("viewer")
def change_name() -> Response:
    form = NameForm(request.form)
    if not form.validate():
        return _page(form, 422)
    values = {"user_id": current_user.user_id, "name": form.name.data}
    with database.transaction() as connection:
        database.rows(connection, SQL / "set_name.sql", values)
    return _saved()


@blueprint.post("/account/password")
@requires("viewer")
def change_password() -> Response:
    """Set another password, which ends the person's other sessions. Wrong current ones count like those of sign-in."""
    current, new, again = (request.form.get(name, "") for name in ("current", "new", "again"))
    form = NameForm(data={"name": current_user.name})
    if not passwords.SHORTEST <= len(new) <= passwords.LONGEST:
        sentence = _("Enter a password of {least} to {most} characters.", least=passwords.SHORTEST,
                     most=passwords.LONGEST)  # fmt: skip
        return _page(form, 422, {"new": sentence})
    if new != again:
        return _page(form, 422, {"again": _("The two passwords differ.")})
    email = current_user.email
    attempt = attempts.begin(attempts.SIGN_IN, email)
    if attempt.seconds_to_wait:
        attempts.forget(attempt)
        minutes = -(-attempt.seconds_to_wait // 60)
        return _page(form, 429, {"current": _("Too many attempts. Try again in {minutes} min.", minutes=minutes)})
    if not passwords.is_right(_account(email)[-2], current):
        return _page(form, 422, {"current": _("This is not your current password.")})
    attempts.forget(attempt)
    with database.transaction() as connection, connection.cursor() as cursor:
        users.set_password(cursor, email, new)
    access.sign_in(User(*_account(email)[:-2]))
    return _saved()


def _account(email: str) -> Any:
    with database.transaction() as connection:
        return database.row(connection, SQL / "account.sql", {"email": email})


def _saved() -> Response:
    return redirect(url_for("accounts.show_account", saved=1), 303)


def _page(form: NameForm, status: int = 200, faults: dict[str, str] | None = None) -> Response:
    return pages.page("accounts/account.html", status, form=form, faults=faults or {}, is_saved="saved" in request.args)
