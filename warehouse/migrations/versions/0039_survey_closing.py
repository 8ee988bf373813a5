"""Surveys that close by themselves on a day, and can be opened again."""

from warehouse.migrations import run_sql_beside

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)
