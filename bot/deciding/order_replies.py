"""Replies about a customer's own orders: only what the orders say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from typing import NamedTuple

from bot.conversation.replies import say, texts
from bot.deciding.orders import Order
from bot.shop.profile import Shop
from warehouse import formats
from warehouse.i18n import Language

MAX_ORDERS = 3
_MAX_ITEMS = 4


class Aspects(NamedTuple):
    """What a customer wants to know about an order."""

    payment: bool = False
    shipment: bool = False
    refund: bool = False


def write(orders: Sequence[Order], aspects: Aspects, has_more: bool, shop: Shop, language: Language) -> str:
    """The orders in the given sequence, one paragraph each."""
    paragraphs = [" ".join(_sentences(order, aspects, shop, language)) for order in orders]
    return "\n\n".join(paragraphs + ([say("order.others", language)] if has_more else []))


def whole(order: Order, shop: Shop, language: Language) -> str:
    """All that can be said of an order, in one paragraph."""
    every = (Aspects(), Aspects(payment=True, shipment=True, refund=True))
    return " ".join(dict.fromkeys(said for aspects in every for said in _sentences(order, aspects, shop, language)))


def _sentences(order: Order, aspects: Aspects, shop: Shop, language: Language) -> Iterator[str]:
    day = _day(order.created_at, shop.zone, language)
    # Plugins add statuses of their own.
    status = texts(language).get(f"order_status.{order.status}") or f"“{order.status}”"
    yield say("order.summary", language, number=order.number, day=day, status=status)
    if not any(aspects):
        if order.items:
            yield say("order.items", language, items=_items(order, language))
        yield from _total(order, shop, language)
    if aspects.payment:
        yield from _payment(order, shop, language)
    if order.parcels or aspects.shipment:
        yield from _shipment(order, language)
    if order.refunds or aspects.refund:
        yield from _refunds(order, shop, language)


def _items(order: Order, language: Language) -> str:
    shown = [f"{item.quantity} × {item.name}" if item.quantity else item.name for item in order.items[:_MAX_ITEMS]]
    left = len(order.items) - len(shown)
    return ", ".join(shown + ([say("order.more_items", language, count=left)] if left else []))


def _total(order: Order, shop: Shop, language: Language) -> Iterator[str]:
    if total := _money(order.total, order, shop, language):
        yield say("order.total", language, money=total)


def _payment(order: Order, shop: Shop, language: Language) -> Iterator[str]:
    yield from _total(order, shop, language)
    if order.paid_at is None:
        yield say("order.not_paid", language)
        return
    day, method = _day(order.paid_at, shop.zone, language), order.payment_method
    yield say("order.paid_by", language, day=day, method=method) if method else say("order.paid", language, day=day)


def _shipment(order: Order, language: Language) -> Iterator[str]:
    for parcel in order.parcels:
        number = f"{parcel.number} ({parcel.courier})" if parcel.courier else parcel.number
        if parcel.shipped_on:
            yield say("order.parcel_shipped", language, parcel=number, day=_day(parcel.shipped_on, UTC, language))
        else:
            yield say("order.parcel", language, parcel=number)
        if parcel.url:
            yield say("order.track", language, url=parcel.url)
    if not order.parcels:
        yield say("order.no_parcel", language)


def _refunds(order: Order, shop: Shop, language: Language) -> Iterator[str]:
    for refund in order.refunds:
        day = _day(refund.created_at, shop.zone, language)
        if money := _money(refund.amount, order, shop, language):
            yield say("order.refund", language, money=money, day=day)
        else:
            yield say("order.refund_without_amount", language, day=day)
    if not order.refunds:
        yield say("order.no_refund", language)


def _day(at: datetime, zone: tzinfo, language: Language) -> str:
    return formats.day(formats.local(at, zone), language)


def _money(amount: Decimal | None, order: Order, shop: Shop, language: Language) -> str | None:
    currency = order.currency or shop.currency
    return formats.money(amount, currency, language) if amount is not None and currency else None
