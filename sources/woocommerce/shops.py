"""Connected shops: addresses and keys in `app.stores`, and the shops' own settings."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog
from psycopg2.extensions import connection as Connection  # noqa: N812
from psycopg2.extras import RealDictCursor

from sources.woocommerce.client import ShopClient
from sources.woocommerce.responses import ShopRefused
from sources.woocommerce.zones import given_zone, names_of, zone_of
from warehouse.connection import connect, read_sql, transaction
from warehouse.encryption import Undecryptable, decrypt, encrypt
from warehouse.settings import Settings

SQL = Path(__file__).parent / "sql"
STORE_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
# The plugin registers shops under this name's address.
RESERVED_ID = "register"
_KEYS = {"key": re.compile(r"ck_[0-9A-Za-z_]{1,80}"), "secret": re.compile(r"cs_[0-9A-Za-z_]{1,80}")}
DATE_TYPES = ("date_paid", "date_created", "date_completed")
SETTINGS_MAX_AGE = timedelta(hours=20)
LOCK_MINUTES = 30

log = structlog.get_logger()


@dataclass(frozen=True)
class Store:
    """A connected shop with decrypted secrets, never to be logged. `timezone` and the fields after it are None or empty
    until the settings were read."""

    store_id: str
    url: str
    key: str = field(repr=False)
    secret: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    timezone: str | None
    date_type: str
    excluded_statuses: list[str]
    settings_read_at: datetime | None
    prices_decimals: int | None
    woocommerce_version: str | None
    page_size: int | None

    @property
    def lists_by_modification(self) -> bool:
        """Whether listings know dates of modification and UTC, as from WooCommerce 5.8 on."""
        return lists_by_modification(self.woocommerce_version or "")


@dataclass(frozen=True)
class Shop:
    """A connected shop, its API, and the loader's connection, whose clock `asked_at` follows."""

    store: Store
    client: ShopClient
    connection: Connection
    settings: Settings

    @property
    def store_id(self) -> str:
        return self.store.store_id


def lists_by_modification(version: str) -> bool:
    """Whether a version of WooCommerce lists by dates of modification and by UTC; an unknown version should."""
    found = re.match(r"(\d+)\.(\d+)", version)
    return found is None or (int(found[1]), int(found[2])) >= (5, 8)


def require_id(store_id: str) -> None:
    """Raises ShopRefused if the id is invalid or reserved."""
    if not STORE_ID.fullmatch(store_id):
        raise ShopRefused(
            "a store's name may have only lower-case letters, digits, - and _, since it is part of web addresses"
        )
    if store_id == RESERVED_ID:
        raise ShopRefused(f"no store may be called {RESERVED_ID}: the plugin registers shops under that address")


