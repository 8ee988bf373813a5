"""The API's data about the shop: WordPress's index, WooCommerce's settings and system status."""

from __future__ import annotations

from datetime import timedelta

from demo.woocommerce.answers import Record, Refused
from demo.woocommerce.objects import SYMBOLS
from demo.woocommerce.state import State

_DATE_TYPES = {"date_created": "Date created", "date_paid": "Date paid", "date_completed": "Date completed"}


def index(shop: State) -> Record:
    """`/wp-json/`. A shop whose time zone is an offset (`UTC+7`) has an empty `timezone_string`."""
    offset = shop.clock().astimezone(shop.zone).utcoffset() or timedelta()
    return {
        "name": shop.settings.name,
        "description": "",
        "url": "https://shop.example",
        "home": "https://shop.example",
        "gmt_offset": str(round(offset.total_seconds() / 3600, 2)).removesuffix(".0"),
        "timezone_string": "" if shop.settings.timezone.startswith("Etc/GMT") else shop.settings.timezone,
        "namespaces": ["oembed/1.0", "wc/v1", "wc/v2", "wc/v3", "wc-analytics", "wp/v2"],
        "authentication": [],
        "routes": {},
    }


def general(shop: State) -> list[Record]:
    settings = shop.settings
    return [
        _setting("woocommerce_currency", "Currency", settings.currency, "USD", "select"),
        _setting("woocommerce_currency_pos", "Currency position", "left", "left", "select"),
        _setting("woocommerce_price_thousand_sep", "Thousand separator", ",", ",", "text"),
        _setting("woocommerce_price_decimal_sep", "Decimal separator", ".", ".", "text"),
        _setting("woocommerce_price_num_decimals", "Number of decimals", str(settings.price_decimals), "2", "number"),
    ]


def wc_admin(shop: State) -> list[Record]:
    settings = shop.settings
    statuses = {status: status.replace("-", " ").capitalize() for status in settings.statuses}
    excluded = {
        **_setting("woocommerce_excluded_report_order_statuses", "Excluded statuses:", [], [], "multiselect"),
        "default": ["pending", "cancelled", "failed"],
        "value": list(settings.excluded_statuses),
        "options": statuses,
    }
    dates = {**_setting("woocommerce_date_type", "Date type:", settings.date_type, "date_paid", "select")}
    return [excluded, {**dates, "options": _DATE_TYPES}]


def setting(shop: State, group: str, name: str) -> Record:
    """One setting by its id. Raises Refused."""
    for each in general(shop) if group == "general" else wc_admin(shop):
        if each["id"] == name:
            return each
    raise Refused(404, "rest_setting_setting_invalid", "Invalid setting.")


def system_status(shop: State) -> Record:
    settings = shop.settings
    return {
        "environment": {
            "home_url": "https://shop.example",
            "site_url": "https://shop.example",
            "version": settings.version,
            "wp_version": settings.wordpress_version,
            "php_version": "8.3.14",
            "default_timezone": "UTC",
        },
        "database": {"wc_database_version": settings.version},
        "active_plugins": [],
        "theme": {"name": "Storefront"},
        "settings": {
            "api_enabled": False,
            "currency": settings.currency,
            "currency_symbol": SYMBOLS.get(settings.currency, settings.currency),
            "number_of_decimals": settings.price_decimals,
            "order_datastore": "Automattic\\WooCommerce\\Internal\\DataStores\\Orders\\OrdersTableDataStore",
            "HPOS_enabled": True,
            "HPOS_sync_enabled": False,
        },
    }


def _setting(name: str, label: str, value: object, default: object, kind: str) -> Record:
    return {
        "id": name,
        "label": label,
        "description": "",
        "type": kind,
        "default": default,
        "value": value,
    }
