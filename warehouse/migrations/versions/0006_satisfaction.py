"""What is predicted of the satisfaction of customers whom nobody asked."""

from warehouse.migrations import run_sql_beside

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)
