"""Compares everything that is stored with the shop, fetches what differs, compares again, and records the result.

`findings.py` says what the comparisons mean.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from pathlib import Path

import structlog
from psycopg2.extras import Json

from sources.woocommerce.analytics import compare_analytics
from sources.woocommerce.compare_orders import compare_orders, stored_months
from sources.woocommerce.counts import compare_count, fetch_unlisted, is_known_difference, listed_count, stored_count
from sources.woocommerce.dismissing import set_aside
from sources.woocommerce.findings import (
    VERDICTS,
    Finding,
    dismissed,
    of_analytics,
    of_count,
    of_orders,
    of_set_aside,
    worst,
)
from sources.woocommerce.landing import Loaded, land, query, resolve_unnamed
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
from sources.woocommerce.refunds import fetch_orders_of_refunds, is_without_listing, load_by_order
from sources.woocommerce.responses import ShopRefused
from sources.woocommerce.shops import Shop, read_settings, read_store
from sources.woocommerce.sync_shop import load_variations
from sources.woocommerce.webhooks import reactivate
from sources.woocommerce.zones import is_same_zone
from warehouse.connection import read_sql

SQL = Path(__file__).parent / "sql"

log = structlog.get_logger()


@dataclass(frozen=True)
class Reconciled:
    """The worst verdict of all findings, and the findings."""

    verdict: str
    findings: list[Finding]


def reconcile_shop(shop: Shop) -> Reconciled:
    """Compare a shop with what is stored, fetch what differs, and record the findings. Sync first. Raises
    ShopRefused."""
    zone = read_settings(shop)
    shop = replace(shop, store=read_store(shop.connection, shop.store_id, shop.settings))
    for resource in RESOURCES.values():
        resolve_unnamed(shop, resource)
    findings = [_reconcile(shop, resource) for resource in (CUSTOMERS, PRODUCTS, CATEGORIES, COUPONS)]
    findings.append(_variations(shop))
    orders = compare_orders(shop)
    findings.append(_refunds(shop))
    fetch_orders_of_refunds(shop, since=None)
    # Before the orders are counted, since Analytics leads to orders that no listing shows.
    analytics = _analytics(shop)
    # Reviews without a rating are common, and no figure of the shop's sales.
    objects = [each for each in set_aside(shop.store_id, shop.settings) if each.resource in RESOURCES]
    hidden = stored_months(shop, but=orders.last.seen)
    findings += [*of_orders(stored_months(shop), hidden, orders), *analytics, *of_set_aside(objects)]
    findings += [*_zone(shop, zone), *_webhooks(shop)]
    found = query(shop, "dismissals")
    dismissals = {(subject, period): (ours, theirs, reason) for subject, period, ours, theirs, reason in found}
    findings = [dismissed(each, dismissals) for each in findings]
    verdict = worst(each.verdict for each in findings)
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
    listed, stored = listed_count(shop, resource) or 0, stored_count(shop, resource)
    is_known = is_known_difference(shop, resource, listed, stored)
    return of_count(resource, loaded, stored, listed, stored == listed, is_known)


def _refunds(shop: Shop) -> Finding:
    """As `_reconcile`, or by the refunds that orders name in shops that have no listing of refunds."""
    try:
        return _reconcile(shop, REFUNDS)
    except ShopRefused as error:
        if not is_without_listing(error):
            raise
    loaded = load_by_order(shop, full=True)
    fetch_orders_of_refunds(shop, since=None)
    missing = len(query(shop, "refunds_due", full=False))
    finding = of_count(REFUNDS, loaded, stored_count(shop, REFUNDS), None, is_equal=True)
    if missing:
        reason = f"{missing} orders name refunds other than those that the shop lists for them"
        return replace(finding, verdict="warn", reason=reason)
    return replace(finding, reason=f"{finding.reason}, order by order (WooCommerce lists all refunds from 9.0 on)")


def _variations(shop: Shop) -> Finding:
    """More may be stored than is listed: variations of products in the trash exist but are not listed."""
    loaded, count_listed = load_variations(shop, full=True)
    count = stored_count(shop, VARIATIONS)
    return of_count(VARIATIONS, loaded, count, count_listed, count >= count_listed)


def _zone(shop: Shop, given: str) -> list[Finding]:
    """Whether days are counted in the shop's time zone; `given` is empty where the shop hides it."""
    used = shop.store.timezone or shop.settings.default_timezone
    if not given or is_same_zone(given, used):
        return []
    reason = f"the database does not know the shop's time zone {given}: days are counted in {used}"
    return [Finding("time zone", "all", "warn", reason, {"zone": used}, {"zone": given})]


def _webhooks(shop: Shop) -> list[Finding]:
    """What was done about webhooks that the shop disabled; the sync finds what they did not report."""
    try:
        reactivated = reactivate(shop)
    except ShopRefused as error:
        return [Finding("webhooks", "all", "pass", f"could not be checked: {error}")]
    reason = f"{reactivated} that the shop had disabled after failed deliveries are active again"
    return [Finding("webhooks", "all", "pass", reason)] if reactivated else []


def _analytics(shop: Shop) -> list[Finding]:
    try:
        months = compare_analytics(shop)
    except ShopRefused as error:
        reason = f"WooCommerce Analytics could not be read: {error}"
        return [Finding("analytics", "all", "warn", reason)]
    return [of_analytics(each) for each in months]


def _write(shop: Shop, findings: list[Finding]) -> None:
    run_id = str(uuid.uuid4())
    with shop.connection, shop.connection.cursor() as cursor:
        for each in findings:
            values = {**vars(each), "ours": Json(each.ours), "theirs": Json(each.theirs)}
            cursor.execute(
                read_sql(SQL / "insert_finding.sql"), {**values, "run_id": run_id, "store_id": shop.store_id}
            )
