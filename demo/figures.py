"""The KPIs of the demo as a table for the terminal, read as the role `reader`."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from dashboards import kpi_definitions
from demo.hours import ZONE
from warehouse.connection import connect, read_sql
from warehouse.settings import Settings


class NoFigures(RuntimeError):
    """The KPIs were not built."""


def table(settings: Settings) -> Table:
    """A row per metric with the last full month and the last seven whole days. Raises NoFigures."""
    today = datetime.now(ZONE).date()
    with connect("reader", settings) as connection, connection.cursor() as cursor:
        sql = read_sql(Path(__file__).parent / "sql" / "kpis.sql")
        cursor.execute(sql, {"store": settings.default_store, "today": today})
        found = cursor.fetchall()
    if not found:
        raise NoFigures("marts.kpi_daily and marts.kpi_monthly have no row of the last days")
    month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    return _table({(row[0], row[1], row[5]): row for row in found}, month, today)


def _table(found: dict[tuple[str, date, bool], Any], month: date, today: date) -> Table:
    qualities = sorted({row[4] for row in found.values()})
    title = f"Toko Selasar's conversations and sales (data quality: {', '.join(qualities)})"
    # Narrow, for a terminal of 80 columns.
    shown = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    shown.add_column("", min_width=24)
    days = [today - timedelta(days=ago) for ago in range(7, 0, -1)]
    for heading in (month.strftime("%b\n%Y"), *(day.strftime("%a\n%d") for day in days)):
        shown.add_column(heading, justify="right", no_wrap=True)
    for metric, kpi in kpi_definitions.load().items():
        cells = [found.get((metric, month, True)), *(found.get((metric, day, False)) for day in days)]
        title = f"{kpi.title}, Rp m" if kpi.unit == "currency" else kpi.title
        shown.add_row(title, *(_figure(row) for row in cells))
    return shown


def _figure(row: Any) -> str:
    if row is None or row[2] is None:
        return "–"
    value, unit = float(row[2]), row[3]
    if unit == "percent":
        return f"{value:.0f} %"
    if unit == "currency":
        return f"{value / 1e6:.1f}" if abs(value) >= 1e6 else f"{value / 1e6:.2f}"
    if unit != "seconds":
        return f"{value:,.0f}"
    if value < 90:
        return f"{value:.0f} s"
    return f"{value / 60:.0f} m" if value < 5400 else f"{value / 3600:.1f} h"
