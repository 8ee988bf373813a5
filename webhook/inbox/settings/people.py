"""Who may sign in, and as what. A password is made up here and shown once."""

from __future__ import annotations

import re
from typing import Any

from flask import Response, abort

from warehouse.i18n import N_
from webhook.accounts import passwords, users
from webhook.accounts.access import RANKS, requires
from webhook.accounts.users import AccountFault
from webhook.i18n import gettext as _
from webhook.inbox import blueprint
from webhook.inbox.errors import Refusal
from webhook.inbox.settings.pages import Desk, Errors, Row, desk, go_to, page, required, typed, wrong

ROLES = tuple(sorted(RANKS, key=lambda role: -RANKS[role]))
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@blueprint.get("/settings/people")
@requires("admin")
def settings_people() -> Response:
    return _people()


@blueprint.post("/settings/people")
@requires("admin")
def add_person() -> Response:
    """Make an account, or open a closed one again; the answer shows its password, this once."""
    given = {"email": typed("email").lower(), "name": typed("name", 80), "role": typed("role", 10)}
    errors = required(given) or _errors(given)
    password = passwords.generated()
    if not errors:
        try:
            with desk() as at:
                users.add(at.cursor, given["email"], given["name"], given["role"], password)
        except AccountFault:
            errors = wrong("email", N_("An account with this e-mail address already exists."))
    if errors:
        return _people(422, given=given, errors=errors)
    return _people(shown=(given["email"], password))


@blueprint.post("/settings/people/<int:key>/password")
@requires("admin")
def reset_password(key: int) -> Response:
    """A new password, shown once; the person's sessions end."""
    password = passwords.generated()
    with desk() as at:
        email = _person(at, key)[1]
        try:
            users.set_password(at.cursor, email, password)
        except AccountFault:
            abort(404)
    return _people(shown=(email, password))


@blueprint.post("/settings/people/<int:key>/role")
@requires("admin")
def change_role(key: int) -> Response:
    """Refused if the role that the form showed is no longer the person's."""
    role = typed("role", 10)
    if role not in RANKS:
        abort(400)
    with desk() as at:
        at.change("people_lock")
        person = _person(at, key)
        if person[3] != typed("seen", 10):
            abort(409)
        if role != "admin":
            _require_another_admin(at, key)
        at.change("people_role", user_id=key, role=role)
        if role == "viewer":
            users.release(at.cursor, key)
    return go_to("settings_people", saved=1)


@blueprint.post("/settings/people/<int:key>/close")
@requires("admin")
def close_account(key: int) -> Response:
    """The person's sessions end, and nobody signs in with it until it is added again."""
    with desk() as at:
        at.change("people_lock")
        person = _person(at, key)
        _require_another_admin(at, key)
        if person[4]:
            users.close(at.cursor, person[1])
    return go_to("settings_people", saved=1)


def _people(status: int = 200, **values: Any) -> Response:
    with desk() as at:
        rows = at.rows("people", user_id=None)
    return page("people", status, people=rows, roles=ROLES, **{"given": {"role": "agent"}, "shown": None, **values})


def _person(at: Desk, key: int) -> Row:
    rows = at.rows("people", user_id=key)
    if not rows:
        abort(404)
    return rows[0]


def _require_another_admin(at: Desk, key: int) -> None:
    """Raises Refusal if nobody else could change these settings then."""
    person = _person(at, key)
    if person[3] == "admin" and person[4] and not at.rows("people_other_admins", user_id=key):
        raise Refusal(409, "s_people_last_admin", N_("This is the last admin. Make someone else an admin first."))


def _errors(given: dict[str, str]) -> Errors:
    if not _EMAIL.fullmatch(given["email"]):
        return wrong("email", N_("Enter an e-mail address, such as name@example.com."))
    return {} if given["role"] in RANKS else {"role": _("Choose an option from the list.")}
