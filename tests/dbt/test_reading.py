"""Who reads the figures reads figures, and nothing of what customers said or who they are."""

from __future__ import annotations

import psycopg2.errors
import pytest

from pipeline import transform
from tests.dbt import landing
from tests.dbt.trap_cases import AS_OF, CASES
from warehouse.settings import Settings

MARTS = (
    "kpi_daily", "kpi_monthly", "fct_messages", "fct_turns", "fct_episodes", "fct_ratings", "fct_rating_requests",
    "dim_stores", "insights", "kpi_anomalies",
)  # fmt: skip
PERSONAL = {"text", "body", "payload", "record", "phone", "phone_key", "id_key", "number", "email", "customer_name"}


@pytest.fixture(scope="module")
def built(module_settings: Settings) -> Settings:
    """A shop whose marts are there, and dbt's own unit tests, which need tables to stand in for."""
    landing.open_shops(module_settings, [CASES[0].history])
    landing.land(module_settings, [CASES[0].history])
    transform.build(AS_OF, module_settings)
    return module_settings


def test_units_of_every_kpi_and_every_trap_hold(built: Settings) -> None:
    transform.run(["test", "--select", "test_type:unit", "--quiet"], built)


@pytest.mark.parametrize("mart", MARTS)
def test_reader_reads_marts(built: Settings, mart: str) -> None:
    assert landing.read(built, f"select count(*) as rows from marts.{mart}")


def test_reader_reads_nothing_else(built: Settings) -> None:
    others = landing.read(
        built,
        "select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables"
        " where schemaname in ('raw', 'app', 'ml', 'quality', 'staging', 'intermediate')",
        role="owner",
    )
    assert len(others) > 20
    for other in others:
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            landing.read(built, f"select 1 from {other['name']}")


def test_reader_writes_nothing(built: Settings) -> None:
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        landing.read(built, "delete from marts.fct_messages returning 1")


def test_marts_have_no_column_for_what_is_personal(built: Settings) -> None:
    columns = landing.read(
        built,
        # an insight's text is ours, and a review's was published by its author
        "select column_name as name from information_schema.columns where table_schema = 'marts'"
        " and (table_name, column_name) not in (('insights', 'text'), ('contradicting_reviews', 'text'))",
        role="owner",
    )
    assert len(columns) > 50
    assert not PERSONAL & {column["name"] for column in columns}
