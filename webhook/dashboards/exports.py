"""Figures as files: a card's as CSV or XLSX for a spreadsheet or PNG for a message or a slide, a dashboard as PDF."""

from __future__ import annotations

from flask import Response, abort, g

from dashboards import exports, picture, report
from webhook.dashboards import blueprint
from webhook.dashboards.drill_down import asked_for, attachment, filtered
from webhook.dashboards.rendering import known, reader


@blueprint.get("/dashboards/<name>/cards/<card_id>.csv")
def export_csv(name: str, card_id: str) -> Response:
    """The figures of a card as CSV."""
    shown = _built(name, card_id)
    ((_, (view,)),) = shown.sections
    written = exports.write(*exports.figures(view), g.language)
    return attachment(written, f"{name}-{card_id}", shown.filters, "csv")


@blueprint.get("/dashboards/<name>/cards/<card_id>.xlsx")
def export_xlsx(name: str, card_id: str) -> Response:
    """The figures of a card as an Excel file."""
    shown = _built(name, card_id)
    ((_, (view,)),) = shown.sections
    header, rows = exports.figures(view)
    written = exports.workbook(exports.titles(view, header, g.language), rows, shown.extent.timezone)
    return attachment(written, f"{name}-{card_id}", shown.filters, "xlsx")


@blueprint.get("/dashboards/<name>/cards/<card_id>.png")
def export_png(name: str, card_id: str) -> Response:
    """The card as a picture, with its period and the age of its data."""
    shown = _built(name, card_id)
    return attachment(picture.draw_card(shown), f"{name}-{card_id}", shown.filters, "png")


@blueprint.get("/dashboards/<name>.pdf")
def export_pdf(name: str) -> Response:
    """The numbers and charts of a dashboard as one PDF page."""
    dashboard = known(name) or abort(404)
    with reader().session() as session:
        chosen, extent = filtered(dashboard, session.extents())
        shown = report.build(session, dashboard, chosen, extent, g.language)
    return attachment(picture.draw_pdf(shown), name, shown.filters, "pdf")


def _built(name: str, card_id: str) -> report.Report:
    """A report of one card alone."""
    asked = asked_for(name, card_id)
    with reader().session() as session:
        chosen, extent = filtered(asked.dashboard, session.extents())
        return report.build(session, asked.dashboard.only(asked.card), chosen, extent, g.language)
