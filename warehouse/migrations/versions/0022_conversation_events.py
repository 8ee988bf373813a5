"""What needs no reply, and indexes for reading the events of some customers only."""

from warehouse.migrations import run_sql_beside

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)
