"""Shops that are connected late, and no longer; what their rows say of freshness, quality and of being final."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pipeline import transform
from tests.dbt import landing, store_landing
from tests.dbt.store_landing import LandedShop
from tests.dbt.trap_cases import CASES
from warehouse.connection import transaction
from warehouse.settings import Settings

AS_OF = datetime(2026, 4, 30, 12, tzinfo=UTC)
CHAT = CASES[0].history
ORDER = {
    "id": 1, "status": "completed", "currency": "IDR", "total": "100.00", "total_tax": "0", "shipping_total": "0",
    "date_created": "2026-04-28T12:00:00", "date_created_gmt": "2026-04-28T05:00:00",
    "date_paid": "2026-04-28T12:30:00", "date_paid_gmt": "2026-04-28T05:30:00",
    "date_modified_gmt": "2026-04-29T01:00:00", "line_items": [], "coupon_lines": [],
}  # fmt: skip
TODAY = {
    **ORDER, "id": 2, "date_created": "2026-04-30T08:00:00", "date_created_gmt": "2026-04-30T01:00:00",
    "date_paid": "2026-04-30T08:00:00", "date_paid_gmt": "2026-04-30T01:00:00", "date_modified_gmt": None,
}  # fmt: skip
SHOP = LandedShop("sells", orders=[ORDER, TODAY])


def kpis(settings: Settings, store: str, metric: str = "net_sales") -> dict[str, Any]:
    query = f"select * from marts.kpi_daily where store_id = '{store}' and metric = '{metric}' and dimension = 'all'"
    return {str(row["day"]): row for row in landing.read(settings, query)}


def execute(settings: Settings, statement: str) -> None:
    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_shop_is_built_once_it_is_connected_and_gone_once_it_is_not(settings: Settings) -> None:
    landing.open_shops(settings, [CHAT])
    landing.land(settings, [CHAT])
    for _ in range(3):
        transform.build(AS_OF, settings)
    builds = landing.read(settings, "select * from intermediate.builds order by started_at", role="owner")
    # What was left out makes no build an incomplete one: the third builds on the second.
    assert all(build["finished_at"] for build in builds)
    assert str(builds[2]["changed_since"]) > str(builds[1]["changed_since"])
    chat = landing.read(settings, "select * from marts.kpi_daily order by day, metric, dimension, dimension_value")

    store_landing.land(settings, [SHOP])
    transform.build(AS_OF, settings)
    assert kpis(settings, "sells").keys() == {"2026-04-28", "2026-04-30"}
    assert chat == landing.read(
        settings,
        "select * from marts.kpi_daily where store_id <> 'sells' order by day, metric, dimension, dimension_value",
    )

    execute(settings, "update app.stores set connected_at = null")
    for _ in range(2):
        transform.build(AS_OF, settings)
        assert not kpis(settings, "sells")
        assert not landing.read(settings, "select * from marts.dim_customers")


@pytest.fixture
def sold(settings: Settings) -> Settings:
    """A shop that only sells beside one that only chats, built."""
    landing.open_shops(settings, [CHAT])
    landing.land(settings, [CHAT])
    store_landing.land(settings, [SHOP])
    transform.build(AS_OF, settings)
    return settings


def test_rows_say_how_fresh_and_how_good_they_are(sold: Settings) -> None:
    rows = kpis(sold, "sells")
    assert {day: row["is_final"] for day, row in rows.items()} == {"2026-04-28": True, "2026-04-30": False}
    assert {row["data_as_of"] for row in rows.values()} == {datetime(2026, 4, 30, 1, tzinfo=UTC)}
    chat = landing.read(sold, f"select distinct data_as_of from marts.kpi_daily where store_id = '{CHAT.shop.id}'")
    assert [row["data_as_of"] for row in chat] == [max(event.at for event in CHAT.events)]

    assert {row["quality"] for row in rows.values()} == {"warn"}
    verdicts = {("pass", None): "warn", ("pass", "pass"): "pass", ("pass", "fail"): "fail", ("warn", "pass"): "warn"}
    for (of_landing, of_shop), worst in verdicts.items():
        say(sold, of_landing, of_shop)
        assert {row["quality"] for row in kpis(sold, "sells").values()} == {worst}
        assert {row["quality"] for row in kpis(sold, CHAT.shop.id, "message_volume").values()} == {of_landing}


def say(settings: Settings, of_landing: str, of_shop: str | None) -> None:
    """A validation's and a reconciliation's verdict."""
    validation = "insert into quality.validations (run_id, suite, verdict) values (gen_random_uuid(), 'messages', '{}')"
    execute(settings, validation.format(of_landing))
    if of_shop:
        execute(
            settings,
            "insert into quality.reconciliations (run_id, store_id, subject, period, verdict, ours, theirs, reason)"
            f" values (gen_random_uuid(), 'sells', 'orders', 'all', '{of_shop}', '{{}}', '{{}}', 'said by a test')",
        )


def test_what_happened_after_as_of_is_not_seen(settings: Settings) -> None:
    late = {**ORDER, "id": 3, "date_paid": "2026-04-30T20:00:00", "date_paid_gmt": "2026-04-30T13:00:00"}
    refund = {
        "id": 4, "parent_id": 1, "amount": "40", "meta_data": [], "line_items": [], "shipping_lines": [],
        "tax_lines": [], "date_created": "2026-04-30T20:00:00", "date_created_gmt": "2026-04-30T13:00:00",
    }  # fmt: skip
    store_landing.land(settings, [replace(SHOP, orders=[ORDER, late], refunds=[refund])])
    transform.build(AS_OF, settings)
    assert {day: row["value"] for day, row in kpis(settings, "sells").items()} == {"2026-04-28": 100}
    transform.build(AS_OF + timedelta(hours=1), settings)
    values = {day: row["value"] for day, row in kpis(settings, "sells").items()}
    assert values == {"2026-04-28": 100, "2026-04-30": 60}
