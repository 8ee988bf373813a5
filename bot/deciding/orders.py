"""A customer's own orders, read so that no shape that a shop sends can break or mislead: what is odd is left out."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NamedTuple

from psycopg2.extensions import cursor as Cursor  # noqa: N812

from warehouse.connection import read_sql

_SQL = Path(__file__).parent / "sql"
_AMOUNT = re.compile(r"-?\d{1,15}(?:\.\d{1,6})?")
_TAG = re.compile(r"<[^>]*>")
_TRACKING_NUMBER = re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9-]{3,39}")
_CURRENCY = re.compile(r"[A-Za-z]{3}")
_SPACE = re.compile(r"\s+")
_MOST_LETTERS = 60
_MOST_ITEMS = 20

# Where the common plugins for shipment write a parcel's number down.
_LISTS_OF_PARCELS = ("_wc_shipment_tracking_items",)
_NUMBER_KEYS = ("_tracking_number", "tracking_number", "_wc_tracking_number", "no_resi", "nomor_resi", "resi", "_resi")
_COURIER_KEYS = ("_tracking_provider", "tracking_provider", "kurir", "courier")


class Parcel(NamedTuple):
    number: str
    courier: str | None


class Refund(NamedTuple):
    amount: Decimal | None
    created_at: datetime


class Item(NamedTuple):
    name: str
    quantity: int | None


@dataclass(frozen=True)
class Order:
    """An order as the shop has it. `number` is what the customer knows it by; `currency` None if it names none."""

    order_id: int
    number: str
    status: str
    created_at: datetime
    email_key: str | None
    currency: str | None
    total: Decimal | None
    payment_method: str | None
    paid_at: datetime | None
    completed_at: datetime | None
    items: tuple[Item, ...]
    parcels: tuple[Parcel, ...]
    refunds: tuple[Refund, ...]

    @property
    def is_open(self) -> bool:
        return self.status not in ("completed", "cancelled", "refunded", "failed")


def of_customer(cursor: Cursor, store_id: str, customer_key: str, by_address: bool = False) -> tuple[Order, ...]:
    """The newest orders of the number that this key stands for, newest first. No other order is ever read, unless
    asked `by_address`, for people of the shop alone: also those with an e-mail address that stands on one of these."""
    values = {"store_id": store_id, "customer_key": customer_key, "by_address": by_address}
    cursor.execute(read_sql(_SQL / "orders_of_customer.sql"), values)
    return tuple(_order(*row) for row in cursor.fetchall())


def _order(
    order_id: int, status: str, email_key: str | None, created_at: datetime, body: Any, refunds: list[dict[str, Any]]
) -> Order:
    """An order from its row: `body` as the shop gave it."""
    given = body if isinstance(body, dict) else {}
    currency = given.get("currency")
    return Order(
        order_id=order_id,
        number=plain(given.get("number")) or str(order_id),
        status=plain(status) or "",
        created_at=created_at,
        email_key=email_key,
        currency=currency.upper() if isinstance(currency, str) and _CURRENCY.fullmatch(currency) else None,
        total=_amount(given.get("total")),
        payment_method=plain(given.get("payment_method_title")),
        paid_at=_time(given.get("date_paid_gmt")),
        completed_at=_time(given.get("date_completed_gmt")),
        items=tuple(_items(given.get("line_items"))),
        parcels=tuple(dict.fromkeys(_parcels(given.get("meta_data")))),
        refunds=tuple(
            Refund(_amount(refund.get("amount")), datetime.fromisoformat(refund["created_at"])) for refund in refunds
        ),
    )


def plain(value: Any) -> str | None:
    """A short text on one line without markup; None for what is no text."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    text = _SPACE.sub(" ", _TAG.sub(" ", html.unescape(str(value)))).strip()
    return (text if len(text) <= _MOST_LETTERS else text[: _MOST_LETTERS - 1].rstrip() + "…") or None


def _amount(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        return Decimal(str(value)) if _AMOUNT.fullmatch(str(value)) else None
    except InvalidOperation:
        return None


def _time(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    found = found.replace(tzinfo=UTC) if found.tzinfo is None else found
    return found if 2000 < found.year < 2200 else None


def _items(value: Any) -> Iterator[Item]:
    for line in (value if isinstance(value, list) else [])[:_MOST_ITEMS]:
        if isinstance(line, dict) and (name := plain(line.get("name"))):
            quantity = _amount(line.get("quantity"))
            is_count = quantity is not None and quantity == quantity.to_integral_value() and quantity > 0
            yield Item(name, int(quantity) if quantity is not None and is_count else None)


def _parcels(value: Any) -> Iterator[Parcel]:
    meta = [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []
    by_key = {entry["key"]: entry.get("value") for entry in meta if isinstance(entry.get("key"), str)}
    for key in _LISTS_OF_PARCELS:
        for parcel in _listed(by_key.get(key)):
            courier = plain(parcel.get("tracking_provider")) or plain(parcel.get("custom_tracking_provider"))
            yield from _parcel(parcel.get("tracking_number"), courier)
    courier = next(filter(None, (plain(by_key.get(key)) for key in _COURIER_KEYS)), None)
    for key in _NUMBER_KEYS:
        yield from _parcel(by_key.get(key), courier)


def _listed(value: Any) -> Iterator[Mapping[str, Any]]:
    """A list of parcels, which some versions of the plugin keep as JSON in a text."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return
    if isinstance(value, list):
        yield from (entry for entry in value if isinstance(entry, dict))


def _parcel(number: Any, courier: str | None) -> Iterator[Parcel]:
    written = plain(number)
    if written and _TRACKING_NUMBER.fullmatch(written):
        yield Parcel(written, courier)
