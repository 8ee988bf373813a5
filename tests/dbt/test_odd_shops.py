"""Shops that stop no build and are counted as WooCommerce counts them: large sums, parts of orders, whole prices."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from dashboards import definition, filters, report
from dashboards.reader import Reader
from pipeline import transform
from tests.dbt import landing, store_landing
from tests.dbt.history import Event, History, Shop
from tests.support import dashboard_visitors
from warehouse.connection import transaction
from warehouse.settings import Settings

AS_OF = datetime(2026, 4, 20, 3, 30, tzinfo=UTC)


def order(number: int, total: str, day: int, **fields: Any) -> dict[str, Any]:
    local = datetime.fromisoformat(f"2026-03-{day:02}T12:00:00")
    utc = local - timedelta(hours=7)
    dates = {f"date_{name}": local.isoformat() for name in ("created", "paid")}
    dates |= {f"date_{name}_gmt": utc.isoformat() for name in ("created", "paid")}
    amounts = {"total": total, "total_tax": "0", "shipping_total": "0", "discount_total": "0"}
    return {"id": number, "status": "completed", "currency": "IDR", **amounts, **dates, **fields}


def refund(number: int, order_id: int, amount: str, day: int) -> dict[str, Any]:
    local = datetime.fromisoformat(f"2026-03-{day:02}T12:00:00")
    dates = {"date_created": local.isoformat(), "date_created_gmt": (local - timedelta(hours=7)).isoformat()}
    return {"id": number, "parent_id": order_id, "amount": amount, **dates}


@pytest.fixture(scope="module")
def built(module_settings: Settings) -> Settings:
    at = datetime(2026, 4, 19, 3, 0, tzinfo=UTC)
    chatted = Event("e1", "message", at, phone="+6281200000001", author="customer")
    histories = [History(Shop("old", "Asia/Jakarta"), (chatted,))]
    landing.open_shops(module_settings, histories)
    landing.land(module_settings, histories)
    large = [
        order(number, f"{100_000_000 + 7919 * number}.{number % 89:02}", 1 + number % 28) for number in range(1, 602)
    ]
    shops = [
        store_landing.LandedShop("large", orders=large),
        store_landing.LandedShop(
            "vendors",
            orders=[
                order(1, "100", 1),
                order(2, "50", 1, parent_id=1),
                order(3, "50", 1, parent_id="1"),
                order(4, "30", 2, parent_id=99),
            ],
            refunds=[refund(10, 2, "50", 3)],
        ),
        store_landing.LandedShop("whole", orders=[order(1, "100", 1)], refunds=[refund(10, 1, "33.5", 2)]),
        store_landing.LandedShop("exact", orders=[order(1, "100", 1)], refunds=[refund(10, 1, "33.5", 2)]),
        store_landing.LandedShop("old", orders=[order(number, "10", 1 + number) for number in range(1, 20)]),
        store_landing.LandedShop("empty"),
    ]
    store_landing.land(module_settings, shops)
    with transaction("owner", module_settings) as connection, connection.cursor() as cursor:
        cursor.execute("update app.stores set prices_decimals = 0 where store_id = 'whole'")
        cursor.execute("update app.stores set name = 'Toko' where store_id in ('whole', 'exact')")
        cursor.execute("update app.stores set name = 'Grosir' where store_id = 'large'")
    transform.build(AS_OF, module_settings)
    return module_settings


def kpi(settings: Settings, store: str, metric: str) -> dict[str, Decimal]:
    question = (
        f"select day::text, value from marts.kpi_daily where store_id = '{store}' and metric = '{metric}' "
        "and dimension = 'all' and value <> 0 order by day"
    )
    return {row["day"]: row["value"] for row in landing.read(settings, question)}


def test_large_sums_build(built: Settings) -> None:
    """600 orders of 10^8 make an average whose digits end before the sum's do."""
    [row] = landing.read(built, "select sum(value) as orders from marts.kpi_daily "
                                "where store_id = 'large' and metric = 'orders' and dimension = 'all'")  # fmt: skip
    assert row["orders"] == 601


