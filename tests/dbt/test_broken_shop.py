"""A shop of 2,000 orders of which 30 are broken in ten ways: it syncs, reconciles and builds without them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from dashboards.reader import Reader
from demo.woocommerce import Shop, WooCommerceStandIn, made_up_shop
from demo.woocommerce.answers import Record
from pipeline import transform
from sources import retries, woocommerce
from sources.woocommerce.findings import Finding
from tests.dbt import landing
from tests.support.synced_shops import held
from warehouse.settings import Settings

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
ORDERS, EACH = 2000, 3

BROKEN: dict[str, Callable[[WooCommerceStandIn, int, Record], Any]] = {
    "whole_500": lambda stand_in, number, order: stand_in.faults.objects.add("orders", number, "whole", "error_500"),
    "any_500": lambda stand_in, number, order: stand_in.faults.objects.add("orders", number, "any", "error_500"),
    "any_504": lambda stand_in, number, order: stand_in.faults.objects.add("orders", number, "any", "gateway_timeout"),
    "whole_reset": lambda stand_in, number, order: stand_in.faults.objects.add("orders", number, "whole", "reset"),
    "whole_cut": lambda stand_in, number, order: stand_in.faults.objects.add("orders", number, "whole", "truncated"),
    "firewall": lambda stand_in, number, order: stand_in.faults.objects.add("orders", number, "whole", "firewall"),
    "no_date": lambda stand_in, number, order: put(stand_in, order, date_created=None, date_created_gmt=None),
    "total": lambda stand_in, number, order: put(stand_in, order, total="many"),
    "shipping": lambda stand_in, number, order: put(stand_in, order, shipping_total="free"),
    "lines": lambda stand_in, number, order: put(stand_in, order, line_items=[{"quantity": "a few"}]),
}


def put(stand_in: WooCommerceStandIn, order: Record, **changes: Any) -> None:
    stand_in.shop.put_order({**order, **changes})


@pytest.fixture(scope="module")
def broken() -> Iterator[tuple[WooCommerceStandIn, set[int]]]:
    """The shop, and the ids of its broken orders; every hundredth is one."""
    shop: Shop = made_up_shop(orders=ORDERS, days=200, now=NOW)
    numbers = [number for number in sorted(shop.orders) if shop.orders.heads[number].status == "completed"][40::45]
    with WooCommerceStandIn(shop) as stand_in:
        chosen = numbers[: len(BROKEN) * EACH]
        for place, number in enumerate(chosen):
            list(BROKEN.values())[place % len(BROKEN)](stand_in, number, shop.orders[number])
        yield stand_in, set(chosen)


@pytest.fixture(scope="module")
def found(module_settings: Settings, broken: tuple[WooCommerceStandIn, set[int]]) -> list[Finding]:
    """The findings after a sync, a reconciliation and a build; no customer has ever written."""
    stand_in, _ = broken
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(retries, "FIRST_WAIT", 0.001)
        woocommerce.add("toko", stand_in.url, stand_in.key, stand_in.secret, module_settings)
        woocommerce.sync("toko", module_settings)
        stand_in.shop.clock.pass_time(600)
        reconciled = woocommerce.reconcile("toko", module_settings)
    transform.build(NOW + timedelta(days=1), module_settings)
    return reconciled.findings


def test_all_other_orders_are_held_and_the_broken_ones_listed_with_reasons(
    module_settings: Settings, broken: tuple[WooCommerceStandIn, set[int]], found: list[Finding]
) -> None:
    stand_in, numbers = broken
    assert len(numbers) == len(BROKEN) * EACH == 30
    assert held(module_settings, "toko", "orders").keys() == stand_in.shop.orders.keys() - numbers
    listed = woocommerce.rejected("toko", module_settings)
    assert len(listed) == 30
    reasons = Counter(line.partition(": ")[2] for line in listed)
    for reason in (
        "no date of creation",
        "total is no amount",
        "shipping_total is no amount",
        "a line without a quantity",
    ):
        assert reasons[reason] == EACH
    assert all(reasons)
    shown = [each for each in found if each.subject.startswith("orders ") and each.reason.startswith("set aside: ")]
    assert len(shown) == 30
    failed = {each.subject for each in found if each.verdict == "fail"}
    assert failed == {"set aside", *(each.subject for each in shown)}


def test_the_kpis_count_all_other_orders(
    module_settings: Settings, broken: tuple[WooCommerceStandIn, set[int]], found: list[Finding]
) -> None:
    stand_in, numbers = broken
    excluded = {"pending", "cancelled", "failed"}
    paid = [n for n, head in stand_in.shop.orders.heads.items() if head.status not in excluded]
    paid = [n for n in paid if n not in numbers and stand_in.shop.orders[n].get("date_paid")]
    orders = "select sum(value)::integer as number from marts.kpi_monthly where metric = 'orders' and dimension = 'all'"
    assert landing.read(module_settings, orders) == [{"number": len(paid)}]
    rows = "select count(*) as number from marts.fct_orders"
    assert landing.read(module_settings, rows) == [{"number": 1970}]


def test_the_shop_has_dashboards_though_nobody_has_ever_written(
    module_settings: Settings, found: list[Finding]
) -> None:
    reader = Reader(module_settings.database_url)
    with reader.session() as session:
        extents = session.extents()
    reader.close()
    assert list(extents) == ["toko"]
    assert extents["toko"].first_day == extents["toko"].sales_first_day < date(2026, 6, 1)
