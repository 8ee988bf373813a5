"""Thanks, agreement and goodbyes after an answer need no reply."""

from warehouse.migrations import run_sql_beside

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)
