"""The queue of what the bot's workers have to do, as procrastinate keeps it."""

from alembic import op
from procrastinate.schema import SchemaManager

from warehouse.migrations import run_sql_beside

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The library's own statements, in a schema of their own; its names are found by the search path."""
    cursor = op.get_bind().connection.cursor()
    cursor.execute("create schema queue")
    cursor.execute("select pg_catalog.set_config('search_path', 'queue, public', true)")
    cursor.execute(SchemaManager.get_schema())
    cursor.execute("select pg_catalog.set_config('search_path', 'public', true)")
    cursor.close()
    run_sql_beside(__file__)
