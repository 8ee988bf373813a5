"""Labels that people corrected, and the model that judges satisfaction during a conversation."""

from warehouse.migrations import run_sql_beside

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)
