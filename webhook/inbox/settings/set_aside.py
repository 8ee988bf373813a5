"""Data that was set aside because it failed a check, and what admins decide about it."""

from __future__ import annotations

from flask import Response, abort, request

from webhook.accounts.access import requires
from webhook.i18n import gettext as _
from webhook.i18n import language
from webhook.inbox import blueprint, labels
from webhook.inbox.settings.pages import go_to, page, shop_transaction

SHOWN_AT_ONCE = 100
LONGEST_REASON = 500


@blueprint.get("/settings/set_aside")
@requires("admin")
def settings_set_aside() -> Response:
    return _page()


@blueprint.post("/settings/set_aside/dismiss")
@requires("admin")
def dismiss_set_aside() -> Response:
    reason = request.form.get("reason", "").strip()[:LONGEST_REASON]
    if not reason:
        return _page(422, _("Enter a reason for leaving it out."))
    return _decided("set_aside_dismiss", reason=reason)


@blueprint.post("/settings/set_aside/put-back")
@requires("admin")
def put_back_set_aside() -> Response:
    return _decided("set_aside_put_back")


def _decided(statement: str, **values: str) -> Response:
    """Decide about the row in the form, if it was set aside of the shop's data."""
    named = {name: request.form.get(name, "") for name in ("source", "id")}
    with shop_transaction() as shop:
        if any("\0" in value for value in [*named.values(), *values.values()]):
            abort(400)
        if not shop.rows("set_aside_row", **named) or not shop.rows(statement, **named, **values)[0].is_done:
            abort(404)
    return go_to("settings_set_aside", saved=1)


def _page(status: int = 200, problem: str = "") -> Response:
    with shop_transaction() as shop:
        rows = shop.rows("set_aside_rows", most=SHOWN_AT_ONCE + 1)
    open_rows = [row for row in rows if row.dismissed_at is None]
    return page(
        "set_aside",
        status,
        kind=lambda row: labels.label_or(language(), f"set_aside_{row.source}", row.source),
        waiting=open_rows[:SHOWN_AT_ONCE],
        decided=[row for row in rows if row.dismissed_at is not None][:SHOWN_AT_ONCE],
        is_cut=len(open_rows) > SHOWN_AT_ONCE,
        most=SHOWN_AT_ONCE,
        problem=problem,
    )
