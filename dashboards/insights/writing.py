"""Writes the insights of every dashboard of every shop, in each language, to `ml.insights`."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import structlog
from psycopg2.extras import Json

from dashboards import definition
from dashboards.definition import Language
from dashboards.insights import findings
from dashboards.insights.asking import word
from dashboards.insights.findings import Findings
from dashboards.insights.wording import statements
from dashboards.reader import Extent, Reader, Session
from ml.language_model import LanguageModel
from warehouse import connection
from warehouse.connection import read_sql, transaction
from warehouse.i18n import languages
from warehouse.settings import Settings, get_settings

# Figures of the last days change with every build. The model words them at most this often; in between the template
# does.
MODEL_RESTS = timedelta(hours=6)

_SQL = Path(__file__).parent / "sql"
_log = structlog.get_logger()


def write(settings: Settings | None = None) -> int:
    """Write the texts whose figures changed; returns how many. Raises `reader.NotBuilt`, `reader.DatabaseAway`."""
    settings = settings or get_settings()
    model = LanguageModel.of(settings, role="scorer")
    reader = Reader(connection.url("reader", settings))
    try:
        with reader.session() as session:
            found = [each for extent in session.extents().values() for each in _of_store(session, extent)]
    finally:
        reader.close()
    written = sum(_write(each, language, model, settings) for each in found for language in languages())
    _log.info("insights_written", texts=written, dashboards=len(found))
    return written


def _of_store(session: Session, extent: Extent) -> list[Findings]:
    chosen = findings.last_days(extent)
    every = (findings.find(session, dashboard, chosen, extent) for dashboard in definition.load_all())
    return [each for each in every if each]


def _write(found: Findings, language: Language, model: LanguageModel | None, settings: Settings) -> int:
    said = statements(found, language)
    key = {
        "store_id": found.chosen.store,
        "dashboard": found.dashboard.name,
        "language": language,
        "last_day": found.chosen.last,
    }
    figures = [asdict(statement) for statement in said]
    kept = _kept(key, settings)
    if kept and kept.figures == json.loads(json.dumps(figures)):
        return 0
    asked_at = kept.model_asked_at if kept else None
    if model and (asked_at is None or datetime.now(UTC) - asked_at > MODEL_RESTS):
        asked_at = datetime.now(UTC)
        worded = word(said, language, found.chosen.store, model)
    else:
        worded = word(said, language, found.chosen.store, None)
    row = {**key, "first_day": found.chosen.first, "figures": Json(figures), "model_asked_at": asked_at}
    with transaction("scorer", settings) as opened, opened.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "save.sql"), {**row, **worded._asdict()})
    return 1


class _Kept(NamedTuple):
    """What was written about the same days before."""

    figures: list[dict[str, Any]]
    model_asked_at: datetime | None


def _kept(key: dict[str, Any], settings: Settings) -> _Kept | None:
    with transaction("scorer", settings) as opened, opened.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "kept.sql"), key)
        row = cursor.fetchone()
    return _Kept(*row) if row else None
