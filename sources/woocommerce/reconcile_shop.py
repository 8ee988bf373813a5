"""Compares everything that is stored with the shop, fetches what differs, compares again, and records the result.

`pass`: equal. `warn`: WooCommerce Analytics differs from the shop's own orders, since its tables drift. `fail`: a
difference that remains, or objects that were rejected.
"""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

import structlog
from psycopg2.extras import Json

from sources.woocommerce.analytics import AnalyticsMonth, as_json, compare_analytics
from sources.woocommerce.compare_orders import Month, OrdersResult, compare_orders, stored_months
from sources.woocommerce.counts import compare_count, fetch_unlisted, stored_count
from sources.woocommerce.landing import ANY_ATTEMPTS, Loaded, land, query, rejected_ids, resolve_unnamed
from sources.woocommerce.listings import listed
from sources.woocommerce.objects import (
    CATEGORIES,
    COUPONS,
    CUSTOMERS,
    PRODUCTS,
    REFUNDS,
    RESOURCES,
    VARIATIONS,
    Resource,
)
from sources.woocommerce.pages import number_of
from sources.woocommerce.refunds import fetch_orders_of_refunds
from sources.woocommerce.responses import ShopRefused
from sources.woocommerce.shops import Shop, read_settings, read_store
from sources.woocommerce.sync_shop import load_variations
from warehouse.connection import read_sql

SQL = Path(__file__).parent / "sql"
VERDICTS = ("pass", "warn", "fail")

log = structlog.get_logger()


@dataclass(frozen=True)
class Finding:
    """One comparison. `period` is `YYYY-MM` or `all`, `reason` a sentence."""

    subject: str
    period: str
    verdict: str
    reason: str
    ours: dict[str, object] = field(default_factory=dict)
    theirs: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Reconciled:
    """The worst verdict of all findings, and the findings."""

    verdict: str
    findings: list[Finding]


def reconcile_shop(shop: Shop) -> Reconciled:
    """Compare a shop with what is stored, fetch what differs, and record the findings. Sync first. Raises
    ShopRefused."""
    read_settings(shop)
    shop = replace(shop, store=read_store(shop.connection, shop.store_id, shop.settings))
    for resource in RESOURCES.values():
        resolve_unnamed(shop, resource)
    findings = [_reconcile(shop, resource) for resource in (CUSTOMERS, PRODUCTS, CATEGORIES, COUPONS)]
    findings.append(_variations(shop))
    orders = compare_orders(shop)
    findings.append(_reconcile(shop, REFUNDS))
    fetch_orders_of_refunds(shop, since=None)
    # Before the orders are counted, since Analytics leads to orders that no listing shows.
    analytics = _analytics(shop)
    findings += [*_orders(shop, orders), *analytics]
    findings += _set_aside(shop)
    verdict = max((each.verdict for each in findings), key=VERDICTS.index)
    _write(shop, findings)
    counts = {name: sum(each.verdict == name for each in findings) for name in VERDICTS}
    log.info("woocommerce_reconciled", store_id=shop.store_id, verdict=verdict, requests=shop.client.requests, **counts)
    return Reconciled(verdict, findings)


def _reconcile(shop: Shop, resource: Resource) -> Finding:
    """Land a whole listing, fetch what it does not show by id, then count again."""
    seen: set[int] = set()
    loaded = Loaded()
    listings: list[dict[str, str]] = [{}, {"status": "trash"}] if resource is PRODUCTS else [{}]
    for params in listings:
        for batch in listed(shop.client, resource.path, resource.query(**params)):
            loaded.add(land(shop, resource, batch.objects))
            seen |= {number_of(each) or 0 for each, _ in batch.objects}
    hidden = {
        number: parent for number, parent, _ in query(shop, "stored", resource=resource.name) if number not in seen
    }
    loaded.add(fetch_unlisted(shop, resource, hidden))
    loaded.add(compare_count(shop, resource))
    return _counted(shop, resource, loaded)


def _counted(shop: Shop, resource: Resource, loaded: Loaded) -> Finding:
    answer = shop.client.listing(resource.path, **{**resource.params, "_fields": ["id"], "per_page": 1})
    count = stored_count(shop, resource)
    return _count_finding(resource, loaded, count, answer.total, count == answer.total)


