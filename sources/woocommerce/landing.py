"""Lands a shop's objects in `raw`. Newer versions replace older ones; unreadable objects go to `raw.rejected`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import structlog
from jinja2 import StrictUndefined, Template

from sources.retries import retry_conflicts
from sources.woocommerce.objects import RESOURCES, Resource, Shape, Unreadable, as_json, identity, read
from sources.woocommerce.pages import Unread, as_payload
from sources.woocommerce.shops import Shop
from warehouse.connection import read_sql
from warehouse.twilio_shape import payload_hash, without_nul

SQL = Path(__file__).parent / "sql"
log = structlog.get_logger()

# However often an object was rejected.
ANY_ATTEMPTS = 10**9

Fetched = tuple[Any, datetime]


@dataclass
class Loaded:
    """What a sync did to a resource. `read` counts objects, `rejected` those that went to `raw.rejected`."""

    read: int = 0
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0
    rejected: int = 0

    def add(self, other: Loaded) -> None:
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))


@retry_conflicts
def land(
    shop: Shop,
    resource: Resource,
    fetched: Iterable[Fetched],
    is_exact: bool = False,
    positions: dict[str, datetime] | None = None,
) -> Loaded:
    """Land objects, each with the time of its request, and move positions, in one transaction.

    `is_exact`: no other request was running, so these are the newest versions whatever their dates say. Of several
    versions of one object the last by (modified, requested) counts.
    """
    fetched = list(fetched)
    rows, rejected = _rows(shop, resource, fetched)
    with shop.connection, shop.connection.cursor() as cursor:
        landed: list[tuple[bool, bool]] = []
        if rows:
            values = {
                "store_id": shop.store_id,
                "is_exact": is_exact,
                "rows": f"[{','.join(rows.values())}]",
            }
            cursor.execute(rendered("upsert_objects", kind=resource.name), values)
            landed = cursor.fetchall()
        _settle(cursor, shop, resource, rows, rejected)
        move(cursor, shop, positions or {})
    inserted = sum(is_new for is_new, _ in landed)
    updated = sum(is_changed and not is_new for is_new, is_changed in landed)
    return Loaded(len(fetched), inserted, updated, len(rows) - inserted - updated, 0, len(rejected))


def mark_deleted(shop: Shop, resource: Resource, gone: dict[int, datetime]) -> Loaded:
    """Mark rows whose objects the shop no longer has; each id comes with the time of the request."""
    if not gone:
        return Loaded()
    with shop.connection, shop.connection.cursor() as cursor:
        values = {"store_id": shop.store_id, "ids": list(gone), "asked": list(gone.values())}
        statement = read_sql(SQL / "delete_objects.sql")
        cursor.execute(statement.replace("woocommerce_objects", f"woocommerce_{resource.name}"), values)
        deleted = sum(is_changed for (is_changed,) in cursor.fetchall())
        _settle(cursor, shop, resource, gone, {})
    if deleted:
        log.info("woocommerce_deleted", store_id=shop.store_id, resource=resource.name, ids=sorted(gone)[:100])
    return Loaded(read=len(gone), deleted=deleted, unchanged=len(gone) - deleted)


@cache
def rendered(name: str, **values: Any) -> str:
    """The SQL of a `.template` file."""
    template = (SQL / f"{name}.template").read_text()
    return Template(template, undefined=StrictUndefined).render(**values)


def move(cursor: Any, shop: Shop, positions: dict[str, datetime]) -> None:
    """Move positions forward. A later one stays, unless it belongs to an older list of fields."""
    for source, position in positions.items():
        values = {"source": f"woocommerce_{source}", "store_id": shop.store_id, "position": position}
        cursor.execute(read_sql(SQL / "move_position.sql"), {**values, "fields": _fields_version(source)})


def position(shop: Shop, source: str) -> datetime | None:
    """Up to when, by the shop's clock, everything of a source has landed with today's fields. None: never."""
    found = query(shop, "position", source=f"woocommerce_{source}")
    if not found:
        return None
    at, fields = found[0]
    if fields != _fields_version(source):
        log.info("woocommerce_fields_changed", store_id=shop.store_id, source=source)
        return None
    return at  # type: ignore[no-any-return]


def _fields_version(source: str) -> str | None:
    """The version of a source's list of fields; `orders_history` has that of `orders`."""
    resource = RESOURCES.get(source.partition("_")[0])
    return resource.fields.version if resource else None


