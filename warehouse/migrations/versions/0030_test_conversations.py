"""Conversations in which an admin writes as a customer, kept apart from what customers wrote."""

from warehouse.migrations import run_sql_beside

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)
