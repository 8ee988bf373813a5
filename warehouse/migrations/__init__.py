"""Alembic migrations whose statements are in the `.sql` file beside each revision."""

from pathlib import Path

from alembic import op


def run_sql_beside(revision_file: str) -> None:
    """Run the `.sql` file with the revision's name."""
    statements = Path(revision_file).with_suffix(".sql").read_text()
    cursor = op.get_bind().connection.cursor()
    cursor.execute(statements)
    cursor.close()
