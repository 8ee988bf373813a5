"""The proof that what we hold is what the shop has: compared whole, mended, compared again, and written down.

In step is `pass`. What WooCommerce Analytics says otherwise than the shop's own orders is `warn`, since its tables
drift. What could not be brought in step is `fail`, and so is what had to be set aside.
"""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

import structlog
from psycopg2.extras import Json

from sources.woocommerce.analytics import AnalyticsMonth, as_json, compare_analytics
from sources.woocommerce.client import ShopRefused
from sources.woocommerce.compare_orders import Month, OrdersResult, compare_orders, held_months
from sources.woocommerce.landing import Loaded, land, query, rejected_ids
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
    whole,
)
from sources.woocommerce.shops import Shop, read_settings, read_store
from sources.woocommerce.sync_shop import (
    ask_for_hidden,
    compare_count,
    fetch_orders_of_refunds,
    held_count,
    load_variations,
)
from warehouse.connection import read_sql

SQL = Path(__file__).parent / "sql"
VERDICTS = ("pass", "warn", "fail")

log = structlog.get_logger()


@dataclass(frozen=True)
class Finding:
    """One comparison: of what (`subject`), when ('YYYY-MM' or 'all'), and how it came out in a plain sentence."""

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
    """Compare all that a shop has with what we hold, mend what differs, and write down how it stands. A sync must have
    brought what is new. Raises ShopRefused."""
    read_settings(shop)
    shop = replace(shop, store=read_store(shop.connection, shop.store_id, shop.settings))
    findings = [_whole(shop, resource) for resource in (CUSTOMERS, PRODUCTS, CATEGORIES, COUPONS)]
    findings.append(_variations(shop))
    orders = compare_orders(shop)
    findings.append(_whole(shop, REFUNDS))
    fetch_orders_of_refunds(shop, since=None)
    # Before the orders are counted, since what Analytics counts leads to more of them.
    analytics = _analytics(shop)
    findings += [*_orders(shop, orders), *analytics]
    findings += _set_aside(shop)
    verdict = max((each.verdict for each in findings), key=VERDICTS.index)
    _write(shop, findings)
    counts = {name: sum(each.verdict == name for each in findings) for name in VERDICTS}
    log.info("woocommerce_reconciled", store_id=shop.store_id, verdict=verdict, requests=shop.client.requests, **counts)
    return Reconciled(verdict, findings)


def _whole(shop: Shop, resource: Resource) -> Finding:
    """A listing read whole and landed, and what it does not show asked for by id; then counted again."""
    seen: set[int] = set()
    loaded = Loaded()
    listings: list[dict[str, str]] = [{}, {"status": "trash"}] if resource is PRODUCTS else [{}]
    for params in listings:
        for batch in listed(shop.client, resource.path, resource.asked(**params)):
            loaded.add(land(shop, resource, batch.given))
            seen |= {whole(each.get("id")) or 0 for each, _ in batch.given if isinstance(each, dict)}
    hidden = {number: parent for number, parent, _ in query(shop, "held", resource=resource.name) if number not in seen}
    loaded.add(ask_for_hidden(shop, resource, hidden))
    loaded.add(compare_count(shop, resource))
    return _counted(shop, resource, loaded)


def _counted(shop: Shop, resource: Resource, loaded: Loaded) -> Finding:
    answer = shop.client.listing(resource.path, **{**resource.params, "_fields": ["id"], "per_page": 1})
    count = held_count(shop, resource)
    return _judged(resource, loaded, count, answer.total, count == answer.total)


def _variations(shop: Shop) -> Finding:
    """We may hold more than is listed: variations of products in the trash are there, each asked for by its id."""
    loaded, listed_count = load_variations(shop, full=True)
    count = held_count(shop, VARIATIONS)
    return _judged(VARIATIONS, loaded, count, listed_count, count >= listed_count)


def _judged(resource: Resource, loaded: Loaded, ours: int, theirs: int | None, is_in_step: bool) -> Finding:
    verdict, reason = "pass", "in step" + _mended(loaded)
    if not is_in_step:
        verdict, reason = "fail", f"the shop lists {theirs} {resource.name} and we hold {ours}"
    return Finding(resource.name, "all", verdict, reason, {"count": ours}, {"count": theirs})


def _orders(shop: Shop, result: OrdersResult) -> list[Finding]:
    """A finding a month: all that we hold, against what the shop lists and what only its ids show."""
    ours, hidden = held_months(shop), held_months(shop, but=result.last.seen)
    differing = Counter(result.last.differing.values())
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
    counts = {name: len(rejected_ids(shop, resource, 10**9)) for name, resource in RESOURCES.items()}
    told = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    if not told:
        return []
    reason = f"set aside, since they cannot be read as they are (raw.rejected says why): {told}"
    return [Finding("set aside", "all", "fail", reason, {}, {name: count for name, count in counts.items() if count})]


def _mended(loaded: Loaded) -> str:
    mended = {"new": loaded.inserted, "changed": loaded.updated, "deleted": loaded.deleted}
    told = ", ".join(f"{count} {name}" for name, count in mended.items() if count)
    return f" after a full reading ({told})" if told else ""


def _write(shop: Shop, findings: list[Finding]) -> None:
    run_id = str(uuid.uuid4())
    with shop.connection, shop.connection.cursor() as cursor:
        for each in findings:
            values = {**vars(each), "ours": Json(each.ours), "theirs": Json(each.theirs)}
            cursor.execute(
                read_sql(SQL / "insert_finding.sql"), {**values, "run_id": run_id, "store_id": shop.store_id}
            )
