"""The marts say of the recorded shop what WooCommerce Analytics said of it: every row, to the cent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from demo.woocommerce import WooCommerceStandIn
from demo.woocommerce import recorded_shop as in_memory
from pipeline import transform
from sources import woocommerce
from tests.dbt import landing, recorded_shop
from warehouse.settings import Settings

STORE = "recorded"
FIGURES = (
    "orders_count", "net_revenue", "avg_order_value", "total_sales", "refunds", "coupons", "taxes", "shipping",
    "num_items_sold", "total_customers", "gross_sales",
)  # fmt: skip
# What Analytics says of some of the orders only; it leaves refunds out of both.
FIGURES_OF_ORDERS = ("orders_count", "net_revenue", "total_sales", "taxes", "shipping", "num_items_sold")
# Analytics answers in double precision.
CENT = Decimal("0.005")


@pytest.fixture(scope="module")
def built(module_settings: Settings) -> Settings:
    """The recorded shop, brought into step over HTTP, and built."""
    with WooCommerceStandIn(in_memory(recorded_shop.FOLDER)) as shop:
        woocommerce.add(STORE, shop.url, shop.key, shop.secret, module_settings)
        woocommerce.sync(STORE, module_settings)
        assert woocommerce.reconcile(STORE, module_settings).verdict == "pass"
    transform.build(recorded_shop.AS_OF, module_settings)
    return module_settings


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Prints past pytest's capture, so that a run shows how much it compared."""

    def printed(text: str) -> None:
        with capsys.disabled():
            print(f"\n{text}", end="")

    return printed


@pytest.mark.parametrize("date_type", ["date_paid", "date_created"])
@pytest.mark.parametrize(("grain", "table"), [("day", "daily"), ("month", "monthly")])
def test_buckets_equal_the_report(
    built: Settings, say: Callable[[str], None], grain: str, table: str, date_type: str
) -> None:
    query = f"select * from marts.woocommerce_analytics_{table} where date_type = '{date_type}'"
    found = {str(row[grain])[: 10 if grain == "day" else 7]: row for row in landing.read(built, query)}
    expected = recorded_shop.report(f"revenue_stats_{grain}_{date_type}")
    reports = [expected]
    if date_type == "date_paid":
        # The order report goes by the shop's own date type, whatever it is asked for; it counts customers.
        reports.append(recorded_shop.report(f"orders_stats_{grain}_{date_type}"))
    assert len(expected) == (368 if grain == "day" else 13)
    assert not found.keys() - expected.keys()
    differing = [
        (bucket, name, row[name], found.get(bucket, {}).get(name))
        for report in reports
        for bucket, row in report.items()
        for name in FIGURES
        if name in row and abs(Decimal(str(row[name])) - Decimal(found.get(bucket, {}).get(name) or 0)) >= CENT
    ]
    assert not differing
    say(f"analytics: {len(expected)} {grain}s by {date_type} equal in {len(FIGURES)} figures")


@pytest.mark.parametrize("customer_type", ["new", "returning"])
@pytest.mark.parametrize("grain", ["day", "month"])
def test_new_and_returning_equal_the_report(
    built: Settings, say: Callable[[str], None], grain: str, customer_type: str
) -> None:
    query = (
        "select *, net_total as net_revenue, 1 as orders_count from marts.woocommerce_analytics_orders"
        f" where date_type = 'date_paid' and parent_id = 0 and customer_type = '{customer_type}'"
    )
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in landing.read(built, query):
        for name in FIGURES_OF_ORDERS:
            sums[str(row["day"])[: 10 if grain == "day" else 7], name] += row[name]
    expected = recorded_shop.report(f"orders_stats_{grain}_customer_{customer_type}")
    differing = [
        (bucket, name, row[name], sums[bucket, name])
        for bucket, row in expected.items()
        for name in FIGURES_OF_ORDERS
        if abs(Decimal(str(row[name])) - sums[bucket, name]) >= CENT
    ]
    assert not differing
    say(f"analytics: {len(expected)} {grain}s of {customer_type} customers equal in {len(FIGURES_OF_ORDERS)} figures")


def test_orders_equal_the_report(built: Settings, say: Callable[[str], None]) -> None:
    query = "select * from marts.woocommerce_analytics_orders where date_type = 'date_paid'"
    found = {row["order_id"]: row for row in landing.read(built, query)}
    expected = {row["order_id"]: row for row in recorded_shop.orders()}
    assert len(expected) == 1456
    assert found.keys() == expected.keys()
    differing = [(line, found[key]) for key, line in expected.items() if not same_order(line, found[key])]
    assert not differing
    customers = {(line["customer_id"], found[key]["customer_id"]) for key, line in expected.items()}
    assert len(customers) == len({theirs for theirs, _ in customers}) == len({ours for _, ours in customers})
    say(f"analytics: {len(expected)} orders and refunds equal, and their {len(customers)} customers")


def same_order(theirs: dict[str, Any], ours: dict[str, Any]) -> bool:
    money = all(abs(Decimal(str(theirs[name])) - ours[name]) < CENT for name in ("net_total", "total_sales"))
    same = all(theirs[name] == ours[name] for name in ("customer_type", "status", "parent_id"))
    return money and same and str(theirs["num_items_sold"]) == str(int(ours["num_items_sold"]))


def test_bridge_closes_on_every_day(built: Settings, say: Callable[[str], None]) -> None:
    rows = landing.read(
        built,
        """
        select day, net_revenue, coalesce(ours.value, 0) as ours, coalesce(bridge.amount, 0) as bridge
        from marts.woocommerce_analytics_daily as theirs
        full join (select day, value from marts.kpi_daily where metric = 'net_sales' and dimension = 'all') as ours
            using (day)
        full join (select day, sum(amount) as amount from marts.net_sales_bridge group by day) as bridge using (day)
        where theirs.date_type = 'date_paid' or theirs.date_type is null
        """,
    )
    assert len(rows) > 300
    assert [row for row in rows if row["net_revenue"] - row["ours"] != row["bridge"]] == []
    total = landing.read(built, "select sum(amount) as amount from marts.net_sales_bridge")[0]["amount"]
    assert total != 0
    say(f"bridge: closes on {len(rows)} days, {total:,.2f} in all")
