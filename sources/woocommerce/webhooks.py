"""The webhooks by which a shop reports changes, and one-time codes for the plugin to register a shop."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog

from sources.woocommerce.listings import list_all
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
    """The delivery URL of a shop's webhooks. Raises SettingsMissing."""
    if not settings.public_url:
        raise SettingsMissing("KABAR_PUBLIC_URL must be set: it is where the shop sends its webhooks to")
    return settings.public_url.rstrip("/") + _path(store_id)


def subscribe_shop(shop: Shop, settings: Settings) -> dict[str, int]:
    """Create missing webhooks, re-enable disabled ones, and remove those of an earlier KABAR_PUBLIC_URL. Returns how
    many were made, mended, left and removed. The secret is written each time, since the shop never shows it. Raises
    ShopRefused and SettingsMissing."""
    address = delivery_url(settings, shop.store_id)
    webhooks = [each for each, _ in list_all(shop.client, "/wc/v3/webhooks", {}) if isinstance(each, dict)]
    ours: dict[str, dict[str, Any]] = {}
    for each in webhooks:
        # Of two for the same topic keep the active one.
        if each.get("delivery_url") == address and (each.get("topic") not in ours or each.get("status") == "active"):
            ours[str(each.get("topic"))] = each
    done = {"made": 0, "mended": 0, "left": 0, "removed": 0}
    for topic in TOPICS:
        wanted = {"status": "active", "secret": shop.store.webhook_secret}
        if topic not in ours:
            body = {**wanted, "name": _name(topic), "topic": topic, "delivery_url": address}
            shop.client.send("POST", "/wc/v3/webhooks", body)
            done["made"] += 1
            continue
        shop.client.send("PUT", f"/wc/v3/webhooks/{ours[topic]['id']}", wanted)
        done["left" if ours[topic].get("status") == "active" else "mended"] += 1
    # Last, since the old address may still reach us until the new webhooks exist.
    if earlier := [each["id"] for each in webhooks if _is_of_earlier_address(each, address, shop.store_id)]:
        shop.client.send("POST", "/wc/v3/webhooks/batch", {"delete": earlier})
        done["removed"] = len(earlier)
    log.info("woocommerce_subscribed", store_id=shop.store_id, **done)
    return done


def reactivate(shop: Shop) -> int:
    """Activate webhooks again that WooCommerce disabled, as it does after five failed deliveries. Returns their number.
    Paused ones stay paused, since a person did that. Raises ShopRefused."""
    if not shop.settings.public_url:
        return 0
    address = delivery_url(shop.settings, shop.store_id)
    disabled = [
        each["id"]
        for each, _ in list_all(shop.client, "/wc/v3/webhooks", {"status": "disabled"})
        if isinstance(each, dict) and each.get("delivery_url") == address and each.get("topic") in TOPICS
    ]
    for number in disabled:
        wanted = {"status": "active", "secret": shop.store.webhook_secret}
        shop.client.send("PUT", f"/wc/v3/webhooks/{number}", wanted)
    if disabled:
        log.warning("woocommerce_webhooks_reactivated", store_id=shop.store_id, reactivated=len(disabled))
    return len(disabled)


def _path(store_id: str) -> str:
    return f"/webhooks/woocommerce/{store_id}"


def _name(topic: str) -> str:
    return f"Kabar {topic}"


def _is_of_earlier_address(webhook: dict[str, Any], address: str, store_id: str) -> bool:
    """Whether Kabar created this webhook at an earlier address, by its name and path."""
    url, topic = str(webhook.get("delivery_url")), str(webhook.get("topic"))
    is_ours = topic in TOPICS and webhook.get("name") == _name(topic) and url.endswith(_path(store_id))
    return is_ours and url != address


def invite_plugin(store_id: str, settings: Settings) -> str:
    """A code that registers one shop within a week; only its hash is stored. Raises ShopRefused."""
    require_id(store_id)
    code = secrets.token_urlsafe(18)
    values = {"code_hash": hashlib.sha256(code.encode()).hexdigest(), "store_id": store_id, "lasts": INVITATION_LASTS}
    with transaction("loader", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(SQL / "invite.sql"), values)
    return code
