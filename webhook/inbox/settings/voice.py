"""How the bot speaks: the shop's name, tone and instructions, in versions, with a preview of what it would say."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any, NamedTuple

from flask import Response, abort, request
from flask_login import current_user

from bot.shop import instructions
from bot.shop.instructions import Instructions
from warehouse.i18n import N_
from webhook.accounts.access import requires
from webhook.inbox import blueprint
from webhook.inbox.previews import previewed
from webhook.inbox.settings.pages import Errors, Row, desk, fingerprint, go_to, page, required, save, typed, wrong

MOST = {"shop_name": 80, "tone": 1000, "instructions": 6000}
_FIELDS = tuple(MOST)
_LONGEST_SAMPLE = 1000


class Line(NamedTuple):
    """A line of a comparison: in both versions, only in the newer (`added`), or only in the older (`gone`)."""

    kind: str
    text: str


@blueprint.get("/settings/voice")
@requires("admin")
def settings_voice() -> Response:
    with desk() as at:
        now = instructions.current(at.cursor, at.store_id)
    return _form(_given(now), seen=fingerprint(now.version))


@blueprint.post("/settings/voice")
@requires("admin")
def save_voice() -> Response:
    given = _typed()
    if errors := _errors(given):
        return _form(given, 422, seen=request.form.get("seen"), errors=errors)
    if there := _save(given):
        return _form(given, 409, seen=there, is_changed=True)
    return go_to("settings_voice", saved=1)


@blueprint.post("/settings/voice/preview")
@requires("admin")
def preview_voice() -> Response:
    """What the bot would say with what is typed and not yet saved."""
    given, sample = _typed(), typed("sample", _LONGEST_SAMPLE)
    errors = _errors(given) | required({"sample": sample})
    values: dict[str, Any] = {"seen": request.form.get("seen"), "sample": sample}
    if errors:
        return _form(given, 422, errors=errors, **values)
    wanted = Instructions(given["shop_name"], given["tone"], given["instructions"])
    return _form(given, is_previewed=True, shown=previewed(sample, wanted), **values)


@blueprint.get("/settings/voice/<int:version>")
@requires("admin")
def show_voice(version: int) -> Response:
    """An earlier version beside the one in use."""
    rows = _history()
    wanted = next((row for row in rows if row[0] == version), None)
    if wanted is None:
        abort(404)
    newest = rows[0]
    parts = [(name, list(_compared(wanted[place], newest[place]))) for place, name in enumerate(_FIELDS, start=1)]
    return page(
        "voice", template="voice_version", version=wanted, newest=newest, parts=parts, seen=fingerprint(newest[0])
    )


@blueprint.post("/settings/voice/<int:version>/restore")
@requires("admin")
def restore_voice(version: int) -> Response:
    """Go back to an earlier version by saving it as a new one."""
    wanted = next((row for row in _history() if row[0] == version), None)
    if wanted is None:
        abort(404)
    if _save(dict(zip(_FIELDS, wanted[1:4], strict=True))):
        abort(409)
    return go_to("settings_voice", saved=1)


def _form(given: dict[str, str], status: int = 200, **values: Any) -> Response:
    return page("voice", status, given=given, most=MOST, history=_history(), **{"sample": "", **values})


def _history() -> list[Row]:
    with desk() as at:
        return at.rows("voice")


def _save(given: dict[str, str]) -> str | None:
    return save(
        "voice",
        lambda at: instructions.current(at.cursor, at.store_id).version,
        lambda at: at.change("voice_add", user_id=current_user.user_id, **given),
    )


def _given(now: Instructions) -> dict[str, str]:
    return {name: getattr(now, name) for name in _FIELDS}


def _typed() -> dict[str, str]:
    return {name: typed(name, most + 1) for name, most in MOST.items()}


def _errors(given: dict[str, str]) -> Errors:
    errors = required(given)
    for name, most in MOST.items():
        if len(given[name]) > most:
            errors |= wrong(name, N_("At most {most} characters."), most=most)
    return errors


def _compared(older: str, newer: str) -> Iterator[Line]:
    kinds = {"  ": "same", "+ ": "added", "- ": "gone"}
    for line in difflib.ndiff(older.splitlines(), newer.splitlines()):
        if line[:2] in kinds:
            yield Line(kinds[line[:2]], line[2:])
