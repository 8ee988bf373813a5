"""A stand-in for a WooCommerce shop: its REST API over HTTP, as strict as a real shop was measured to be.

shop = recorded_shop(folder)            # or Shop(settings=ShopSettings(timezone=...)), made_up_shop(orders=100_000)
with WooCommerceStandIn(shop) as stand_in:
    stand_in.url, stand_in.key, stand_in.secret
    shop.create_order(Draft([Line(...)])), shop.trash(77), shop.delete_refund(89), ...
    stand_in.faults.fail("throttled", "truncated"); stand_in.faults.probability = 0.1
    stand_in.requests                   # the requests so far and their durations
    stand_in.webhooks.send()            # deliver pending webhooks
"""

from demo.woocommerce.clock import Clock
from demo.woocommerce.faults import HARMLESS, KINDS, Faults
from demo.woocommerce.made_up import made_up_shop
from demo.woocommerce.orders import Draft, Line
from demo.woocommerce.recorded import recorded_shop
from demo.woocommerce.refunds import Parts
from demo.woocommerce.server import Request, Speed, WooCommerceStandIn
from demo.woocommerce.shop import Shop
from demo.woocommerce.state import ShopSettings

__all__ = [
    "HARMLESS",
    "KINDS",
    "Clock",
    "Draft",
    "Faults",
    "Line",
    "Parts",
    "Request",
    "Shop",
    "ShopSettings",
    "Speed",
    "WooCommerceStandIn",
    "made_up_shop",
    "recorded_shop",
]
