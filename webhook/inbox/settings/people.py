"""The team: who may sign in, and with which role. Passwords are generated here and shown once."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, request
from wtforms import Form
from wtforms.validators import Email

from warehouse.i18n import N_
from webhook.accounts import passwords, users
from webhook.accounts.access import RANKS, requires
from webhook.accounts.users import AccountFault
from webhook.i18n import gettext as _
from webhook.i18n import lazy_gettext as _l
from webhook.inbox import blueprint
from webhook.inbox.errors import Refusal
from webhook.inbox.settings.forms import REQUIRED, Invalid, Text, edit, one_of
from webhook.inbox.settings.pages import Row, ShopTransaction, go_to, page, shop_transaction


class PersonForm(Form):
    name = Text(REQUIRED, most=80)
    email = Text(REQUIRED, Email(_l("Enter an e-mail address, such as name@example.com.")), fold=str.lower)
    role = Text(one_of(*RANKS), default="agent")


@blueprint.route("/settings/people", methods=["GET", "POST"])
@requires("admin")
def settings_people() -> Response:
    """Adds an account, or opens a closed one again. The response shows its password, only this once."""
    return edit("people", PersonForm, _add, show=_page, done=_show_password)


@blueprint.post("/settings/people/<int:key>/password")
@requires("admin")
def reset_password(key: int) -> Response:
    """A new password, shown once; the person's sessions end."""
    password = passwords.generated()
    with shop_transaction() as shop:
        email = _person(shop, key).email
        try:
            users.set_password(shop.cursor, email, password)
        except AccountFault:
            abort(404)
    return _show_password((email, password))


@blueprint.post("/settings/people/<int:key>/role")
@requires("admin")
def change_role(key: int) -> Response:
    """Refused if the role that the form showed is no longer the person's."""
    role = request.form.get("role", "")
    if role not in RANKS:
        abort(400)
    with shop_transaction() as shop:
        shop.execute("people_lock")
        if _person(shop, key).role != request.form.get("seen"):
            abort(409)
        if role != "admin":
            _require_another_admin(shop, key)
        shop.execute("people_role", user_id=key, role=role)
        if role == "viewer":
            users.release(shop.cursor, key)
    return go_to("settings_people", saved=1)


@blueprint.post("/settings/people/<int:key>/close")
@requires("admin")
def close_account(key: int) -> Response:
    """End the person's sessions, and let nobody sign in with the account until it is added again."""
    with shop_transaction() as shop:
        shop.execute("people_lock")
        person = _person(shop, key)
        _require_another_admin(shop, key)
        if person.is_active:
            users.close(shop.cursor, person.email)
    return go_to("settings_people", saved=1)


def _page(**values: Any) -> Response:
    with shop_transaction() as shop:
        rows = shop.rows("people", user_id=None)
    return page("people", people=rows, **values)


def _show_password(shown: tuple[str, str]) -> Response:
    return _page(form=PersonForm(), shown=shown)


def _add(shop: ShopTransaction, data: dict[str, Any]) -> tuple[str, str]:
    password = passwords.generated()
    try:
        users.add(shop.cursor, password=password, **data)
    except AccountFault:
        raise Invalid("email", _("An account with this e-mail address already exists.")) from None
    return data["email"], password


def _person(shop: ShopTransaction, key: int) -> Row:
    rows = shop.rows("people", user_id=key)
    return rows[0] if rows else abort(404)


def _require_another_admin(shop: ShopTransaction, key: int) -> None:
    """Raises Refusal if the person is the only one who can change these settings."""
    person = _person(shop, key)
    if person.role == "admin" and person.is_active and not shop.rows("people_other_admins", user_id=key):
        raise Refusal(409, "s_people_last_admin", N_("This is the last admin. Make someone else an admin first."))
