"""Conversations, the replies that leave Kabar, and what happens in a conversation besides messages."""

from warehouse.migrations import run_sql_beside

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)
