"""Keeps the target of first responses under the name of its KPI, as the form has long written it."""

from warehouse.migrations import run_sql_beside

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)
