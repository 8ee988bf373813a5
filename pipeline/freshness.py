"""`python -m pipeline.freshness`: store the age of each source in `quality.source_freshness`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import structlog
from psycopg2.extras import execute_values

from pipeline.transform import SourceAge, source_freshness
from warehouse import logs
from warehouse.connection import read_sql, transaction
from warehouse.settings import Settings, get_settings

SQL = Path(__file__).parent / "sql"

log = structlog.get_logger()


def check_sources(settings: Settings | None = None) -> list[SourceAge]:
    """Store the ages and log late and stale sources. Raises `pipeline.transform.BuildFailed`."""
    settings = settings or get_settings()
    ages = source_freshness(settings)
    checked_at = datetime.now(UTC)
    with transaction("validator", settings) as connection, connection.cursor() as cursor:
        execute_values(cursor, read_sql(SQL / "save_source_freshness.sql"), [(checked_at, *age) for age in ages])
    for age in ages:
        if age.status in ("late", "stale"):
            log.warning(f"source_{age.status}", source=age.name, age_seconds=age.age_seconds)
    return ages


def main() -> int:
    logs.configure()
    for age in check_sources():
        print(f"{age.status:<6} {age.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
