"""Secrets for the events of each shop, time zones that are offsets, and threads of one person."""

from warehouse.migrations import run_sql_beside

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)
