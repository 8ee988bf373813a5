"""Which shops have conversations, found without reading them all."""

from warehouse.migrations import run_sql_beside

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)
