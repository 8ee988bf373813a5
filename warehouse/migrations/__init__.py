"""Versioned migrations: Alembic keeps the order, each revision's statements lie in the `.sql` file beside it."""

from pathlib import Path

from alembic import op


def run_sql_beside(revision_file: str) -> None:
    """Run the statements of the `.sql` file that has the revision's name, as they stand."""
    statements = Path(revision_file).with_suffix(".sql").read_text()
    cursor = op.get_bind().connection.cursor()
    cursor.execute(statements)
    cursor.close()
