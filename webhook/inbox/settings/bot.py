"""What a shop chooses of its bot."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from flask_login import current_user

from warehouse.i18n import N_
from webhook.accounts.access import requires
from webhook.inbox import blueprint
from webhook.inbox.settings.pages import (
    Desk,
    Row,
    desk,
    fingerprint,
    go_to,
    is_ticked,
    number,
    page,
    save,
    typed,
    wrong,
)

SWITCHES = ("is_bot_on", "asks_for_ratings", "is_handed_over_in_doubt")
LONGEST_PAUSE = 3.0
OPTIONS = ("is_bot_on", "pause_seconds", "asks_for_ratings", "is_handed_over_in_doubt")


@blueprint.get("/settings/bot")
@requires("admin")
def settings_bot() -> Response:
    with desk() as at:
        rows = _read_options(at)
    *options, updated_at, updated_by = rows[0]
    given: dict[str, Any] = dict(zip(OPTIONS, options, strict=True))
    given["pause_seconds"] = f"{given['pause_seconds']:g}"
    return page("bot", given=given, seen=fingerprint(rows), changed=(updated_at, updated_by) if updated_at else None)


@blueprint.post("/settings/bot")
@requires("admin")
def save_bot() -> Response:
    given: dict[str, Any] = {name: is_ticked(name) for name in SWITCHES}
    given["pause_seconds"] = typed("pause_seconds", 10)
    pause = number(given["pause_seconds"])
    if pause is None or not 0 <= pause <= LONGEST_PAUSE:
        errors = wrong("pause_seconds", N_("Enter a number from 0 to 3."))
        return page("bot", 422, given=given, seen=request.form.get("seen"), errors=errors)
    values = {**given, "pause_seconds": pause, "user_id": current_user.user_id}
    if there := save("bot", _read_options, lambda at: at.change("bot_save", **values)):
        return page("bot", 409, given=given, seen=there, is_changed=True)
    return go_to("settings_bot", saved=1)


def _read_options(at: Desk) -> list[Row]:
    return at.rows("bot")
