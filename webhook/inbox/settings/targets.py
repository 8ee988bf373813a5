"""What a shop aims at: the figures that the dashboards show its own against."""

from __future__ import annotations

from typing import Literal, NamedTuple

from flask import Response, request

from webhook.accounts.access import requires
from webhook.inbox import blueprint
from webhook.inbox.settings.pages import Desk, Errors, Row, desk, fingerprint, go_to, number, page, save, typed, wrong


class Target(NamedTuple):
    """A KPI that a shop can aim at, in the KPI's unit; what it aims at if it has said nothing; and under which other
    names older settings keep it."""

    metric: str
    unit: Literal["business_seconds", "seconds", "percent", "currency"]
    default: float | None = None
    others: tuple[str, ...] = ()

    @property
    def bounds(self) -> tuple[float, float]:
        return {
            "business_seconds": (1, 604_800),
            "seconds": (1, 604_800),
            "percent": (0, 100),
            "currency": (1, 1e12),
        }[self.unit]


TARGETS = (
    Target("first_response_on_time_rate", "business_seconds", 300, others=("first_response_time",)),
    Target("first_response_time_median", "seconds"),
    Target("response_time_median", "seconds"),
    Target("unanswered_rate", "percent"),
    Target("bot_success_rate", "percent"),
    Target("handover_rate", "percent"),
    Target("csat", "percent"),
    Target("chat_conversion_rate", "percent"),
    Target("net_sales", "currency"),
)


@blueprint.get("/settings/targets")
@requires("admin")
def settings_targets() -> Response:
    with desk() as at:
        rows = _read(at)
    given = {}
    for target in TARGETS:
        known = [value for name in (target.metric, *target.others) for metric, value in rows if metric == name]
        given[target.metric] = f"{known[0]:.12g}" if known else ""
    return page("targets", targets=TARGETS, given=given, seen=fingerprint(rows))


@blueprint.post("/settings/targets")
@requires("admin")
def save_targets() -> Response:
    given = {target.metric: typed(target.metric, 16) for target in TARGETS}
    wanted, errors = _wanted(given)
    if errors:
        return page("targets", 422, targets=TARGETS, given=given, seen=request.form.get("seen"), errors=errors)
    if there := save("targets", _read, lambda at: _write(at, wanted)):
        return page("targets", 409, targets=TARGETS, given=given, seen=there, is_changed=True)
    return go_to("settings_targets", saved=1)


def _read(at: Desk) -> list[Row]:
    return at.rows("targets")


def _write(at: Desk, wanted: dict[str, float | None]) -> None:
    for target in TARGETS:
        at.change("targets_remove", metrics=[target.metric, *target.others])
        if (value := wanted[target.metric]) is not None:
            at.change("targets_set", metric=target.metric, target=value)


def _wanted(given: dict[str, str]) -> tuple[dict[str, float | None], Errors]:
    """The targets as numbers, None for the default."""
    wanted: dict[str, float | None] = {}
    errors: Errors = {}
    for target in TARGETS:
        least, most = target.bounds
        text = given[target.metric]
        wanted[target.metric] = value = number(text)
        if text and (value is None or not least <= value <= most):
            errors |= wrong(target.metric, "s_targets_error", least=f"{least:.12g}", most=f"{most:.12g}")
    return wanted, errors
