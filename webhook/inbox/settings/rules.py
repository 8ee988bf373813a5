"""Rules, which the bot answers by without a model: listed in their order, edited, switched, and tried on a message."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, request
from flask_login import current_user
from wtforms import BooleanField, Form, ValidationError

from bot.deciding import patterns, rules
from bot.deciding.patterns import InvalidPattern
from webhook.accounts.access import requires
from webhook.i18n import gettext as _
from webhook.i18n import lazy_gettext as _l
from webhook.inbox import blueprint
from webhook.inbox.previews import previewed
from webhook.inbox.settings.forms import REQUIRED, Lines, Text, matches, one_of
from webhook.inbox.settings.items import Items
from webhook.inbox.settings.pages import go_to, page, shop_transaction
from webhook.inbox.settings.texts import LONGEST_TEXT


class RuleForm(Form):
    actions = ("handover", "facts", "stop", "start")

    intent = Text(
        REQUIRED,
        matches("[a-z0-9][a-z0-9_]{0,47}", _l("Use lower-case letters, digits and _; at most 48 characters.")),
        fold=lambda text: text.lower().replace(" ", "_"),
    )
    patterns = Lines(REQUIRED, most=rules.MAX_PATTERNS * (patterns.MAX_CHARACTERS + 1))
    answer_id = Text(most=LONGEST_TEXT)
    answer_en = Text(most=LONGEST_TEXT)
    action = Text(one_of("", *actions))
    is_active = BooleanField(default=True)

    def validate_patterns(self, field: Any) -> None:
        if len(field.data) > rules.MAX_PATTERNS:
            raise ValidationError(_("At most {most} patterns.", most=rules.MAX_PATTERNS))
        for text in field.data:
            try:
                patterns.read(text)
            except InvalidPattern:
                raise ValidationError(
                    _(
                        "“{pattern}” is not a valid pattern. Use words of letters and digits, * at the end of a word, "
                        "/ between words, = at the start; at most {words} words and {characters} characters.",
                        pattern=text[: patterns.MAX_CHARACTERS],
                        words=patterns.MAX_WORDS,
                        characters=patterns.MAX_CHARACTERS,
                    )
                ) from None

    def validate_answer_id(self, answer: Any) -> None:
        self._require_beside(answer, self.answer_en)

    def validate_answer_en(self, answer: Any) -> None:
        self._require_beside(answer, self.answer_id)

    def _require_beside(self, answer: Any, other: Any) -> None:
        if other.data and not answer.data:
            raise ValidationError(_("Enter the answer in both languages or in neither."))


class SampleForm(Form):
    message = Text(REQUIRED, most=1000)


RULES = Items("rules", "rule_id", RuleForm, ("intent", _l("A rule with this name already exists.")))


@blueprint.get("/settings/rules")
@requires("admin")
def settings_rules() -> Response:
    return _list(form=SampleForm())


@blueprint.post("/settings/rules/try")
@requires("admin")
def try_rules() -> Response:
    form = SampleForm(request.form)
    if not form.validate():
        return _list(422, form=form)
    return _list(form=form, is_previewed=True, shown=previewed(form.message.data))


@blueprint.route("/settings/rules/new", methods=["GET", "POST"], defaults={"key": None})
@blueprint.route("/settings/rules/<int:key>", methods=["GET", "POST"])
@requires("admin")
def edit_rule(key: int | None) -> Response:
    return RULES.edit(key, user_id=current_user.user_id)


@blueprint.post("/settings/rules/<int:key>/switch")
@requires("admin")
def switch_rule(key: int) -> Response:
    is_active = request.form.get("to") == "on"
    with shop_transaction() as shop:
        if not shop.execute("rules_switch", rule_id=key, is_active=is_active, user_id=current_user.user_id):
            abort(404)
    return go_to("settings_rules", saved=1, _anchor=f"rule-{key}")


@blueprint.post("/settings/rules/<int:key>/move")
@requires("admin")
def move_rule(key: int) -> Response:
    with shop_transaction() as shop:
        shop.execute("lock", subject="rules")
        shop.execute("rules_move", rule_id=key, places=-1 if request.form.get("to") == "up" else 1)
    return go_to("settings_rules", saved=1, _anchor=f"rule-{key}")


@blueprint.post("/settings/rules/<int:key>/remove")
@requires("admin")
def remove_rule(key: int) -> Response:
    return RULES.remove(key)


def _list(status: int = 200, **values: Any) -> Response:
    """The shop's rules. A shop without any starts with the default rules, as in the bot."""
    with shop_transaction() as shop:
        if not RULES.read(shop):
            rules.seed(shop.cursor, shop.store_id)
        rows = RULES.read(shop)
    return page("rules", status, rules=rows, **values)
