"""What Settings → Connections shows, and whether a shop's first steps are hidden."""

from warehouse.migrations import run_sql_beside

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)
