"""Orders of made-up customers, in the shape of a real shop's: one recorded order, changed where a test says so."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from psycopg2.extensions import cursor as Cursor  # noqa: N812
from psycopg2.extras import Json

from sources.woocommerce.objects import ORDERS, Shape, read
from warehouse.settings import Settings

_RECORDED = Path(__file__).parent.parent / "data" / "woocommerce_samples" / "orders_page.json"


@cache
def _recorded() -> dict[str, Any]:
    page = json.loads(_RECORDED.read_text())
    found: dict[str, Any] = (page if isinstance(page, list) else page["body"])[0]
    return found


def land(cursor: Cursor, settings: Settings, store_id: str, phone: str | None, given: Mapping[str, Any]) -> None:
    """Put an order where the sync would, as the sync makes a row of it. `given`: `id`, and any of `number`, `status`,
    `total`, `days_ago`, `paid`, `method`, `items`, `tracking`, `courier`, `email`, `refunds` (amounts), or `body`, put
    there as it is though no sync would."""
    created = datetime.now(UTC).replace(microsecond=0) - timedelta(days=given.get("days_ago", 2))
    row, body = read(ORDERS, _order(given, created, phone), Shape.of(settings, None))
    cursor.execute(
        "insert into raw.woocommerce_orders (store_id, id, status, customer_id, email_key, phone_key, created_at, "
        "modified_at, body, asked_at, deleted_at) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, now(), %s)",
        (
            store_id,
            *(row[name] for name in ("id", "status", "customer_id", "email_key", "phone_key", "created_at")),
            row["modified_at"],
            json.dumps(given["body"]) if "body" in given else body,
            datetime.now(UTC) if given.get("deleted") else None,
        ),
    )
    for number, amount in enumerate(given.get("refunds", [])):
        cursor.execute(
            "insert into raw.woocommerce_refunds (store_id, id, order_id, created_at, body, asked_at) "
            "values (%s, %s, %s, now(), %s, now())",
            (store_id, given["id"] * 1000 + number, given["id"], Json({"amount": amount, "parent_id": given["id"]})),
        )


def _order(given: Mapping[str, Any], created: datetime, phone: str | None) -> dict[str, Any]:
    """The order as the shop's API gives it."""
    order = deepcopy(_recorded())
    paid = (created + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S") if given.get("paid", True) else None
    items = [{**order["line_items"][0], "name": name, "quantity": 1} for name in given.get("items", ["Mug enamel"])]
    parcels = [{"tracking_number": given.get("tracking"), "tracking_provider": given.get("courier", "JNE")}]
    meta = [{"id": 1, "key": "_wc_shipment_tracking_items", "value": parcels}] if "tracking" in given else []
    times = {f"date_{name}_gmt": created.strftime("%Y-%m-%dT%H:%M:%S") for name in ("created", "modified")}
    return order | {
        "id": given["id"],
        "number": str(given.get("number", given["id"])),
        "status": given.get("status", "processing"),
        "currency": "IDR",
        "total": given.get("total", "150000.00"),
        "billing": {"phone": phone or "", "email": given.get("email", ""), "country": "ID"},
        "payment_method_title": given.get("method", "Transfer BCA"),
        **times,
        "date_paid_gmt": paid,
        "line_items": items,
        "meta_data": meta,
    }
