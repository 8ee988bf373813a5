"""Targets: the values of KPIs that a shop aims at, shown on its dashboards."""

from __future__ import annotations

from typing import Any

from flask import Response
from wtforms import Form
from wtforms.validators import Optional

from dashboards import kpi_definitions
from dashboards.kpi_definitions import Definition, Limit
from warehouse.i18n import N_
from webhook.accounts.access import requires
from webhook.i18n import gettext as _
from webhook.i18n import language
from webhook.inbox import blueprint
from webhook.inbox.settings.forms import Number, edit, in_range
from webhook.inbox.settings.pages import ShopTransaction

HINTS = {
    "seconds": N_("300 seconds are five minutes."),
    "percent": N_("From 0 to 100."),
    "count": N_("Per day."),
    "currency": N_("Per day, in the shop's currency."),
}
MEDIAN = 0.5
BOUNDS = {"seconds": (1, 604_800), "percent": (0, 100), "count": (1, 1e12), "currency": (1, 1e12)}


@blueprint.route("/settings/targets", methods=["GET", "POST"])
@requires("admin")
def settings_targets() -> Response:
    return edit("targets", _form_class(), _write, read=_read)


def _form_class() -> type[Form]:
    """A form in the reader's language: a field for each KPI that a shop can aim at, in the unit of the KPI that is
    compared with the target. An empty field means the default."""
    fields = {
        kpi.metric: Number(
            Optional(),
            in_range(*BOUNDS[kpi.compared.unit]),
            label=_label(kpi),
            description=_hint(kpi),
            render_kw={"placeholder": _default(kpi)},
        )
        for kpi in kpi_definitions.load().values()
        if kpi.target
    }
    return type("TargetsForm", (Form,), fields)


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


def _read(shop: ShopTransaction) -> dict[str, Any]:
    return {row.metric: row.target for row in shop.rows("targets")}


def _write(shop: ShopTransaction, wanted: dict[str, Any]) -> None:
    shop.execute("targets_remove", metrics=list(wanted))
    for metric, target in wanted.items():
        if target is not None:
            shop.execute("targets_set", metric=metric, target=target)