def clean_url(url: str) -> str:
    """A shop's address as it is stored. Raises ShopRefused if it is invalid."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        fits = parts.scheme in ("http", "https") and parts.hostname and not parts.username and parts.port != 0
    except ValueError:
        fits = False
    if not fits or re.search(r"\s", url):
        raise ShopRefused("the shop's address must look like https://shop.example")
    return f"{parts.scheme}://{parts.netloc.lower()}{without_prefix(parts.path)}"


def without_prefix(path: str) -> str:
    """A path without the usual prefix of the REST API; another one stays, and is found there."""
    return re.sub(r"/wp-json(/.*)?$", "", path).rstrip("/")


def is_reachable(url: str, key: str, secret: str, seconds: float) -> bool:
    """Whether a shop lets its orders be read with a key, and says so in time."""
    with ShopClient(url, key, secret, patience=seconds) as client:
        try:
            client.listing("/wc/v3/orders", attempts=1, per_page=1, _fields=["id"])
        except ShopRefused as error:
            log.info("woocommerce_shop_not_reached", reason=str(error)[:200])
            return False
    return True


def has_api(url: str, seconds: float) -> bool:
    """Whether WooCommerce is active at an address, by WordPress's public index, which needs no keys. Raises ShopRefused
    if nothing answers in time."""
    with ShopClient(url, "", "", patience=seconds) as client:
        index = client.object("/", attempts=1, _fields=["namespaces"]).value
    return "wc/v3" in (index.get("namespaces") or [])


def add(store_id: str, url: str, key: str, secret: str, settings: Settings, checked: bool = True) -> None:
    """Connect a shop, or change its address or keys. The webhook secret stays, so that existing webhooks keep working.
    Raises ShopRefused; without `checked` only for an invalid address, name or key."""
    require_id(store_id)
    url, key, secret = clean_url(url), key.strip(), secret.strip()
    if not _KEYS["key"].fullmatch(key) or not _KEYS["secret"].fullmatch(secret):
        raise ShopRefused("a consumer key begins with ck_, a consumer secret with cs_: copy them whole")
    if checked:
        with ShopClient(url, key, secret) as client:
            client.listing("/wc/v3/orders", per_page=1, _fields=["id"])
    with connect("loader", settings) as connection:
        known = _row(connection, store_id)
        values = {
            "store_id": store_id,
            "url": url,
            "consumer_key": encrypt(key, settings),
            "consumer_secret": encrypt(secret, settings),
            "webhook_secret": encrypt(_kept_secret(known, settings) or secrets.token_urlsafe(32), settings),
        }
        with connection, connection.cursor() as cursor:
            cursor.execute(read_sql(SQL / "connect_store.sql"), values)
    log.info("woocommerce_store_added", store_id=store_id)


def stores(settings: Settings) -> list[str]:
    """The ids of the connected shops."""
    with transaction("loader", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(SQL / "stores.sql"))
        return [store_id for (store_id,) in cursor.fetchall()]


def read_store(connection: Connection, store_id: str, settings: Settings) -> Store:
    """Raises ShopRefused if the shop is not connected, or if its keys cannot be decrypted."""
    row = _row(connection, store_id)
    if row is None or not row["url"]:
        raise ShopRefused(f"no shop is connected under the name {store_id}: python -m sources.woocommerce add")
    try:
        for name in ("key", "secret", "webhook_secret"):
            row[name] = decrypt(row[name], settings) if row[name] else ""
    except Undecryptable as error:
        raise ShopRefused(f"{error}: connect the shop {store_id} again") from None
    return Store(**row)


@contextmanager
def opened(store_id: str, settings: Settings) -> Iterator[Shop]:
    """Lock and open a shop; what two processes fetch at once could not be ordered. Reads the shop's settings if they
    are a day old. Raises ShopRefused."""
    with connect("loader", settings) as connection:
        store = read_store(connection, store_id, settings)
        _lock(connection, store_id)
        clock = _database_clock(connection)
        with ShopClient(store.url, store.key, store.secret, clock, store.page_size) as client:
            shop = Shop(store, client, connection, settings)
            if store.settings_read_at is None or datetime.now(UTC) - store.settings_read_at > SETTINGS_MAX_AGE:
                read_settings(shop)
                shop = Shop(read_store(connection, store_id, settings), client, connection, settings)
            try:
                yield shop
            finally:
                _save_page_size(shop)


def _save_page_size(shop: Shop) -> None:
    if shop.client.page_size != shop.store.page_size:
        with shop.connection, shop.connection.cursor() as cursor:
            values = {"store_id": shop.store_id, "page_size": shop.client.page_size}
            cursor.execute(read_sql(SQL / "save_page_size.sql"), values)


def read_settings(shop: Shop) -> str:
    """Store the shop's time zone, currency and Analytics settings; returns the zone as the shop gives it. Raises
    ShopRefused."""
    index = read_index(shop.client, "timezone_string", "gmt_offset", "name") or {}
    general = _options(shop, "/wc/v3/settings/general")
    analytics = _options(shop, "/wc/v3/settings/wc_admin")
    status = shop.client.object("/wc/v3/system_status", _fields=["environment", "settings"]).value
    environment = status.get("environment") if isinstance(status.get("environment"), dict) else {}
    decimals = str(general.get("woocommerce_price_num_decimals", ""))
    date_type = analytics.get("woocommerce_date_type")
    excluded = analytics.get("woocommerce_excluded_report_order_statuses")
    values = {
        "store_id": shop.store_id,
        "name": str(index.get("name") or "") or None,
        "timezone": known_zone(shop.connection, names_of(zone_of(index))),
        "currency": str(general.get("woocommerce_currency") or "") or None,
        "date_type": date_type if date_type in DATE_TYPES else "date_paid",
        "excluded_statuses": _statuses(excluded),
        "prices_decimals": int(decimals) if decimals.isdecimal() else None,
        "woocommerce_version": str(environment.get("version") or "") or None,
    }
    with shop.connection, shop.connection.cursor() as cursor:
        cursor.execute(read_sql(SQL / "store_settings.sql"), values)
    return given_zone(index)


def known_zone(connection: Connection, names: list[str]) -> str | None:
    """The first of a time zone's names that Postgres knows."""
    with connection, connection.cursor() as cursor:
        cursor.execute(read_sql(SQL / "known_zone.sql"), {"timezones": names})
        found = cursor.fetchone()
    return str(found[0]) if found else None


