"""A card's figures as files: CSV for a spreadsheet, PNG for a message or a slide."""

from __future__ import annotations

from flask import Response, g

from dashboards import exports, picture, report
from webhook.dashboards import blueprint
from webhook.dashboards.drill_down import asked_for, attachment, filtered
from webhook.dashboards.rendering import reader


@blueprint.get("/dashboards/<name>/cards/<card_id>.csv")
def export_csv(name: str, card_id: str) -> Response:
    """The figures of a card as CSV."""
    shown = _built(name, card_id)
    ((_, (view,)),) = shown.sections
    return attachment(exports.write(*exports.figures(view)), f"{name}-{card_id}", shown.filters, "csv")


@blueprint.get("/dashboards/<name>/cards/<card_id>.png")
def export_png(name: str, card_id: str) -> Response:
    """The card as a picture, with its period and the age of its data."""
    shown = _built(name, card_id)
    return attachment(picture.draw_card(shown), f"{name}-{card_id}", shown.filters, "png")


def _built(name: str, card_id: str) -> report.Report:
    """A report of one card alone."""
    asked = asked_for(name, card_id)
    with reader().session() as session:
        chosen, extent = filtered(asked.dashboard, session.extents())
        return report.build(session, asked.dashboard.only(asked.card), chosen, extent, g.language)
