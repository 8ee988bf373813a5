"""A delivery's id is not its own: WooCommerce gives the same to all that a webhook sends within a second."""

from warehouse.migrations import run_sql_beside

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)
