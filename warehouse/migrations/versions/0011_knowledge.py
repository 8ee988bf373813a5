"""What a shop uploads for the bot to know."""

from warehouse.migrations import run_sql_beside

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)
