"""Validates rows that landed since the last validation that did not fail, and stores the verdict."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg2.extensions
import structlog
from psycopg2.extras import Json

from expectations import data_docs, great, set_aside
from expectations.verdict import Reason, Verdict, outcome_of
from warehouse import documents
from warehouse.connection import connect, read_sql, transaction, url
from warehouse.settings import Settings, get_settings

SQL = Path(__file__).parent / "sql"
# Rows have the start time of their transaction; the longest allowed one (roles.py) is much shorter than this.
OVERLAP = timedelta(minutes=10)
_BEGINNING = datetime(1, 1, 2, tzinfo=UTC)

log = structlog.get_logger()


def validate(settings: Settings | None = None) -> Verdict:
    """Run every suite as the role `validator`; store verdicts in `quality.validations` and Data Docs in
    `quality.documents`. Rows that fail a critical expectation are set aside if they are few, which is a warning. If
    there are too many, the suite fails, and its rows are validated again until it does not. Raises
    `great.ValidationBroken`, without storing a verdict, if a suite could not run."""
    settings = settings or get_settings()
    with connect("validator", settings) as connection:
        validated_at, since = _span(connection)
        queries = {name: _query(connection, name, since) for name in great.suite_names()}
    with TemporaryDirectory() as folder:
        reasons = great.run(url("validator", settings), queries, Path(folder))
        fragments = data_docs.fragments(Path(folder))
    reasons = set_aside.failing_rows(reasons, queries, settings)
    verdict = _judge(list(queries), reasons)
    run_id = str(uuid.uuid4())
    with transaction("validator", settings) as connection, connection.cursor() as cursor:
        for suite, outcome in verdict.outcomes.items():
            unmet = [reason.as_json() for reason in verdict.reasons if reason.suite == suite]
            values = {
                "run_id": run_id,
                "suite": suite,
                "verdict": outcome,
                "reasons": Json(unmet),
                "validated_at": validated_at,
            }
            cursor.execute(read_sql(SQL / "insert_validation.sql"), values)
    documents.keep("validator", data_docs.NAME, fragments, settings, version=run_id)
    _log(run_id, verdict)
    return verdict


def _span(connection: psycopg2.extensions.connection) -> tuple[datetime, datetime]:
    """The database's current time, and the time since which rows have not passed a validation."""
    with connection.cursor() as cursor:
        cursor.execute(read_sql(SQL / "last_sound_validation.sql"))
        now, last_sound = cursor.fetchone() or (datetime.now(UTC), None)
    return now, last_sound - OVERLAP if last_sound else _BEGINNING


def _query(connection: psycopg2.extensions.connection, name: str, since: datetime) -> str:
    """A suite's query with its bound as a literal, so that the planner knows how few rows it covers."""
    with connection.cursor() as cursor:
        return cursor.mogrify(read_sql(SQL / f"{name}.sql"), {"since": since}).decode()


def _judge(suites: list[str], reasons: list[Reason]) -> Verdict:
    outcomes = {suite: outcome_of([reason for reason in reasons if reason.suite == suite]) for suite in suites}
    return Verdict(outcomes, reasons)


def _log(run_id: str, verdict: Verdict) -> None:
    log.info("validated", run_id=run_id, verdict=verdict.verdict)
    for reason in verdict.reasons:
        log.warning("expectation_not_met", run_id=run_id, suite=reason.suite, **reason.as_json())
