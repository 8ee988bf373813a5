"""One file is read at a time, so that uploads leave the other jobs of a worker to replies."""

from warehouse.migrations import run_sql_beside

revision = "0040"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)
