"""Surveys: waves are made, opened, watched, closed and opened again here, and their answers taken out."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import psycopg2.errors
import yaml
from flask import Response, abort, request
from flask_login import current_user
from wtforms import Form
from wtforms.validators import Optional

from dashboards import exports
from warehouse.i18n import N_
from webhook.accounts.access import requires
from webhook.i18n import gettext as _
from webhook.i18n import language
from webhook.i18n import lazy_gettext as _l
from webhook.inbox import blueprint
from webhook.inbox.errors import Refusal
from webhook.inbox.settings.forms import REQUIRED, Day, Invalid, Text, edit, matches
from webhook.inbox.settings.pages import Row, ShopTransaction, go_to, page, shop_transaction, timezone, today
from webhook.surveys import labels, links

_ITEMS = Path(__file__).parent / "e_servqual.yml"
_COLUMNS = (
    "respondent", "item", "dimension", "performance", "expectation", "text", "gender", "age_band", "job",
    "customer_since",
)  # fmt: skip
_DAY_PASSED = N_("The closing day has passed. Choose a later day, or leave it empty.")


class TitleForm(Form):
    title_id = Text(REQUIRED, most=120)
    title_en = Text(REQUIRED, most=120)


class WaveForm(TitleForm):
    """A survey's titles, and the last day on which it takes answers."""

    closes_on = Day(Optional())


class NewWaveForm(TitleForm):
    wave = Text(
        REQUIRED,
        matches(r"[\w][\w .-]{0,79}", _l("Use letters, digits, spaces, points and -; at most 80 characters.")),
    )


@blueprint.get("/settings/surveys")
@requires("admin")
def settings_surveys() -> Response:
    with shop_transaction() as shop:
        rows = shop.rows("surveys", name=None)
    return page("surveys", waves=rows)


@blueprint.route("/settings/surveys/new", methods=["GET", "POST"])
@requires("admin")
def add_survey() -> Response:
    """A new wave with the items of an earlier one (`?copied=`), else those of e-SERVQUAL."""
    copied = request.args.get("copied")
    show = partial(page, "surveys", template="surveys_new", copied=copied)
    done = partial(go_to_wave, saved=1)
    return edit("surveys", NewWaveForm, partial(_add, copied=copied), show=show, done=done)


@blueprint.route("/settings/surveys/wave/<path:wave>", methods=["GET", "POST"])
@requires("admin")
def show_survey(wave: str) -> Response:
    return edit(
        "surveys",
        WaveForm,
        partial(_save, wave),
        read=lambda shop: {name: getattr(find(shop, wave), name) for name in ("title_id", "title_en", "closes_on")},
        lock=f"survey {wave}",
        show=partial(_wave_page, wave),
        done=lambda _result: go_to_wave(wave, saved=1),
    )


@blueprint.post("/settings/surveys/open/<path:wave>")
@requires("admin")
def open_survey(wave: str) -> Response:
    with shop_transaction() as shop:
        found = find(shop, wave)
        if found.state == "draft" and found.closes_on and found.closes_on < today():
            raise Refusal(409, "survey_closing_passed", _DAY_PASSED)
        if found.state == "draft" and not shop.execute("surveys_open", wave=wave):
            raise Refusal(409, "survey_without_items", N_("Add at least one statement before you open the survey."))
    return go_to_wave(wave, saved=1)


@blueprint.post("/settings/surveys/close/<path:wave>")
@requires("admin")
def close_survey(wave: str) -> Response:
    with shop_transaction() as shop:
        find(shop, wave)
        shop.execute("surveys_close", wave=wave)
    return go_to_wave(wave, saved=1)


@blueprint.post("/settings/surveys/reopen/<path:wave>")
@requires("admin")
def reopen_survey(wave: str) -> Response:
    """Take answers again, until the closing day if it is still to come."""
    with shop_transaction() as shop:
        find(shop, wave)
        shop.execute("surveys_reopen", wave=wave)
    return go_to_wave(wave, saved=1)


@blueprint.get("/settings/surveys/answers/<path:wave>")
@requires("admin")
def export_survey(wave: str) -> Response:
    """The wave's answers as CSV."""
    with shop_transaction() as shop:
        find(shop, wave)
        rows = shop.rows("surveys_answers", name=wave, language=language())
    response = Response(exports.write(_COLUMNS, rows, language()), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=f"survey-{wave}.csv")
    return response


def find(shop: ShopTransaction, wave: str) -> Row:
    """The wave with its counts. Raises NotFound."""
    return next(iter(shop.rows("surveys", name=wave)), None) or abort(404)


def go_to_wave(wave: str, **values: Any) -> Response:
    return go_to("show_survey", wave=wave, **values)


def _wave_page(wave: str, status: int = 200, **values: Any) -> Response:
    with shop_transaction() as shop:
        found, items = find(shop, wave), shop.rows("survey_items", wave=wave, item=None)
        channels = shop.rows("survey_channels", name=wave)
    link = links.address(links.Link(shop.store_id, wave)) if found.state == "open" else None
    return page(
        "surveys",
        status,
        template="surveys_wave",
        wave=found,
        items=items,
        channels=channels,
        link=link,
        dimension_name=labels.dimension,
        **values,
    )


def _save(wave: str, shop: ShopTransaction, data: dict[str, Any]) -> None:
    """A closed survey keeps its closing day."""
    closes_on = data["closes_on"]
    if closes_on and closes_on < today() and find(shop, wave).state != "closed":
        raise Invalid("closes_on", _(_DAY_PASSED))
    shop.execute("surveys_save", wave=wave, timezone=timezone(), **data)


def _add(shop: ShopTransaction, data: dict[str, Any], copied: str | None) -> str:
    wave: str = data["wave"]
    if copied:
        find(shop, copied)
    try:
        shop.execute("surveys_add", **data, user_id=current_user.user_id)
    except psycopg2.errors.UniqueViolation:
        raise Invalid("wave", _("A survey with this name already exists.")) from None
    if copied:
        shop.execute("surveys_copy", wave=wave, copied=copied)
        return wave
    for each in yaml.safe_load(_ITEMS.read_text(encoding="utf-8")):
        texts = {"text_id": each["id"], "text_en": each["en"]}
        shop.execute("survey_items_add", wave=wave, item=each["item"], dimension=each["dimension"], **texts)
    return wave
