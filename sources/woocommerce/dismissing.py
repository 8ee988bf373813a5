"""Objects that were set aside, findings of reconciliations, and how an admin dismisses them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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
    """Record why objects of a kind (`orders 77`) or a finding (`refunds all`, `orders 2026-05`) are dismissed.
    Returns how many were dismissed. Raises ShopRefused if the reason is empty or there is no such object or finding."""
    if not reason.strip():
        raise ShopRefused("a dismissal needs a reason")
    with transaction("loader", settings) as connection, connection.cursor() as cursor:
        values: dict[str, Any] = {"store_id": store_id, "subject": subject, "reason": reason.strip()}
        if all(map(is_period, which)):
            cursor.execute(read_sql(SQL / "dismiss_findings.sql"), {**values, "periods": which})
        elif subject in KINDS:
            names = [f"{store_id}:{name}" for name in which]
            values |= {"source": f"woocommerce_{subject}", "ids": names}
            cursor.execute(read_sql(SQL / "dismiss_objects.sql"), values)
        done = cursor.rowcount
    if done <= 0:
        raise ShopRefused(
            f"the shop {store_id} has no open finding and no object set aside called {subject} {' '.join(which)}: "
            "python -m sources.woocommerce rejected lists what is set aside, reconcile lists what differs"
        )
    return done


def as_text(each: SetAside) -> str:
    """A line for a terminal."""
    dismissal = f" (dismissed: {each.dismissal})" if each.dismissal else ""
    return f"{each.resource} {each.name}: {each.reason}{dismissal}"
