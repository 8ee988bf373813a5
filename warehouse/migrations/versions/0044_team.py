"""What a team keeps about a conversation: notes with mentions, tags, and until when it is put off."""

from warehouse.migrations import run_sql_beside

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)
