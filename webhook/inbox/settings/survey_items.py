"""The statements of a survey, which may be changed until it is opened."""

from __future__ import annotations

from functools import partial
from typing import Any

import psycopg2.errors
from flask import Response, abort, request
from wtforms import Form

from warehouse.i18n import N_
from webhook.accounts.access import requires
from webhook.i18n import gettext as _
from webhook.i18n import lazy_gettext as _l
from webhook.inbox import blueprint
from webhook.inbox.errors import Refusal
from webhook.inbox.settings.forms import REQUIRED, Invalid, Text, edit, matches
from webhook.inbox.settings.pages import ShopTransaction, page, shop_transaction
from webhook.inbox.settings.surveys import find, go_to_wave
from webhook.surveys import labels


class Dimension(Text):
    """A dimension of service quality: one of e-SERVQUAL in any language, or the shop's own as entered."""

    def parse(self, text: str) -> str:
        return labels.dimension_meant(text)

    def format(self, value: str) -> str:
        return labels.dimension(value)


class ItemForm(Form):
    item = Text(
        REQUIRED,
        matches(r"[A-Za-z0-9_-]{1,20}", _l("Use letters, digits, - and _; at most 20 characters.")),
        fold=str.upper,
    )
    dimension = Dimension(REQUIRED, most=80)
    text_id = Text(REQUIRED, most=300)
    text_en = Text(REQUIRED, most=300)


@blueprint.route("/settings/surveys/item/<path:wave>", methods=["GET", "POST"])
@requires("admin")
def edit_survey_item(wave: str) -> Response:
    """The form of the statement `?item=`, or of a new one."""
    key = request.args.get("item")

    def read(shop: ShopTransaction) -> dict[str, Any] | None:
        return next((row._asdict() for row in shop.rows("survey_items", wave=wave, item=key)), None)

    return edit(
        "surveys",
        ItemForm,
        partial(_write, wave, key),
        read=read if key else None,
        lock=f"survey {wave}",
        show=partial(_form, wave, key),
        done=lambda _result: go_to_wave(wave, saved=1),
    )


@blueprint.post("/settings/surveys/move/<path:wave>")
@requires("admin")
def move_survey_item(wave: str) -> Response:
    item = _item()
    with shop_transaction() as shop:
        _require_draft(shop, wave)
        shop.execute("survey_items_move", wave=wave, item=item, places=-1 if request.form.get("to") == "up" else 1)
    return go_to_wave(wave, saved=1, _anchor=f"item-{item}")


@blueprint.post("/settings/surveys/remove/<path:wave>")
@requires("admin")
def remove_survey_item(wave: str) -> Response:
    with shop_transaction() as shop:
        _require_draft(shop, wave)
        shop.execute("survey_items_remove", wave=wave, item=_item())
    return go_to_wave(wave, saved=1)


def _form(wave: str, key: str | None, status: int = 200, **values: Any) -> Response:
    with shop_transaction() as shop:
        find(shop, wave)
    names = labels.dimensions()
    return page("surveys", status, template="surveys_item", wave=wave, key=key, dimensions=names, **values)


def _write(wave: str, key: str | None, shop: ShopTransaction, data: dict[str, Any]) -> None:
    _require_draft(shop, wave)
    data["dimension"] = _as_spelled(shop, wave, data["dimension"])
    try:
        is_there = shop.execute(f"survey_items_{'save' if key else 'add'}", wave=wave, key=key, **data)
    except psycopg2.errors.UniqueViolation:
        raise Invalid("item", _("A statement with this short name already exists.")) from None
    if not is_there:
        abort(404)  # deleted meanwhile


def _as_spelled(shop: ShopTransaction, wave: str, dimension: str) -> str:
    """The dimension as the survey's statements spell it, if they have it: capitals make no other dimension."""
    known = {row.dimension.casefold(): row.dimension for row in shop.rows("survey_items", wave=wave, item=None)}
    return str(known.get(dimension.casefold(), dimension))


def _require_draft(shop: ShopTransaction, wave: str) -> None:
    """Lock the wave. Raises Refusal if it was opened: its statements stay as they were asked."""
    find(shop, wave)
    if not shop.rows("survey_draft", wave=wave):
        raise Refusal(409, "survey_opened", N_("The survey has been opened. Its statements can't be changed any more."))


def _item() -> str:
    return request.form.get("item", "").replace("\0", "")
