"""What Settings → Connections shows."""

from warehouse.migrations import run_sql_beside

revision = "0043"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)
