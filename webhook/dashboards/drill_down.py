"""Drill-down: the rows behind a card, page by page and as a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from flask import Response, abort, g, request

from dashboards import exports, fact_words, facts, filters, kpi_definitions, words
from dashboards.definition import Card, Dashboard
from dashboards.filters import Filters
from dashboards.reader import Extent, Row
from webhook.dashboards import blueprint
from webhook.dashboards.rendering import known, page, reader
from webhook.inbox import database
from webhook.services import services

SQL = Path(__file__).parent / "sql"
MOST_ROWS_OF_A_FILE = 50_000
LAST_PAGE = 1_000
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "png": "image/png",
    "pdf": "application/pdf",
}


class Asked(NamedTuple):
    """A card of a dashboard, and the selected part of it or None."""

    dashboard: Dashboard
    card: Card
    part: str | None


@dataclass(frozen=True)
class Shown:
    """A row for the page, with its thread in the inbox if there is one."""

    texts: list[tuple[str, object]]
    thread: int | None


@blueprint.app_template_global()
def kpi_title(metric: str) -> str:
    """A KPI's title in the reader's language."""
    return kpi_definitions.load()[metric].title.to(g.language)


@blueprint.get("/dashboards/<name>/cards/<card_id>/facts")
def show_facts(name: str, card_id: str) -> Response:
    """A page of the rows behind a card, filtered by the address."""
    asked, number = _with_facts(asked_for(name, card_id)), _page_number()
    with reader().session() as session:
        extents = session.extents()
        chosen, extent = filtered(asked.dashboard, extents)
        summary = facts.summary(session, asked.card, chosen, asked.part)
        skipped = (number - 1) * facts.ROWS_A_PAGE
        rows = facts.rows(session, asked.card, chosen, asked.part, skipped=skipped)
    return page(
        "dashboards/facts.html",
        **asked._asdict(),
        chosen=chosen,
        extent=extent,
        summary=summary,
        number=number,
        columns=[(column, fact_words.COLUMNS[column].to(g.language)) for column in _columns(asked.card, rows)],
        narrowed=_narrowed(asked, chosen, extent),
        rows=_shown(asked.card, rows, chosen, extent),
        most=MOST_ROWS_OF_A_FILE,
        last_page=min(summary.pages, LAST_PAGE),
    )


@blueprint.get("/dashboards/<name>/cards/<card_id>/facts.<any(csv, xlsx):ending>")
def export_facts(name: str, card_id: str, ending: str) -> Response:
    """The newest rows behind a card as a file."""
    asked = _with_facts(asked_for(name, card_id))
    with reader().session() as session:
        chosen, extent = filtered(asked.dashboard, session.extents())
        rows = facts.rows(session, asked.card, chosen, asked.part, most=MOST_ROWS_OF_A_FILE)
    header, values = list(rows[0]) if rows else [], (list(row.values()) for row in rows)
    of = "-".join([name, card_id, "rows", *([asked.part] if asked.part else [])])
    if ending == "csv":
        return attachment(exports.write(header, values, g.language), of, chosen, ending)
    titles = exports.fact_titles(header, g.language)
    return attachment(exports.workbook(titles, values, extent.timezone), of, chosen, ending)


def asked_for(name: str, card_id: str) -> Asked:
    """The card in the address. Raises NotFound, and BadRequest for an invalid part."""
    dashboard = known(name) or abort(404)
    card = next((card for card in dashboard.cards if card.id == card_id), None) or abort(404)
    part = request.args.get("part") or None
    if part and "\0" in part:
        abort(400)
    return Asked(dashboard, card, part)


def filtered(dashboard: Dashboard, extents: dict[str, Extent]) -> tuple[Filters, Extent]:
    """The filters of the address that the dashboard supports, and the extent of the shop's data. Raises
    InvalidFilter."""
    chosen = filters.parse(request.args, extents, services().settings.default_store).on(dashboard)
    return chosen, extents[chosen.store]


def attachment(content: str | bytes, of: str, chosen: Filters, ending: str) -> Response:
    """A file download."""
    response = Response(content, content_type=CONTENT_TYPES[ending])
    response.headers["Content-Disposition"] = f'attachment; filename="{exports.name(of, chosen)}.{ending}"'
    return response


def _with_facts(asked: Asked) -> Asked:
    if asked.card.facts is None or (asked.part and not asked.card.facts.by):
        abort(404)
    return asked


def _page_number() -> int:
    text = request.args.get("page") or "1"
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= LAST_PAGE):
        abort(404)
    return int(text)


def _narrowed(asked: Asked, chosen: Filters, extent: Extent) -> list[str]:
    """Filters besides the period and the shop, and those that do not apply to these rows."""
    titles = filters.narrowed(asked.dashboard, chosen, extent, g.language)
    untouched = chosen.untouched(asked.card)
    reaching = [title for parameter, title in titles.items() if parameter not in untouched]
    return [*reaching, *(words.label(g.language, f"untouched_{parameter}") for parameter in untouched)]


def _columns(card: Card, rows: list[Row]) -> list[str]:
    """Id and time, then the columns of the figure, then the rest, without columns that are equal in all rows."""
    if not rows or card.facts is None:
        return []
    names = list(rows[0])
    of = card.facts
    telling = [*of.counted, *[name for name in (of.measure, of.by) if name]]
    rest = [name for name in names[2:] if name not in (*telling, *of.only)]
    return [*names[:2], *telling, *rest]


def _shown(card: Card, rows: list[Row], chosen: Filters, extent: Extent) -> list[Shown]:
    columns, threads = _columns(card, rows), _threads(rows, chosen)
    return [
        Shown(
            [(fact_words.text(column, row[column], g.language, extent), row[column]) for column in columns],
            threads.get((row.get("customer_key"), row.get("channel"))),
        )
        for row in rows
    ]


def _threads(rows: list[Row], chosen: Filters) -> dict[tuple[object, object], int]:
    """The inbox's threads by customer key and channel. The marts merge a customer's keys into one, which may have no
    thread on some channels."""
    keys = {row["customer_key"] for row in rows if "channel" in row}
    if not keys:
        return {}
    with database.transaction() as connection:
        found = database.rows(connection, SQL / "threads.sql", {"store": chosen.store, "customer_keys": list(keys)})
    return {(key, channel): conversation for key, channel, conversation in found}
