"""Insights are written in any language that has a catalogue."""

from warehouse.migrations import run_sql_beside

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)
