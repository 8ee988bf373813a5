"""Rules: what the bot answers without a model. Listed in their order, edited, switched, and tried on a message."""

from __future__ import annotations

import re
from typing import Any

from flask import Response, abort
from flask_login import current_user

from bot.deciding import patterns, rules
from bot.deciding.patterns import InvalidPattern
from warehouse.i18n import N_
from webhook.accounts.access import requires
from webhook.inbox import blueprint
from webhook.inbox.previews import previewed
from webhook.inbox.settings.items import Items
from webhook.inbox.settings.pages import Errors, Row, desk, go_to, is_ticked, lines, page, required, typed, wrong
from webhook.inbox.settings.texts import too_long

RULES = Items("rules", "rule_id", ("intent", N_("A rule with this name already exists.")))
ACTIONS = ("handover", "facts", "stop", "start")
_NAMES = ("intent", "patterns", "answer_id", "answer_en", "action", "is_active")
_INTENT = re.compile(r"[a-z0-9][a-z0-9_]{0,47}")
_LONGEST_MESSAGE = 1000


@blueprint.get("/settings/rules")
@requires("admin")
def settings_rules() -> Response:
    return _list()


@blueprint.post("/settings/rules/try")
@requires("admin")
def try_rules() -> Response:
    text = typed("message", _LONGEST_MESSAGE)
    if not text:
        return _list(422, errors=required({"message": text}))
    return _list(is_previewed=True, message=text, shown=previewed(text))


@blueprint.get("/settings/rules/new")
@requires("admin")
def new_rule() -> Response:
    return RULES.form(None, {"is_active": True}, actions=ACTIONS)


@blueprint.get("/settings/rules/<int:key>")
@requires("admin")
def edit_rule(key: int) -> Response:
    row, seen = RULES.one(key)
    given = dict(zip(_NAMES, row[1:], strict=False))
    given["patterns"] = "\n".join(given["patterns"])
    return RULES.form(key, given, seen=seen, actions=ACTIONS, changed=row[7:])


@blueprint.post("/settings/rules/new", defaults={"key": None})
@blueprint.post("/settings/rules/<int:key>")
@requires("admin")
def save_rule(key: int | None) -> Response:
    given: dict[str, Any] = {
        "intent": typed("intent", 60).lower().replace(" ", "_"),
        "patterns": typed("patterns", rules.MAX_PATTERNS * (patterns.MAX_CHARACTERS + 1)),
    }
    errors = required(given)
    given |= {name: typed(name, 1601) for name in ("answer_id", "answer_en", "action")}
    given["is_active"] = is_ticked("is_active")
    written = lines(given["patterns"])
    values = {**given, **{name: given[name] or None for name in ("answer_id", "answer_en", "action")}}
    values |= {"patterns": written, "user_id": current_user.user_id}
    return RULES.save(key, given, values, errors or _errors(given, written), actions=ACTIONS)


@blueprint.post("/settings/rules/<int:key>/switch")
@requires("admin")
def switch_rule(key: int) -> Response:
    with desk() as at:
        known = at.change("rules_switch", rule_id=key, is_active=typed("to") == "on", user_id=current_user.user_id)
    if not known:
        abort(404)
    return go_to("settings_rules", saved=1, _anchor=f"rule-{key}")


@blueprint.post("/settings/rules/<int:key>/move")
@requires("admin")
def move_rule(key: int) -> Response:
    with desk() as at:
        at.change("lock", subject="rules")
        at.change("rules_move", rule_id=key, places=-1 if typed("to") == "up" else 1)
    return go_to("settings_rules", saved=1, _anchor=f"rule-{key}")


@blueprint.post("/settings/rules/<int:key>/remove")
@requires("admin")
def remove_rule(key: int) -> Response:
    return RULES.remove(key)


def _list(status: int = 200, **values: Any) -> Response:
    return page("rules", status, rules=_rows(), **{"message": "", **values})


def _rows() -> list[Row]:
    """The rules of a shop; one that has none yet is given those that every shop begins with, as the bot does."""
    with desk() as at:
        if not RULES.read(at):
            rules.seed(at.cursor, at.store_id)
        return RULES.read(at)


def _errors(given: dict[str, Any], written: list[str]) -> Errors:
    if not _INTENT.fullmatch(given["intent"]):
        return wrong("intent", N_("Use lower-case letters, digits and _; at most 48 characters."))
    if given["action"] and given["action"] not in ACTIONS:
        return wrong("action", N_("Choose an option from the list."))
    if bool(given["answer_id"]) != bool(given["answer_en"]):
        return wrong(
            "answer_en" if given["answer_id"] else "answer_id", N_("Enter the answer in both languages or in neither.")
        )
    return (
        too_long("answer_id", given["answer_id"]) | too_long("answer_en", given["answer_en"]) | _pattern_errors(written)
    )


def _pattern_errors(written: list[str]) -> Errors:
    if len(written) > rules.MAX_PATTERNS:
        return wrong("patterns", N_("At most {most} patterns."), most=rules.MAX_PATTERNS)
    for text in written:
        try:
            patterns.read(text)
        except InvalidPattern:
            most = {"words": patterns.MAX_WORDS, "characters": patterns.MAX_CHARACTERS}
            return wrong(
                "patterns",
                N_(
                    "“{pattern}” is not a valid pattern. Use words of letters and digits, * at the end of a word, / "
                    "between words, = at the start; at most {words} words and {characters} characters."
                ),
                pattern=text[: patterns.MAX_CHARACTERS],
                **most,
            )
    return {}
