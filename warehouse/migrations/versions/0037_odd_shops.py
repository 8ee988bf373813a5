"""What is remembered of shops that answer badly: page sizes, dismissals, ids and counts that were looked into."""

from warehouse.migrations import run_sql_beside

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)
