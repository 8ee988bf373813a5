"""One file is read at a time, and attempts to sign in are counted per known browser, too."""

from warehouse.migrations import run_sql_beside

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)
