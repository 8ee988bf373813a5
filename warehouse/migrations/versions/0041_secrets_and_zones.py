"""Each shop signs its chatbot events with a secret of its own, and its time zone may be an offset without a name."""

from warehouse.migrations import run_sql_beside

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)