def query(shop: Shop, statement: str, **values: Any) -> list[tuple[Any, ...]]:
    """The rows of a `.sql` file's query for this store."""
    return rows_of(shop, read_sql(SQL / f"{statement}.sql"), **values)


def rows_of(shop: Shop, sql: str, **values: Any) -> list[tuple[Any, ...]]:
    """The rows of a query for this store."""
    with shop.connection, shop.connection.cursor() as cursor:
        cursor.execute(sql, {"store_id": shop.store_id, **values})
        return list(cursor.fetchall())


def resolve_unnamed(shop: Shop, resource: Resource) -> None:
    """Forget objects of which not even the id can be read, before a listing that finds those that are left."""
    with shop.connection, shop.connection.cursor() as cursor:
        values = {"source": f"woocommerce_{resource.name}", "prefix": f"{shop.store_id}:"}
        cursor.execute(read_sql(SQL / "resolve_unnamed.sql"), values)


def rejected_ids(shop: Shop, resource: Resource, most_attempts: int) -> list[int]:
    """The ids of rejected objects with at most `most_attempts` attempts."""
    found = query(
        shop, "rejected", source=f"woocommerce_{resource.name}", prefix=f"{shop.store_id}:", attempts=most_attempts
    )
    return [int(number) for (number,) in found]


def _rows(shop: Shop, resource: Resource, fetched: list[Fetched]) -> tuple[dict[int, str], dict[str, tuple[str, str]]]:
    """Rows as JSON by id, and (payload, reason) of rejected objects by their id in `raw.rejected`."""
    shape = Shape.of(shop.settings, shop.store.timezone)
    newest: dict[int, tuple[tuple[str, datetime], str]] = {}
    rejected = {}
    for each, asked_at in fetched:
        if isinstance(each, Unread):
            rejected[f"{shop.store_id}:{each.name}"] = (as_json(as_payload(each)), each.reason)
            continue
        try:
            row, body = read(resource, each, shape)
        except Unreadable as error:
            name, payload = _set_aside(shop, resource, each)
            rejected[name] = (payload, str(error))
            log.warning("woocommerce_set_aside", resource=resource.name, id=name, reason=str(error))
            continue
        place = (row.get("modified_at") or "", asked_at)
        if row["id"] not in newest or newest[row["id"]][0] <= place:
            head = as_json({**row, "asked_at": asked_at.isoformat()})
            newest[row["id"]] = (place, f'{head[:-1]}, "body": {body}}}')
    return {number: row for number, (_, row) in newest.items()}, rejected


def _set_aside(shop: Shop, resource: Resource, payload: Any) -> tuple[str, str]:
    try:
        name = str(identity(payload)) if isinstance(payload, dict) else None
    except Unreadable:
        name = None
    try:
        clean = without_nul(resource.fields.kept(payload) if isinstance(payload, dict) else payload)
        text = as_json(clean)
        return f"{shop.store_id}:{name or payload_hash(json.loads(text))}", text
    except (Unreadable, RecursionError, UnicodeEncodeError):
        return f"{shop.store_id}:{name or 'unreadable'}", "{}"


def _settle(
    cursor: Any, shop: Shop, resource: Resource, well: Iterable[int], rejected: dict[str, tuple[str, str]]
) -> None:
    source = f"woocommerce_{resource.name}"
    names = [f"{shop.store_id}:{number}" for number in well]
    if names:
        cursor.execute(read_sql(SQL / "resolve_rejected.sql"), {"source": source, "ids": names})
    for name, (payload, reason) in sorted(rejected.items()):
        values = {"source": source, "id": name, "payload": payload, "reason": reason}
        cursor.execute(read_sql(SQL / "set_aside.sql"), values)
