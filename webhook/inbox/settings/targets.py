"""What a shop aims at: the figures that the dashboards show its own against."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from dashboards import kpi_definitions
from dashboards.kpi_definitions import Definition, Limit
from warehouse.i18n import N_
from webhook.accounts.access import requires
from webhook.i18n import gettext as _
from webhook.i18n import language
from webhook.inbox import blueprint
from webhook.inbox.settings.pages import Desk, Errors, Row, desk, fingerprint, go_to, number, page, save, typed, wrong

HINTS = {
    "seconds": N_("300 seconds are five minutes."),
    "percent": N_("From 0 to 100."),
    "count": N_("Per day."),
    "currency": N_("Per day, in the shop's currency."),
}
MEDIAN = 0.5
BOUNDS = {"seconds": (1, 604_800), "percent": (0, 100), "count": (1, 1e12), "currency": (1, 1e12)}


def targets() -> list[Definition]:
    """The KPIs that a shop can aim at. A target is in the unit of the KPI that is held against it."""
    return [kpi for kpi in kpi_definitions.load().values() if kpi.target]


@blueprint.get("/settings/targets")
@requires("admin")
def settings_targets() -> Response:
    with desk() as at:
        rows = _read(at)
    known = {metric: f"{value:.12g}" for metric, value in rows}
    given = {kpi.metric: known.get(kpi.metric, "") for kpi in targets()}
    return _page(given, seen=fingerprint(rows))


@blueprint.post("/settings/targets")
@requires("admin")
def save_targets() -> Response:
    given = {kpi.metric: typed(kpi.metric, 16) for kpi in targets()}
    wanted, errors = _wanted(given)
    if errors:
        return _page(given, 422, seen=request.form.get("seen"), errors=errors)
    if there := save("targets", _read, lambda at: _write(at, wanted)):
        return _page(given, 409, seen=there, is_changed=True)
    return go_to("settings_targets", saved=1)


def _page(given: dict[str, str], status: int = 200, **values: Any) -> Response:
    fields = [(kpi.metric, _label(kpi), _hint(kpi), _default(kpi), given[kpi.metric]) for kpi in targets()]
    return page("targets", status, fields_of_kpis=fields, **values)


def _label(kpi: Definition) -> str:
    compared = kpi.compared
    title = compared.title.to(language())
    if compared is kpi and kpi.percentile == MEDIAN:
        title = _("{title} (median)", title=title)
    label = _("{title}, at most", title=title) if compared.better == "lower" else _("{title}, at least", title=title)
    unit = {"percent": "%", "seconds": _("seconds")}.get(compared.unit)
    return f"{label} ({unit})" if unit else label


def _hint(kpi: Definition) -> str:
    default = _default(kpi)
    empty = _("If left empty, {default} applies.", default=default) if default else _("Leave empty for no target.")
    return f"{_(HINTS[kpi.compared.unit])} {empty}"


def _default(kpi: Definition) -> str:
    return f"{kpi.target.default:g}" if isinstance(kpi.target, Limit) else ""


def _read(at: Desk) -> list[Row]:
    return at.rows("targets")


def _write(at: Desk, wanted: dict[str, float | None]) -> None:
    at.change("targets_remove", metrics=list(wanted))
    for metric, target in wanted.items():
        if target is not None:
            at.change("targets_set", metric=metric, target=target)


def _wanted(given: dict[str, str]) -> tuple[dict[str, float | None], Errors]:
    """The targets as numbers, None for the default."""
    wanted: dict[str, float | None] = {}
    errors: Errors = {}
    for kpi in targets():
        least, most = BOUNDS[kpi.compared.unit]
        text = given[kpi.metric]
        wanted[kpi.metric] = value = number(text)
        if text and (value is None or not least <= value <= most):
            errors |= wrong(
                kpi.metric, N_("Enter a number from {least} to {most}."), least=f"{least:.12g}", most=f"{most:.12g}"
            )
    return wanted, errors
