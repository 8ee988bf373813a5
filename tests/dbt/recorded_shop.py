"""The recorded shop (`tests/data/woocommerce_shop`): its objects, and what WooCommerce Analytics said of it."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.dbt.store_landing import LandedShop

FOLDER = Path(__file__).parents[1] / "data" / "woocommerce_shop"
# The recording ends on 22 November 2026 by the shop's clock.
AS_OF = datetime(2026, 11, 23, 5, tzinfo=UTC)


def recorded_shop(store_id: str) -> LandedShop:
    """All that a sync finds: also what no listing of the shop shows."""
    settings = json.loads((FOLDER / "settings.json").read_text())
    variations = [{**line["variation"], "product_id": line["product_id"]} for line in lines("variations")]
    return LandedShop(
        store_id,
        timezone=settings["timezone"],
        currency=settings["currency"],
        date_type=settings["date_type"] or "date_paid",
        excluded_statuses=settings["excluded_report_order_statuses"],
        orders=lines("orders_dp6") + lines("orders_unlisted"),
        refunds=lines("refunds_global"),
        customers=lines("customers"),
        products=lines("products"),
        variations=variations,
    )


def lines(name: str) -> list[dict[str, Any]]:
    with gzip.open(FOLDER / f"{name}.jsonl.gz", "rt") as file:
        return [json.loads(line) for line in file]


def report(name: str) -> dict[str, dict[str, Any]]:
    """The rows of one of Analytics' reports by day or month (`2026-01-31`, `2026-01`)."""
    with gzip.open(FOLDER / "analytics" / f"{name}.json.gz", "rt") as file:
        return {interval["interval"]: interval["subtotals"] for interval in json.load(file)["intervals"]}
