"""Objects that were set aside, findings of reconciliations, and how an admin dismisses them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from psycopg2.extensions import cursor as Cursor  # noqa: N812

from sources.woocommerce.findings import SetAside, is_period
from sources.woocommerce.objects import RESOURCES
from sources.woocommerce.responses import ShopRefused
from warehouse.connection import read_sql, transaction
from warehouse.settings import Settings

SQL = Path(__file__).parent / "sql"
# Product reviews are set aside like objects.
KINDS = (*RESOURCES, "reviews")


def set_aside(store_id: str, settings: Settings) -> list[SetAside]:
    """The objects of a shop that could not be stored."""
    with transaction("loader", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(SQL / "set_aside_objects.sql"), {"prefix": f"{store_id}:"})
        return [SetAside(*row) for row in cursor.fetchall()]


def dismiss(store_id: str, subject: str, which: list[str], reason: str, settings: Settings) -> int:
    """Record why objects of a kind (`orders 77`) or findings (`refunds all`, `orders 2026-05`) are dismissed: all that
    are named, or none. Returns how many were dismissed. Raises ShopRefused if the reason is empty, if both ids and
    periods are named, or if there is no such object or finding."""
    if not reason.strip():
        raise ShopRefused("a dismissal needs a reason")
    periods = [name for name in which if is_period(name)]
    if 0 < len(periods) < len(which):
        raise ShopRefused("name either ids of objects or periods of findings, such as all or 2026-05, but not both")
    values: dict[str, Any] = {"store_id": store_id, "subject": subject, "reason": reason.strip()}
    with transaction("loader", settings) as connection, connection.cursor() as cursor:
        if periods:
            done = _changed(cursor, "dismiss_findings", {**values, "periods": periods})
        elif subject in KINDS:
            values |= {"source": f"woocommerce_{subject}", "ids": [f"{store_id}:{name}" for name in which]}
            done = {name.removeprefix(f"{store_id}:") for name in _changed(cursor, "dismiss_objects", values)}
        else:
            done = set()
        if unknown := [name for name in which if name not in done]:
            raise ShopRefused(
                f"the shop {store_id} has no open finding and no object set aside called {subject} "
                f"{' '.join(unknown)}, so nothing was dismissed: python -m sources.woocommerce rejected lists what is "
                "set aside, reconcile lists what differs"
            )
    return len(done)


def _changed(cursor: Cursor, name: str, values: dict[str, Any]) -> set[str]:
    """Run a statement; returns the ids or periods of what it changed."""
    cursor.execute(read_sql(SQL / f"{name}.sql"), values)
    return {str(row[0]) for row in cursor.fetchall()}


def as_text(each: SetAside) -> str:
    """A line for a terminal."""
    dismissal = f" (dismissed: {each.dismissal})" if each.dismissal else ""
    return f"{each.resource} {each.name}: {each.reason}{dismissal}"