def test_parts_of_an_order_do_not_count_as_orders(built: Settings) -> None:
    assert kpi(built, "vendors", "orders") == {"2026-03-01": 1, "2026-03-02": 1}
    assert kpi(built, "vendors", "average_order_value") == {"2026-03-01": 100, "2026-03-02": 30}
    assert kpi(built, "vendors", "net_sales") == {"2026-03-01": 100, "2026-03-02": 30, "2026-03-03": -50}
    [row] = landing.read(built, "select orders_count, net_revenue, avg_order_value, num_items_sold "
                                "from marts.woocommerce_analytics_daily where store_id = 'vendors' "
                                "and date_type = 'date_paid' and day = '2026-03-01'")  # fmt: skip
    assert (row["orders_count"], row["net_revenue"], row["avg_order_value"]) == (1, 200, 100)
    bridge = landing.read(built, "select day::text, reason, amount from marts.net_sales_bridge "
                                 "where store_id = 'vendors'")  # fmt: skip
    assert bridge == [{"day": "2026-03-01", "reason": "part_of_order", "amount": 100}]


@pytest.mark.parametrize(("store", "amount"), [("whole", "-34"), ("exact", "-33.5")])
def test_a_refund_is_rounded_like_the_shops_prices(built: Settings, store: str, amount: str) -> None:
    assert kpi(built, store, "net_sales")["2026-03-02"] == Decimal(amount)
    question = "select net_revenue, total_sales from marts.woocommerce_analytics_daily where date_type = 'date_paid'"
    [row] = landing.read(built, f"{question} and store_id = '{store}' and day = '2026-03-02'")
    assert (row["net_revenue"], row["total_sales"]) == (Decimal(amount), Decimal(amount))


def test_connected_shops_without_chats_are_shops_of_the_dashboards(built: Settings) -> None:
    client = dashboard_visitors.signed_in(dashboard_visitors.web(built))
    for store in ("large", "vendors", "empty"):
        for name in ("store", "conversations", "data_health"):
            response = client.get(f"/dashboards/{name}?store={store}&lang=en")
            assert response.status_code == 200, (store, name)
            assert "No figures yet" not in response.text
    page = client.get("/dashboards/store?store=large&from=2026-03-01&to=2026-03-31").text
    assert ">601<" in page


def test_shops_of_the_same_name_are_distinguished(built: Settings) -> None:
    page = dashboard_visitors.signed_in(dashboard_visitors.web(built)).get("/dashboards/store?store=whole").text
    assert "Toko (whole)" in page
    assert "Toko (exact)" in page
    assert "Grosir (large)" not in page


def test_sales_older_than_the_first_chat_are_compared_with_the_period_before(built: Settings) -> None:
    reader = Reader(built.database_url)
    with reader.session() as session:
        extent = session.extents()["old"]
        assert extent.first_day == date(2026, 4, 19)
        assert extent.sales_first_day == date(2026, 3, 2)
        chosen = filters.Filters(date(2026, 3, 12), date(2026, 3, 16), "old")
        shown = report.build(session, definition.load("store"), chosen, extent, "en")
        orders = next(view for _, views in shown.sections for view in views if view.card.id == "orders")
        assert (orders.value, orders.before) == (5, 5)  # type: ignore[union-attr]
        assert shown.is_comparable
        chats = report.build(session, definition.load("conversations"), chosen, extent, "en")
        assert not chats.is_comparable
    reader.close()


def test_amounts_on_dashboards_have_the_decimals_of_the_shop(built: Settings) -> None:
    client = dashboard_visitors.signed_in(dashboard_visitors.web(built))
    period = "from=2026-03-01&to=2026-03-02&lang=en"
    assert "Rp66.50" in client.get(f"/dashboards/store?store=exact&{period}").text
    assert "Rp66<" in client.get(f"/dashboards/store?store=whole&{period}").text
