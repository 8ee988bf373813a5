"""The inbox's list knows who waits: only the views of `migrations/repeatable/` are applied again."""

revision = "0044"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
