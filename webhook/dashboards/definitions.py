"""KPI definitions for everybody, and for admins the documents written by builds and validations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import psycopg2
import psycopg2.extensions
from flask import Response, abort, g, url_for
from markupsafe import Markup

from dashboards import definition, documentation, kpi_definitions
from dashboards.definition import Card, Dashboard
from dashboards.kpi_definitions import Definition
from dashboards.lineage import Check, Lineage
from dashboards.reader import DatabaseAway
from expectations import data_docs
from warehouse import documents, formats
from warehouse.documents import Document, Entry
from webhook.accounts.access import requires
from webhook.dashboards import blueprint
from webhook.dashboards.rendering import message, packed_response, page
from webhook.i18n import gettext as _
from webhook.inbox import database
from webhook.services import services

# dbt's page is one file with inline scripts. The sandbox gives it no origin, cookies or network.
DBT_POLICY = (
    "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


@blueprint.get("/dashboards/kpis")
def kpis() -> Response:
    """All KPIs."""
    return page("definitions/kpis.html", kpis=list(kpi_definitions.load().values()))


@blueprint.get("/dashboards/kpis/<metric>")
def kpi(metric: str) -> Response:
    """A KPI's definition, its dashboards, sources and tests."""
    explained = kpi_definitions.load().get(metric)
    if explained is None:
        return message(404, _("KPI not found"), _("This KPI doesn't exist."))
    model, lineage = explained.model, _lineage()
    return page(
        "definitions/kpi.html",
        kpi=explained,
        shown=_shown(explained),
        stages=lineage.stages(model) if lineage else {},
        checks=_by_kind(lineage.checks_of(model), model) if lineage else {},
        in_dbt=url_for("dashboards.dbt_documents", _anchor=f"!/model/model.kabar.{model}"),
    )


@blueprint.get("/docs/data")
@requires("admin")
def data() -> Response:
    """The list of documents."""
    of_dbt = [entry for entry in _entries(documentation.NAME) if entry.path == documentation.PAGE]
    return page("definitions/data.html", of_dbt=of_dbt, suites=_entries(data_docs.NAME), moment=_moment)


@blueprint.get("/docs/data/dbt")
@requires("admin")
def dbt_documents() -> Response:
    """dbt's own page: every model, column and test."""
    found = _document(documentation.NAME, documentation.PAGE)
    response = packed_response(found.body, found.packed, found.content_type)
    response.headers["Content-Security-Policy"] = DBT_POLICY
    return response


@blueprint.get("/docs/data/checks/<suite>")
@requires("admin")
def suite_results(suite: str) -> Response:
    """The results of a suite in the last validation."""
    found = _document(data_docs.NAME, suite)
    # Written by Great Expectations; `data_docs.fragments` removed scripts.
    fragment = Markup(found.body.decode())  # noqa: S704
    return page("definitions/suite.html", suite=suite, fragment=fragment, written=_moment(found.written_at))


def _shown(kpi: Definition) -> list[tuple[Dashboard, Card]]:
    """The cards that show a KPI, with their dashboards."""
    cards = ((dashboard, card) for dashboard in definition.load_all() for card in dashboard.cards)
    return [(dashboard, card) for dashboard, card in cards if kpi.metric in card.metrics]


def _by_kind(checks: list[Check], model: str) -> dict[str, list[Check]]:
    """Data tests, unit tests of the KPI's own model, and unit tests of its parents."""
    examples = [check for check in checks if check.kind == "example"]
    return {
        "data": [check for check in checks if check.kind == "data"],
        "example": [check for check in examples if model in check.models],
        "example_of_parts": [check for check in examples if model not in check.models],
    }


def _lineage() -> Lineage | None:
    """The lineage, as of the last write of the documents."""
    found = _read(documentation.NAME, documentation.LINEAGE)
    return Lineage.model_validate_json(found.body) if found else None


def _document(name: str, path: str) -> Document:
    """Raises NotFound, also for names with NUL, which Postgres refuses."""
    return ("\0" not in path and _read(name, path)) or abort(404)


def _read(name: str, path: str) -> Document | None:
    with _opened() as connection:
        return documents.read(connection, name, path)


def _entries(name: str) -> list[Entry]:
    with _opened() as connection:
        return documents.entries(connection, name)


@contextmanager
def _opened() -> Iterator[psycopg2.extensions.connection]:
    try:
        with database.transaction() as connection:
            yield connection
    except psycopg2.OperationalError as error:
        raise DatabaseAway(str(error.pgcode)) from None


def _moment(written_at: datetime) -> str:
    return formats.moment(written_at, services().settings.default_timezone, g.language)
