"""What the figures are: the page that explains a KPI, for everybody who may see the dashboards, and the documents that
builds write, for admins."""

from __future__ import annotations

from flask import Blueprint, Response, abort

from dashboards import kpi_definitions
from webhook import dashboard_pages

blueprint = Blueprint("docs", __name__, url_prefix="/docs/data")


@dashboard_pages.blueprint.get("/dashboards/kpis/<metric>")
def kpi(metric: str) -> Response:
    """What a KPI means and how it is computed."""
    definition = kpi_definitions.load().get(metric)
    if definition is None:
        abort(404)
    return dashboard_pages.page("docs/kpi.html", definition=definition)
