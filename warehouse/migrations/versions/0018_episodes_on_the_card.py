"""Lets the inbox count a customer's episodes by the SQL that the bot counts them with."""

from warehouse.migrations import run_sql_beside

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)
