"""One person over numbers and ids, replies that fail after they were accepted, and opt-outs by agents."""

from warehouse.migrations import run_sql_beside

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)
