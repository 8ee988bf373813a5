"""The shop's webhooks that tell Kabar of changes, and the one-time code under which the plugin registers a shop."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from pathlib import Path

import structlog

from sources.woocommerce.listings import everything
from sources.woocommerce.shops import Shop, require_id
from warehouse.connection import read_sql, transaction
from warehouse.settings import Settings, SettingsMissing

SQL = Path(__file__).parent / "sql"
TOPICS = [
    *[f"order.{event}" for event in ("created", "updated", "deleted", "restored")],
    *[f"product.{event}" for event in ("created", "updated", "deleted", "restored")],
    *[f"customer.{event}" for event in ("created", "updated", "deleted")],
    *[f"coupon.{event}" for event in ("created", "updated", "deleted", "restored")],
]
INVITATION_LASTS = timedelta(days=7)

log = structlog.get_logger()


def delivery_url(settings: Settings, store_id: str) -> str:
    """Where the shop's webhooks send to. Raises SettingsMissing."""
    if not settings.public_url:
        raise SettingsMissing("KABAR_PUBLIC_URL must be set: it is where the shop sends its webhooks to")
    return f"{settings.public_url.rstrip('/')}/webhooks/woocommerce/{store_id}"


def subscribe_shop(shop: Shop, settings: Settings) -> dict[str, int]:
    """Make the webhooks that are missing and mend those that the shop has disabled: how many were made, mended and left
    as they are. The secret is written each time, since the shop never shows it. Others' webhooks are left alone.
    Raises ShopRefused and SettingsMissing."""
    address = delivery_url(settings, shop.store_id)
    ours: dict[str, dict[str, object]] = {}
    for each, _ in everything(shop.client, "/wc/v3/webhooks", {}):
        if not isinstance(each, dict) or each.get("delivery_url") != address:
            continue
        # Of two for the same topic the active one is worth keeping.
        if str(each.get("topic")) not in ours or each.get("status") == "active":
            ours[str(each.get("topic"))] = each
    done = {"made": 0, "mended": 0, "left": 0}
    for topic in TOPICS:
        wanted = {"status": "active", "secret": shop.store.webhook_secret}
        if topic not in ours:
            body = {**wanted, "name": f"Kabar {topic}", "topic": topic, "delivery_url": address}
            shop.client.send("POST", "/wc/v3/webhooks", body)
            done["made"] += 1
            continue
        shop.client.send("PUT", f"/wc/v3/webhooks/{ours[topic]['id']}", wanted)
        done["left" if ours[topic].get("status") == "active" else "mended"] += 1
    log.info("woocommerce_subscribed", store_id=shop.store_id, **done)
    return done


def invite_plugin(store_id: str, settings: Settings) -> str:
    """A code that connects one shop within a week; only its hash is kept. Raises ShopRefused."""
    require_id(store_id)
    code = secrets.token_urlsafe(18)
    values = {"code_hash": hashlib.sha256(code.encode()).hexdigest(), "store_id": store_id, "lasts": INVITATION_LASTS}
    with transaction("loader", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(SQL / "invite.sql"), values)
    return code
