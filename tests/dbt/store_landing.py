"""Lands a shop's API objects in `raw` in the shape in which a sync does, without a sync; and connects the shop."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from psycopg2.extras import Json, execute_values

from warehouse.connection import transaction
from warehouse.identity import email_key, hash_key, normalise_phone, phone_key
from warehouse.settings import Settings

ASKED_AT = datetime(2026, 1, 1, tzinfo=UTC)
# A sync moves it only for what differs.
CHANGED_AT = (
    ", changed_at = case when (held.body, held.deleted_at) is distinct from (excluded.body, excluded.deleted_at)"
    " then now() else held.changed_at end"
)

Thing = Mapping[str, Any]


@dataclass(frozen=True)
class LandedShop:
    """A shop as its API serves it: refunds as the endpoint of all refunds gives them, variations with `product_id`.
    `deleted` names what the shop has no longer, by resource."""

    id: str
    timezone: str = "Asia/Jakarta"
    currency: str = "IDR"
    date_type: str = "date_paid"
    excluded_statuses: Sequence[str] = ("pending", "failed", "cancelled")
    orders: Sequence[Thing] = ()
    refunds: Sequence[Thing] = ()
    customers: Sequence[Thing] = ()
    products: Sequence[Thing] = ()
    variations: Sequence[Thing] = ()
    deleted: Mapping[str, frozenset[int]] = field(default_factory=dict)


def land(settings: Settings, shops: Iterable[LandedShop]) -> None:
    """Write the shops' settings and all of their objects; what stands there is replaced."""
    key = hash_key(settings)
    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        for shop in shops:
            columns = "store_id, timezone, currency, date_type, excluded_statuses, connected_at"
            values = (shop.id, shop.timezone, shop.currency, shop.date_type, list(shop.excluded_statuses), ASKED_AT)
            _upsert(cursor, "app.stores", columns, "store_id", "", [values])
            for resource, (columns, typed) in RESOURCES.items():
                things = getattr(shop, resource)
                _land_resource(cursor, shop, resource, columns, [(*typed(thing, key), thing) for thing in things])


def _land_resource(cursor: Any, shop: LandedShop, resource: str, columns: str, rows: list[tuple[Any, ...]]) -> None:
    gone = shop.deleted.get(resource, frozenset())
    values = [
        (shop.id, body["id"], *typed, Json(body), ASKED_AT, ASKED_AT if body["id"] in gone else None)
        for *typed, body in rows
    ]
    names = f"store_id, id, {columns}, body, asked_at, deleted_at"
    _upsert(cursor, f"raw.woocommerce_{resource}", names, "store_id, id", CHANGED_AT, values)


def _upsert(cursor: Any, table: str, columns: str, key: str, besides: str, rows: Sequence[tuple[Any, ...]]) -> None:
    names = [name.strip() for name in columns.split(",")]
    changed = ", ".join(f"{name} = excluded.{name}" for name in names if name not in key) + besides
    if rows:
        insert = f"insert into {table} as held ({columns}) values %s on conflict ({key}) do update set {changed}"
        execute_values(cursor, insert, rows, page_size=1000)


def _order(order: Thing, key: bytes) -> tuple[Any, ...]:
    billing = order.get("billing") or {}
    keys = (_email(billing, key), _phone(billing, key))
    times = (_utc(order["date_created_gmt"]), _utc(order.get("date_modified_gmt") or order["date_created_gmt"]))
    return (order["status"], order.get("customer_id") or 0, *keys, *times)


def _refund(refund: Thing, key: bytes) -> tuple[Any, ...]:
    return refund["parent_id"], _utc(refund["date_created_gmt"])


def _customer(customer: Thing, key: bytes) -> tuple[Any, ...]:
    return customer.get("role", "customer"), _email(customer, key), _phone(customer.get("billing") or {}, key)


def _product(product: Thing, key: bytes) -> tuple[Any, ...]:
    return (_utc(product.get("date_modified_gmt")),)


def _variation(variation: Thing, key: bytes) -> tuple[Any, ...]:
    return variation["product_id"], _utc(variation.get("date_modified_gmt"))


def _email(thing: Thing, key: bytes) -> str | None:
    return email_key(thing.get("email") or "", key)


def _phone(billing: Thing, key: bytes) -> str | None:
    country = billing.get("country") or ""
    number = normalise_phone(billing.get("phone") or "", country if len(country) == 2 else "ID")
    return phone_key(number, key) if number else None


def _utc(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


# The typed columns beside each object, and what fills them.
RESOURCES = {
    "orders": ("status, customer_id, email_key, phone_key, created_at, modified_at", _order),
    "refunds": ("order_id, created_at", _refund),
    "customers": ("role, email_key, phone_key", _customer),
    "products": ("modified_at", _product),
    "variations": ("product_id, modified_at", _variation),
}
