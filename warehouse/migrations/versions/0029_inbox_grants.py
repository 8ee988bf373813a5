"""The inbox reads neither products nor heads for speech acts: its previews decide as the role `bot`."""

from warehouse.migrations import run_sql_beside

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)
