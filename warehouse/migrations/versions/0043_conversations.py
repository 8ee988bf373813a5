"""What the inbox's list is narrowed down by: labels of the classifier, channels, topics, unhappy customers."""

from warehouse.migrations import run_sql_beside

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)
