"""What WooCommerce Analytics said of the recorded shop (`tests/data/woocommerce_shop`)."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "data" / "woocommerce_shop"
# The recording ends on 22 November 2026 by the shop's clock.
AS_OF = datetime(2026, 11, 23, 5, tzinfo=UTC)


def orders() -> list[dict[str, Any]]:
    """The rows of the order report: a row an order and one a refund."""
    with gzip.open(FOLDER / "analytics" / "orders.jsonl.gz", "rt") as file:
        return [json.loads(line) for line in file]


def report(name: str) -> dict[str, dict[str, Any]]:
    """The rows of one of Analytics' reports by day or month (`2026-01-31`, `2026-01`)."""
    with gzip.open(FOLDER / "analytics" / f"{name}.json.gz", "rt") as file:
        return {interval["interval"]: interval["subtotals"] for interval in json.load(file)["intervals"]}
