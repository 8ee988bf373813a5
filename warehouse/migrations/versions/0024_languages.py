"""People may read the pages in any language that has a catalogue."""

from warehouse.migrations import run_sql_beside

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)
