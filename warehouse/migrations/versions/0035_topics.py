"""Topics that customers talk about."""

from warehouse.migrations import run_sql_beside

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)
