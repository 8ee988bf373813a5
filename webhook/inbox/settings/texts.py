"""Texts that people send: canned replies, which agents edit as well, and the templates that WhatsApp has approved."""

from __future__ import annotations

import re
from typing import Any

from flask import Response

from warehouse.i18n import N_
from webhook.accounts.access import requires
from webhook.inbox import blueprint
from webhook.inbox.settings.items import Items
from webhook.inbox.settings.pages import Errors, is_ticked, lines, page, required, typed, wrong

LONGEST_TEXT = 1600
"""Characters of a message: more than that Twilio does not take."""

CANNED = Items("canned", "canned_reply_id", ("shortcut", N_("A canned reply with this shortcut already exists.")))
TEMPLATES = Items("templates", "content_sid", ("content_sid", N_("A template with this Content SID already exists.")))

_SHORTCUT = re.compile(r"[\w-]{1,32}")
_CONTENT_SID = re.compile(r"HX[0-9a-f]{32}")
_VARIABLE = re.compile(r"\{\{(\d+)\}\}")


@blueprint.get("/settings/canned")
@requires("agent")
def settings_canned() -> Response:
    return page("canned", replies=CANNED.all())


@blueprint.get("/settings/canned/new")
@requires("agent")
def new_canned() -> Response:
    return CANNED.form(None, {})


@blueprint.get("/settings/canned/<int:key>")
@requires("agent")
def edit_canned(key: int) -> Response:
    row, seen = CANNED.one(key)
    return CANNED.form(key, dict(zip(("shortcut", "text_id", "text_en"), row[1:], strict=True)), seen=seen)


@blueprint.post("/settings/canned/new", defaults={"key": None})
@blueprint.post("/settings/canned/<int:key>")
@requires("agent")
def save_canned(key: int | None) -> Response:
    given = {"shortcut": typed("shortcut", 40).lower()}
    given |= {name: typed(name, LONGEST_TEXT + 1) for name in ("text_id", "text_en")}
    return CANNED.save(key, given, given, required(given) or _canned_errors(given))


@blueprint.post("/settings/canned/<int:key>/remove")
@requires("agent")
def remove_canned(key: int) -> Response:
    return CANNED.remove(key)


@blueprint.get("/settings/templates")
@requires("admin")
def settings_templates() -> Response:
    return page("templates", templates=TEMPLATES.all())


@blueprint.get("/settings/templates/new")
@requires("admin")
def new_template() -> Response:
    return TEMPLATES.form(None, {"is_active": True, "language": "id"})


@blueprint.get("/settings/templates/<key>")
@requires("admin")
def edit_template(key: str) -> Response:
    row, seen = TEMPLATES.one(key)
    names = ("content_sid", "name", "language", "body", "variables", "is_active")
    given = dict(zip(names, row, strict=True))
    return TEMPLATES.form(key, {**given, "variables": "\n".join(given["variables"])}, seen=seen)


@blueprint.post("/settings/templates/new", defaults={"key": None})
@blueprint.post("/settings/templates/<key>")
@requires("admin")
def save_template(key: str | None) -> Response:
    needed = {
        "content_sid": key or typed("content_sid", 40),
        "name": typed("name", 80),
        "body": typed("body", LONGEST_TEXT + 1),
    }
    given: dict[str, Any] = {**needed, "language": typed("language"), "is_active": is_ticked("is_active")}
    given["variables"] = typed("variables", 2000)
    variables = lines(given["variables"])
    errors = required(needed) or _template_errors(given, variables)
    return TEMPLATES.save(key, given, {**given, "variables": variables}, errors)


@blueprint.post("/settings/templates/<key>/remove")
@requires("admin")
def remove_template(key: str) -> Response:
    return TEMPLATES.remove(key)


def _canned_errors(given: dict[str, str]) -> Errors:
    errors = (
        {}
        if _SHORTCUT.fullmatch(given["shortcut"])
        else wrong("shortcut", N_("Use one word of letters, digits, - and _; at most 32 characters."))
    )
    for name in ("text_id", "text_en"):
        errors |= too_long(name, given[name])
    return errors


def _template_errors(given: dict[str, Any], variables: list[str]) -> Errors:
    """`{{1}}` to `{{n}}` stand in the body, and each has a name."""
    if not _CONTENT_SID.fullmatch(given["content_sid"]):
        return wrong("content_sid", N_("HX followed by 32 digits or letters from a to f."))
    if given["language"] not in ("id", "en"):
        return wrong("language", N_("Choose an option from the list."))
    if errors := too_long("body", given["body"]):
        return errors
    used = {int(number) for number in _VARIABLE.findall(given["body"])}
    if used != set(range(1, len(variables) + 1)):
        return wrong(
            "variables",
            N_("The text has {used} fields, counted from {{{{1}}}}, but {named} names are given."),
            used=len(used),
            named=len(variables),
        )
    return {}


def too_long(name: str, text: str) -> Errors:
    """Says of a text that no message can hold it."""
    return wrong(name, N_("At most {most} characters."), most=LONGEST_TEXT) if len(text) > LONGEST_TEXT else {}
