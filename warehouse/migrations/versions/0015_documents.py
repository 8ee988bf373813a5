"""What builds and validations write for people to read."""

from warehouse.migrations import run_sql_beside

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)
