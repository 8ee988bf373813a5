"""Builds the figures of surveys where something changed since they were built."""

from __future__ import annotations

from pathlib import Path

from pipeline.transform import build_part
from warehouse.connection import connect, read_sql
from warehouse.settings import Settings, get_settings

SQL = Path(__file__).parent / "sql"


def build_if_changed(settings: Settings | None = None) -> bool:
    """Whether there was something to build. Raises `pipeline.transform.BuildFailed`."""
    settings = settings or get_settings()
    if not _is_changed(settings):
        return False
    build_part("surveys", settings)
    return True


def _is_changed(settings: Settings) -> bool:
    with connect("dbt", settings) as session, session.cursor() as cursor:
        cursor.execute(read_sql(SQL / "is_survey_built.sql"))
        query = "surveys_changed.sql" if cursor.fetchone() == (True,) else "is_survey_answered.sql"
        cursor.execute(read_sql(SQL / query))
        return cursor.fetchone() == (True,)
