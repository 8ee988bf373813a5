"""Schemas, tables and grants of the whole way from a message to a KPI."""

from warehouse.migrations import run_sql_beside

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)
