"""A shop's time zone must be one that Postgres knows; what landed since the last vacuum is found without reading it."""

from warehouse.migrations import run_sql_beside

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)