def read_index(client: ShopClient, *fields: str) -> dict[str, Any] | None:
    """WordPress's public index; None where a plugin hides it. WooCommerce still answers then. Raises ShopRefused."""
    try:
        return dict(client.object("/", _fields=list(fields)).value)
    except ShopRefused as error:
        if error.status not in (401, 403):
            raise
        log.warning("woocommerce_index_closed", code=error.code[:80])
        return None


def _statuses(value: Any) -> list[str] | None:
    """The statuses that Analytics excludes; None, which keeps the stored ones, if the shop does not say."""
    if not isinstance(value, list):
        return None
    return sorted({str(each).removeprefix("wc-") for each in value if each})


def _options(shop: Shop, path: str) -> dict[str, Any]:
    """A group of settings by id, empty if the shop has no such group."""
    try:
        found = shop.client.array(path, _fields=["id", "value"]).value
    except ShopRefused as error:
        if error.status != 404:
            raise
        return {}
    return {each["id"]: each.get("value") for each in found if isinstance(each, dict) and "id" in each}


def _row(connection: Connection, store_id: str) -> dict[str, Any] | None:
    with connection, connection.cursor(cursor_factory=RealDictCursor) as cursor:
        cursor.execute(read_sql(SQL / "store.sql"), {"store_id": store_id})
        return cursor.fetchone()


def _kept_secret(known: dict[str, Any] | None, settings: Settings) -> str | None:
    try:
        return decrypt(known["webhook_secret"], settings) if known and known["webhook_secret"] else None
    except Undecryptable:
        return None


def _lock(connection: Connection, store_id: str) -> None:
    """Wait for the shop's lock. Raises ShopRefused after `LOCK_MINUTES`."""
    for second in range(60 * LOCK_MINUTES):
        with connection, connection.cursor() as cursor:
            cursor.execute(read_sql(SQL / "lock_store.sql"), {"store_id": store_id})
            if (cursor.fetchone() or (False,))[0]:
                return
        if second % 60 == 0:
            log.info("woocommerce_waits_for_another_sync", store_id=store_id)
        time.sleep(1)
    raise ShopRefused(f"another sync of this shop has been running for more than {LOCK_MINUTES} minutes")


def _database_clock(connection: Connection) -> Any:
    """The database's clock, by which deliveries are dated; read once."""

    with connection, connection.cursor() as cursor:
        started = time.monotonic()
        cursor.execute("select clock_timestamp()")
        (now,) = cursor.fetchone() or (datetime.now(UTC),)
    return lambda: now + timedelta(seconds=time.monotonic() - started)
