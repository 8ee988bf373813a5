"""How the bot writes: the shop's name, tone and instructions, in versions, with a preview."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any, NamedTuple

from flask import Response, abort, request
from flask_login import current_user
from wtforms import Form

from bot.shop import instructions
from bot.shop.instructions import Instructions
from webhook.accounts.access import requires
from webhook.inbox import blueprint
from webhook.inbox.previews import previewed
from webhook.inbox.settings.forms import REQUIRED, Text, edit, newer_state
from webhook.inbox.settings.pages import Row, ShopTransaction, fingerprint, go_to, page, shop_transaction

_FIELDS = ("shop_name", "tone", "instructions")


class VoiceForm(Form):
    shop_name = Text(REQUIRED, most=80)
    tone = Text(REQUIRED, most=1000)
    instructions = Text(REQUIRED, most=6000)
    sample = Text(most=1000)


class PreviewForm(VoiceForm):
    sample = Text(REQUIRED, most=1000)


class Line(NamedTuple):
    """A line of a comparison; `kind`: `same`, only in the newer version (`added`), or only in the older (`gone`)."""

    kind: str
    text: str


@blueprint.route("/settings/voice", methods=["GET", "POST"])
@requires("admin")
def settings_voice() -> Response:
    return edit("voice", VoiceForm, _write, read=_read, show=_page)


@blueprint.post("/settings/voice/preview")
@requires("admin")
def preview_voice() -> Response:
    """What the bot would say with the settings in the form, which are not saved."""
    form, seen = PreviewForm(request.form), request.form.get("seen")
    if not form.validate():
        return _page(422, form=form, seen=seen)
    wanted = Instructions(*(form.data[name] for name in _FIELDS))
    return _page(form=form, seen=seen, is_previewed=True, shown=previewed(form.sample.data, wanted))


@blueprint.get("/settings/voice/<int:version>")
@requires("admin")
def show_voice(version: int) -> Response:
    """An earlier version compared with the one in use."""
    with shop_transaction() as shop:
        wanted, newest = _find(shop, version)
        seen = fingerprint(_read(shop))
    parts = [(name, list(_compared(getattr(wanted, name), getattr(newest, name)))) for name in _FIELDS]
    return page("voice", template="voice_version", version=wanted, newest=newest, parts=parts, seen=seen)


@blueprint.post("/settings/voice/<int:version>/restore")
@requires("admin")
def restore_voice(version: int) -> Response:
    """Go back to an earlier version by saving it as a new one."""
    with shop_transaction() as shop:
        wanted, _ = _find(shop, version)
        if newer_state(shop, "voice", _read):
            abort(409)
        _write(shop, wanted._asdict())
    return go_to("settings_voice", saved=1)


def _page(status: int = 200, **values: Any) -> Response:
    with shop_transaction() as shop:
        history = shop.rows("voice")
    return page("voice", status, history=history, **values)


def _find(shop: ShopTransaction, version: int) -> tuple[Row, Row]:
    """A version and the newest one. Raises NotFound."""
    rows = shop.rows("voice")
    return next((row for row in rows if row.version == version), None) or abort(404), rows[0]


def _read(shop: ShopTransaction) -> dict[str, Any]:
    return instructions.current(shop.cursor, shop.store_id)._asdict()


def _write(shop: ShopTransaction, values: dict[str, Any]) -> None:
    shop.execute("voice_add", **values, user_id=current_user.user_id)


def _compared(older: str, newer: str) -> Iterator[Line]:
    kinds = {"  ": "same", "+ ": "added", "- ": "gone"}
    for line in difflib.ndiff(older.splitlines(), newer.splitlines()):
        if line[:2] in kinds:
            yield Line(kinds[line[:2]], line[2:])
