"""Reads a customer's orders. Values of an unexpected shape are left out."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from psycopg2.extensions import cursor as Cursor  # noqa: N812

from sources.woocommerce.objects import amount_of, time_of
from warehouse.connection import read_sql

_SQL = Path(__file__).parent / "sql"
_TAG = re.compile(r"<[^>]*>")
_CURRENCY = re.compile(r"[A-Za-z]{3}")
_SPACE = re.compile(r"\s+")
_MAX_LENGTH = 60
_MAX_ITEMS = 20


class Parcel(NamedTuple):
    number: str
    courier: str | None
    url: str | None
    shipped_on: datetime | None


class Refund(NamedTuple):
    amount: Decimal | None
    created_at: datetime


class Item(NamedTuple):
    name: str
    quantity: int | None


@dataclass(frozen=True)
class Order:
    """`number` is the one that the customer knows; `currency` is None if the order has none."""

    order_id: int
    number: str
    status: str
    created_at: datetime
    email_key: str | None
    currency: str | None
    total: Decimal | None
    payment_method: str | None
    paid_at: datetime | None
    items: tuple[Item, ...]
    parcels: tuple[Parcel, ...]
    refunds: tuple[Refund, ...]

    @property
    def is_open(self) -> bool:
        return self.status not in ("completed", "cancelled", "refunded", "failed")


def of_customer(cursor: Cursor, store_id: str, customer_key: str, by_address: bool = False) -> tuple[Order, ...]:
    """The orders of a phone number's key, newest first. `by_address`, for the team only: also orders with an e-mail
    address of one of these."""
    values = {"store_id": store_id, "customer_key": customer_key, "by_address": by_address}
    cursor.execute(read_sql(_SQL / "orders_of_customer.sql"), values)
    return tuple(_order(*row) for row in cursor.fetchall())


def _order(
    order_id: int, status: str, email_key: str | None, created_at: datetime, body: Any, refunds: list[dict[str, Any]]
) -> Order:
    """`body` is the shop's object."""
    payload = body if isinstance(body, dict) else {}
    currency = payload.get("currency")
    return Order(
        order_id=order_id,
        number=plain(payload.get("number")) or str(order_id),
        status=plain(status) or "",
        created_at=created_at,
        email_key=email_key,
        currency=currency.upper() if isinstance(currency, str) and _CURRENCY.fullmatch(currency) else None,
        total=amount_of(payload.get("total")),
        payment_method=plain(payload.get("payment_method_title")),
        paid_at=time_of(payload.get("date_paid_gmt")),
        items=tuple(_items(payload.get("line_items"))),
        parcels=tuple(_parcels(payload.get("parcels"))),
        refunds=tuple(
            Refund(amount_of(refund.get("amount")), datetime.fromisoformat(refund["created_at"])) for refund in refunds
        ),
    )


def plain(value: Any) -> str | None:
    """A short text on one line without markup; None for other values."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    text = _SPACE.sub(" ", _TAG.sub(" ", html.unescape(str(value)))).strip()
    return (text if len(text) <= _MAX_LENGTH else text[: _MAX_LENGTH - 1].rstrip() + "…") or None


def _items(value: Any) -> Iterator[Item]:
    for line in (value if isinstance(value, list) else [])[:_MAX_ITEMS]:
        if isinstance(line, dict) and (name := plain(line.get("name"))):
            quantity = amount_of(line.get("quantity"))
            is_count = quantity is not None and quantity == quantity.to_integral_value() and quantity > 0
            yield Item(name, int(quantity) if quantity is not None and is_count else None)


def _parcels(value: Any) -> Iterator[Parcel]:
    """The parcels that the sync found in the meta data of plugins."""
    for parcel in value if isinstance(value, list) else ():
        if isinstance(parcel, dict) and (number := plain(parcel.get("number"))):
            url = parcel.get("url")
            is_web = isinstance(url, str) and url.startswith(("https://", "http://"))
            shipped_on = time_of(parcel.get("shipped_on"))
            yield Parcel(number, plain(parcel.get("carrier")), url if is_web else None, shipped_on)
