"""What each prediction of satisfaction was made from, so that only those are made anew of which something changed."""

from warehouse.migrations import run_sql_beside

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)
