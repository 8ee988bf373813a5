"""Syncs orders of shops before WooCommerce 5.8, which cannot list what was modified, nor by UTC.

A sync reads the orders created since the last one and those that are still open. Changes of other orders are reported
by webhooks or found at night.
"""

from __future__ import annotations

from datetime import datetime

from sources.woocommerce.history import ANY_ZONE, ENTERS_AT_ONCE, OVERLAP
from sources.woocommerce.landing import Loaded, land
from sources.woocommerce.listings import first_page, listed
from sources.woocommerce.objects import ORDERS
from sources.woocommerce.shops import Shop

# There are few of them, and their changes matter most.
OPEN = ["pending", "on-hold", "processing"]


def recent_orders(shop: Shop, safe: datetime) -> Loaded:
    """Land orders created since the position, open ones, and those in the trash, and move the position. Raises
    ShopRefused."""
    since = {"after": safe - OVERLAP - ANY_ZONE}
    loaded = Loaded()
    for chosen in ({"status": "trash", **since}, {"status": OPEN}, {"status": "any", **since}):
        params = ORDERS.query(**chosen)
        first = first_page(shop.client, ORDERS.path, params)
        positions = {"orders": first.shop_time - ENTERS_AT_ONCE} if chosen["status"] == "any" else {}
        for batch in listed(shop.client, ORDERS.path, params, first=first):
            loaded.add(land(shop, ORDERS, batch.objects, positions=positions if batch.is_last else None))
    return loaded
