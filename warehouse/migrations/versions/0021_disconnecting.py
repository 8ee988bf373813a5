"""A shop can disconnect: its keys are forgotten and it is not waited for any more."""

from warehouse.migrations import run_sql_beside

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)
