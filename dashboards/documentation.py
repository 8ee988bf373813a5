"""Writes dbt's documentation and the lineage of the KPIs to `quality.documents`, where the web app reads them."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from dashboards import kpi_definitions
from dashboards.lineage import RESULTS, Lineage
from pipeline import transform
from warehouse import connection, documents
from warehouse.settings import ROOT, Settings, get_settings

NAME = "dbt"
PAGE = "index.html"
LINEAGE = "lineage.json"
# The documentation includes statistics of the tables, which change even if the project does not.
MAX_AGE = timedelta(days=1)
_READ = ("*.sql", "*.yml", "*.md")

log = structlog.get_logger()


def refresh(settings: Settings | None = None, *, is_forced: bool = False) -> bool:
    """Write the documents if the project has changed, they are a day old, or it is forced. Returns whether they were
    written. Waits for a running build. Raises `transform.BuildFailed`."""
    settings = settings or get_settings()
    version = _version()
    if not is_forced and _are_current(version, settings):
        return False
    page, manifest = transform.document(_describe_kpis, settings)
    lineage = Lineage.of(manifest).model_dump_json().encode()
    bodies = {PAGE: ("text/html; charset=utf-8", page), LINEAGE: ("application/json", lineage)}
    documents.keep("dbt", NAME, bodies, settings, version=version)
    log.info("documents_written", name=NAME, version=version)
    return True


def _are_current(version: str, settings: Settings) -> bool:
    with connection.connect("dbt", settings) as opened:
        entries = documents.entries(opened, NAME)
    youngest = datetime.now(UTC) - MAX_AGE
    return bool(entries) and all(entry.version == version and entry.written_at > youngest for entry in entries)


def _version() -> str:
    """A hash of all files that the documents are made from."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in _READ for path in transform.PROJECT.rglob(pattern)):
        digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _describe_kpis(manifest: Any) -> None:
    """Add a table of all KPIs to the descriptions of the tables that contain them."""
    lines = ["| metric | what | unit | also by |", "|---|---|---|---|"]
    lines += [
        f"| `{kpi.metric}` | {kpi.formula} | {kpi.unit} | {', '.join(kpi.dimensions)} |"
        for kpi in kpi_definitions.load().values()
    ]
    table = "\n".join(lines)
    for name in RESULTS:
        model = manifest.nodes[f"model.kabar.{name}"]
        model.description = f"{model.description.strip()}\n\n{table}\n"
