"""What a shop chooses of its bot, and what it aims at."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import Response, request
from flask_login import current_user

from webhook.inbox import blueprint
from webhook.inbox.access import requires
from webhook.inbox.settings_pages import (
    Desk,
    Errors,
    Row,
    desk,
    fingerprint,
    go_to,
    is_ticked,
    page,
    save,
    typed,
    wrong,
)

SWITCHES = ("is_bot_on", "asks_for_ratings", "is_handed_over_in_doubt")
LONGEST_PAUSE = 3.0
DEFAULTS: dict[str, Any] = {
    "is_bot_on": True,
    "pause_seconds": 2.5,
    "asks_for_ratings": True,
    "is_handed_over_in_doubt": True,
}


class Target(NamedTuple):
    """A KPI that a shop can aim at; what it aims at if it has said nothing; and under which other names older settings
    keep it."""

    metric: str
    unit: str
    default: float
    most: float
    others: tuple[str, ...] = ()


TARGETS = (Target("first_response_on_time_rate", "seconds", 300, 604_800, others=("first_response_time",)),)


@blueprint.get("/settings/bot")
@requires("admin")
def settings_bot() -> Response:
    with desk() as at:
        row = _read_options(at)
    given = {**DEFAULTS, **(dict(zip(DEFAULTS, row[0], strict=False)) if row else {})}
    given["pause_seconds"] = f"{given['pause_seconds']:g}"
    return page("bot", given=given, seen=fingerprint(row), changed=row[0][4:] if row else None)


@blueprint.post("/settings/bot")
@requires("admin")
def save_bot() -> Response:
    given: dict[str, Any] = {name: is_ticked(name) for name in SWITCHES}
    given["pause_seconds"] = typed("pause_seconds", 10)
    pause = _number(given["pause_seconds"])
    if pause is None or not 0 <= pause <= LONGEST_PAUSE:
        errors = wrong("pause_seconds", "s_bot_error_pause")
        return page("bot", 422, given=given, seen=request.form.get("seen"), errors=errors)
    values = {**given, "pause_seconds": pause, "user_id": current_user.user_id}
    if there := save("bot", _read_options, lambda at: at.change("bot_save", **values)):
        return page("bot", 409, given=given, seen=there, is_changed=True)
    return go_to("settings_bot", saved=1)


@blueprint.get("/settings/targets")
@requires("admin")
def settings_targets() -> Response:
    with desk() as at:
        rows = _read_targets(at)
    given = {}
    for target in TARGETS:
        known = [value for name in (target.metric, *target.others) for metric, value in rows if metric == name]
        given[target.metric] = f"{known[0]:g}" if known else ""
    return page("targets", targets=TARGETS, given=given, seen=fingerprint(rows))


@blueprint.post("/settings/targets")
@requires("admin")
def save_targets() -> Response:
    given = {target.metric: typed(target.metric, 12) for target in TARGETS}
    wanted, errors = _wanted(given)
    if errors:
        return page("targets", 422, targets=TARGETS, given=given, seen=request.form.get("seen"), errors=errors)
    if there := save("targets", _read_targets, lambda at: _write_targets(at, wanted)):
        return page("targets", 409, targets=TARGETS, given=given, seen=there, is_changed=True)
    return go_to("settings_targets", saved=1)


def _read_options(at: Desk) -> list[Row]:
    return at.rows("bot")


def _read_targets(at: Desk) -> list[Row]:
    return at.rows("targets")


def _write_targets(at: Desk, wanted: dict[str, float | None]) -> None:
    for target in TARGETS:
        at.change("targets_remove", metrics=[target.metric, *target.others])
        if (value := wanted[target.metric]) is not None:
            at.change("targets_set", metric=target.metric, target=value)


def _wanted(given: dict[str, str]) -> tuple[dict[str, float | None], Errors]:
    """The targets as numbers, None for the default."""
    wanted: dict[str, float | None] = {}
    errors: Errors = {}
    for target in TARGETS:
        text = given[target.metric]
        wanted[target.metric] = value = _number(text)
        if text and (value is None or not 1 <= value <= target.most):
            errors |= wrong(target.metric, "s_targets_error", most=f"{target.most:g}")
    return wanted, errors


def _number(text: str) -> float | None:
    """A number with a comma or a point; None for what is none, as are those without end."""
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if abs(value) < 1e12 else None
