"""What dbt may see of conversations as they stand now, and of when each source was last read."""

from warehouse.migrations import run_sql_beside

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)
