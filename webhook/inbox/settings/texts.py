"""Texts that people send: canned replies, which agents may edit too, and the templates that WhatsApp has approved."""

from __future__ import annotations

import re
from typing import Any

from flask import Response
from wtforms import BooleanField, Form, ValidationError

from webhook.accounts.access import requires
from webhook.i18n import gettext as _
from webhook.i18n import lazy_gettext as _l
from webhook.inbox import blueprint
from webhook.inbox.settings.forms import REQUIRED, Lines, Text, matches, one_of
from webhook.inbox.settings.items import Items

LONGEST_TEXT = 1600
"""Characters that Twilio takes in one message."""

_VARIABLE = re.compile(r"\{\{(\d+)\}\}")


class CannedReplyForm(Form):
    shortcut = Text(
        REQUIRED,
        matches(r"[\w-]{1,32}", _l("Use one word of letters, digits, - and _; at most 32 characters.")),
        fold=str.lower,
    )
    text_id = Text(REQUIRED, most=LONGEST_TEXT)
    text_en = Text(REQUIRED, most=LONGEST_TEXT)


class TemplateForm(Form):
    content_sid = Text(REQUIRED, matches("HX[0-9a-f]{32}", _l("HX followed by 32 digits or letters from a to f.")))
    name = Text(REQUIRED, most=80)
    language = Text(one_of("id", "en"), default="id")
    body = Text(REQUIRED, most=LONGEST_TEXT)
    variables = Lines(most=2000)
    is_active = BooleanField(default=True)

    def validate_variables(self, variables: Any) -> None:
        """`{{1}}` to `{{n}}` are in the body, and each has a name."""
        used = {int(number) for number in _VARIABLE.findall(self.body.data)}
        if not self.body.errors and used != set(range(1, len(variables.data) + 1)):
            message = _(
                "Fields in the text, counted from {{{{1}}}}: {used}. Names below: {named}. Enter one name for each.",
                used=len(used),
                named=len(variables.data),
            )
            raise ValidationError(message)


CANNED = Items(
    "canned",
    "canned_reply_id",
    CannedReplyForm,
    ("shortcut", _l("A canned reply with this shortcut already exists.")),
)
TEMPLATES = Items(
    "templates", "content_sid", TemplateForm, ("content_sid", _l("A template with this Content SID already exists."))
)


@blueprint.get("/settings/canned")
@requires("agent")
def settings_canned() -> Response:
    return CANNED.list()


@blueprint.route("/settings/canned/new", methods=["GET", "POST"], defaults={"key": None})
@blueprint.route("/settings/canned/<int:key>", methods=["GET", "POST"])
@requires("agent")
def edit_canned(key: int | None) -> Response:
    return CANNED.edit(key)


@blueprint.post("/settings/canned/<int:key>/remove")
@requires("agent")
def remove_canned(key: int) -> Response:
    return CANNED.remove(key)


@blueprint.get("/settings/templates")
@requires("admin")
def settings_templates() -> Response:
    return TEMPLATES.list()


@blueprint.route("/settings/templates/new", methods=["GET", "POST"], defaults={"key": None})
@blueprint.route("/settings/templates/<key>", methods=["GET", "POST"])
@requires("admin")
def edit_template(key: str | None) -> Response:
    return TEMPLATES.edit(key)


@blueprint.post("/settings/templates/<key>/remove")
@requires("admin")
def remove_template(key: str) -> Response:
    return TEMPLATES.remove(key)