def _variations(shop: Shop) -> Finding:
    """More may be stored than is listed: variations of products in the trash exist but are not listed."""
    loaded, listed_count = load_variations(shop, full=True)
    count = stored_count(shop, VARIATIONS)
    return _count_finding(VARIATIONS, loaded, count, listed_count, count >= listed_count)


def _count_finding(resource: Resource, loaded: Loaded, ours: int, theirs: int | None, is_in_step: bool) -> Finding:
    verdict, reason = "pass", "in step" + _describe_fixes(loaded)
    if not is_in_step:
        verdict, reason = "fail", f"the shop lists {theirs} {resource.name} and we hold {ours}"
    return Finding(resource.name, "all", verdict, reason, {"count": ours}, {"count": theirs})


def _orders(shop: Shop, result: OrdersResult) -> list[Finding]:
    """One finding per month: stored orders against listed ones and those that only their ids show."""
    ours, hidden = stored_months(shop), stored_months(shop, but=result.last.seen)
    differing = Counter(each.month for each in result.last.differing.values())
    findings = []
    for month in sorted(ours.keys() | result.last.listed.keys()):
        theirs = result.last.listed.get(month, Month()).plus(hidden.get(month, Month()))
        mine = ours.get(month, Month())
        verdict, reason = "pass", "in step"
        if fetched := result.fetched.get(month):
            reason += f" after {fetched} orders were fetched again"
        if differing[month] or (mine != theirs and month not in result.last.moving):
            verdict = "fail"
            reason = (f"{differing[month]} orders could not be brought in step: we hold {mine.orders} with a total of "
                      f"{mine.total}, the shop {theirs.orders} with {theirs.total}")  # fmt: skip
        findings.append(Finding("orders", month, verdict, reason, mine.as_json(), theirs.as_json()))
    if result.waiting:
        reason = f"{result.waiting} orders that no listing shows are still to be asked for by id, in the next runs"
        findings.append(Finding("unlisted orders", "all", "warn", reason))
    return findings


def _analytics(shop: Shop) -> list[Finding]:
    try:
        months = compare_analytics(shop)
    except ShopRefused as error:
        reason = f"WooCommerce Analytics could not be compared with: {error}"
        return [Finding("analytics", "all", "warn", reason)]
    return [_analytics_month(each) for each in months]


def _analytics_month(month: AnalyticsMonth) -> Finding:
    verdict, reason = "pass", "in step"
    if not month.agrees:
        orders, net = (month.theirs[name] - month.ours[name] for name in ("orders_count", "net_revenue"))
        verdict = "warn"
        reason = (
            f"WooCommerce Analytics has {orders:+f} orders and {round(net, 2):+f} of net sales against the shop's own "
            "orders: its tables keep what was trashed and refunds that were deleted, and lag behind"
        )
        if month.unasked:
            reason += f"; {month.unasked} ids are still to be asked for, in the next runs"
    ours, theirs = as_json(month.ours), as_json(month.theirs)
    if month.unasked:
        ours["unasked_ids"] = str(month.unasked)
    return Finding(f"analytics {month.date_type}", month.month, verdict, reason, dict(ours), dict(theirs))


def _set_aside(shop: Shop) -> list[Finding]:
    counts = {name: len(rejected_ids(shop, resource, ANY_ATTEMPTS)) for name, resource in RESOURCES.items()}
    rejected = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    if not rejected:
        return []
    reason = f"set aside, since they cannot be read as they are (raw.rejected says why): {rejected}"
    return [Finding("set aside", "all", "fail", reason, {}, {name: count for name, count in counts.items() if count})]


def _describe_fixes(loaded: Loaded) -> str:
    mended = {"new": loaded.inserted, "changed": loaded.updated, "deleted": loaded.deleted}
    fixes = ", ".join(f"{count} {name}" for name, count in mended.items() if count)
    return f" after a full reading ({fixes})" if fixes else ""


def _write(shop: Shop, findings: list[Finding]) -> None:
    run_id = str(uuid.uuid4())
    with shop.connection, shop.connection.cursor() as cursor:
        for each in findings:
            values = {**vars(each), "ours": Json(each.ours), "theirs": Json(each.theirs)}
            cursor.execute(
                read_sql(SQL / "insert_finding.sql"), {**values, "run_id": run_id, "store_id": shop.store_id}
            )
