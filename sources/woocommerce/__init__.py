"""WooCommerce shops: connect one, load its data into `raw`, and compare the two.

`python -m sources.woocommerce add STORE --url … --key … --secret …`, then `sync`, `reconcile`, `check`, `subscribe`,
`rejected` (all shops, or `--store STORE`), `dismiss STORE KIND WHICH --reason …` and `invite STORE`.
"""

from __future__ import annotations

from dataclasses import asdict

import structlog

from sources.woocommerce import check_shop, dismissing, shops
from sources.woocommerce.landing import ANY_ATTEMPTS
from sources.woocommerce.reconcile_shop import Reconciled, reconcile_shop
from sources.woocommerce.responses import ShopRefused
from sources.woocommerce.sync_shop import OnProgress, Synced, sync_all
from sources.woocommerce.webhooks import invite_plugin, subscribe_shop
from warehouse.settings import Settings, get_settings

__all__ = [
    "OnProgress",
    "Reconciled",
    "ShopRefused",
    "Synced",
    "add",
    "check",
    "dismiss",
    "invite",
    "reconcile",
    "rejected",
    "stores",
    "subscribe",
    "sync",
]

log = structlog.get_logger()


def add(store_id: str, url: str, key: str, secret: str, settings: Settings | None = None, checked: bool = True) -> None:
    """Connect a shop by its REST keys; `checked` tries them first. Raises ShopRefused."""
    shops.add(store_id, url, key, secret, settings or get_settings(), checked)


def stores(settings: Settings | None = None) -> list[str]:
    """The ids of the connected shops."""
    return shops.stores(settings or get_settings())


def sync(
    store_id: str, settings: Settings | None = None, full: bool = False, on_progress: OnProgress | None = None
) -> Synced:
    """Land what changed since the last sync, or if `full` everything, including what listings leave out. Returns what
    was done by resource. Raises ShopRefused and SettingsMissing."""
    with shops.opened(store_id, settings or get_settings()) as shop:
        synced = sync_all(shop, full, on_progress)
        if full:
            reconcile_shop(shop)
        counts = {name: asdict(loaded) for name, loaded in synced.items() if loaded.read}
        log.info("woocommerce_synced", store_id=store_id, requests=shop.client.requests, **counts)
    return synced


def reconcile(store_id: str, settings: Settings | None = None, on_progress: OnProgress | None = None) -> Reconciled:
    """Sync, compare everything with the shop, fetch what differs, and store the result in `quality.reconciliations`.
    Raises ShopRefused and SettingsMissing."""
    with shops.opened(store_id, settings or get_settings()) as shop:
        sync_all(shop, on_progress=on_progress, most_attempts=ANY_ATTEMPTS)
        return reconcile_shop(shop)


def check(store_id: str, settings: Settings | None = None) -> list[str]:
    """Sentences on whether the shop can be synced. Raises ShopRefused."""
    return check_shop.check_shop(store_id, settings or get_settings())


def subscribe(store_id: str, settings: Settings | None = None) -> dict[str, int]:
    """Create the shop's webhooks. Returns how many were made, mended, left and removed. Raises ShopRefused."""
    settings = settings or get_settings()
    with shops.opened(store_id, settings) as shop:
        return subscribe_shop(shop, settings)


def rejected(store_id: str, settings: Settings | None = None) -> list[str]:
    """A line for each object of the shop that cannot be read, with the reason."""
    return [dismissing.as_text(each) for each in dismissing.set_aside(store_id, settings or get_settings())]


def dismiss(store_id: str, subject: str, which: list[str], reason: str, settings: Settings | None = None) -> int:
    """Record why objects (`orders`, ids) or findings (`orders`, months; others, `all`) are dismissed. Returns
    how many were. Raises ShopRefused."""
    return dismissing.dismiss(store_id, subject, which, reason, settings or get_settings())


def invite(store_id: str, settings: Settings | None = None) -> str:
    """A one-time code for the plugin to register its shop with."""
    return invite_plugin(store_id, settings or get_settings())
