"""WooCommerce shops: connect one, bring what it holds into `raw`, and prove that it is the same.

`python -m sources.woocommerce add STORE --url … --key … --secret …`, then `sync`, `reconcile`, `check`, `subscribe`
(all shops, or `--store STORE`), and `invite STORE`.
"""

from __future__ import annotations

from dataclasses import asdict

import structlog

from sources.woocommerce import check_shop, shops
from sources.woocommerce.client import ShopRefused
from sources.woocommerce.reconcile_shop import Reconciled, reconcile_shop
from sources.woocommerce.sync_shop import Report, Synced, sync_all
from sources.woocommerce.webhooks import invite_plugin, subscribe_shop
from warehouse.settings import Settings, get_settings

__all__ = [
    "Reconciled",
    "Report",
    "ShopRefused",
    "Synced",
    "add",
    "check",
    "invite",
    "reconcile",
    "stores",
    "subscribe",
    "sync",
]

log = structlog.get_logger()


def add(store_id: str, url: str, key: str, secret: str, settings: Settings | None = None, checked: bool = True) -> None:
    """Connect a shop by its REST keys, after one request that tries them if `checked`. Raises ShopRefused."""
    shops.add(store_id, url, key, secret, settings or get_settings(), checked)


def stores(settings: Settings | None = None) -> list[str]:
    """The ids of the connected shops."""
    return shops.stores(settings or get_settings())


def sync(store_id: str, settings: Settings | None = None, full: bool = False, report: Report | None = None) -> Synced:
    """Land what changed since the last safe point, or everything: what was done, by resource. `full` also looks for
    what listings hide. Raises ShopRefused and SettingsMissing."""
    with shops.opened(store_id, settings or get_settings()) as shop:
        synced = sync_all(shop, full, report)
        if full:
            reconcile_shop(shop)
        counts = {name: asdict(loaded) for name, loaded in synced.items() if loaded.read}
        log.info("woocommerce_synced", store_id=store_id, requests=shop.client.requests, **counts)
    return synced


def reconcile(store_id: str, settings: Settings | None = None, report: Report | None = None) -> Reconciled:
    """Sync, compare everything with the shop, mend what differs, and leave the result in `quality.reconciliations`.
    Raises ShopRefused and SettingsMissing."""
    with shops.opened(store_id, settings or get_settings()) as shop:
        sync_all(shop, report=report, most_attempts=10**9)
        return reconcile_shop(shop)


def check(store_id: str, settings: Settings | None = None) -> list[str]:
    """What stands in the way of a sync, or that nothing does: plain sentences. Raises ShopRefused."""
    return check_shop.check_shop(store_id, settings or get_settings())


def subscribe(store_id: str, settings: Settings | None = None) -> dict[str, int]:
    """Have the shop tell us of changes: how many webhooks were made, mended, left and removed. Raises ShopRefused."""
    settings = settings or get_settings()
    with shops.opened(store_id, settings) as shop:
        return subscribe_shop(shop, settings)


def invite(store_id: str, settings: Settings | None = None) -> str:
    """A one-time code under which the plugin registers its shop."""
    return invite_plugin(store_id, settings or get_settings())
