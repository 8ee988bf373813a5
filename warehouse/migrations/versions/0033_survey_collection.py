"""How survey answers are collected: links and WhatsApp."""

from warehouse.migrations import run_sql_beside

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)
