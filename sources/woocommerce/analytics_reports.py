"""Reads the reports of WooCommerce Analytics."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

from sources.woocommerce.client import Answer
from sources.woocommerce.objects import Object
from sources.woocommerce.pages import PAGE_SIZE
from sources.woocommerce.shops import Shop

FIGURES = ("orders_count", "net_revenue", "total_sales", "taxes", "shipping", "num_items_sold")
# The report of single rows is read day by day for at most so many days of a month.
SINGLE_DAYS = 12

Figures = dict[str, Decimal]


def stats(shop: Shop, date_type: str, interval: str, first: date, last: date) -> dict[str, Figures]:
    """The figures of each day or month, by `YYYY-MM-DD` or `YYYY-MM`. Raises ShopRefused."""
    found: dict[str, Figures] = {}
    params = {"interval": interval, "date_type": date_type}
    for answer in _pages(shop.client.object, "/wc-analytics/reports/revenue/stats", str(first), str(last), **params):
        for each in answer.value.get("intervals") or []:
            subtotals = each.get("subtotals") or {}
            found[str(each.get("interval"))] = {name: Decimal(str(subtotals.get(name) or 0)) for name in FIGURES}
    return found


def report(shop: Shop, days: list[str]) -> Iterator[Object]:
    """The rows of Analytics' report for some days, by the shop's date type."""
    spans = [(day, day) for day in days] if len(days) <= SINGLE_DAYS else [(days[0], days[-1])]
    for first, last in spans:
        for answer in _pages(shop.client.listing, "/wc-analytics/reports/orders", first, last):
            yield from (each for each in answer.value if isinstance(each, dict))


def _pages(get: Callable[..., Answer], path: str, first: str, last: str, **params: str) -> Iterator[Answer]:
    page, total = 1, 1
    while (page - 1) * PAGE_SIZE < total:
        answer = get(path, **params, after=f"{first}T00:00:00", before=f"{last}T23:59:59",
                     order="asc", orderby="date", per_page=PAGE_SIZE, page=page)  # fmt: skip
        yield answer
        total = answer.total or 0
        page += 1
