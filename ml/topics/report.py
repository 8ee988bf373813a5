"""What is known of a shop's topics, as a table for the terminal."""

from __future__ import annotations

from pathlib import Path

from rich.table import Table

from warehouse.connection import connect, read_sql
from warehouse.i18n import terminal_gettext as _
from warehouse.settings import Settings

_SQL = Path(__file__).parent / "sql" / "report.sql"


def report(store_id: str | None, settings: Settings) -> Table:
    """The topics of one shop or of all, the largest first."""
    table = Table(_("Shop"), _("Topic"), _("Name"), _("Messages"), _("State"), title=_("What customers talk about"))
    with connect("scorer", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL), {"store_id": store_id})
        for row in cursor:
            table.add_row(*map(str, row))
    return table
