"""A customer's own orders in words: what stands in the order and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from typing import NamedTuple

from bot.conversation.types import Language
from bot.deciding.orders import Order
from bot.shop.profile import Shop
from warehouse import formats

MOST_ORDERS = 3
_MOST_ITEMS = 4

# The shop's own words for what a status means. `completed` says that the shop is done with an order, not that a parcel
# has arrived.
_STATUSES: dict[str, dict[Language, str]] = {
    "pending": {"id": "menunggu pembayaran", "en": "waiting for payment"},
    "on-hold": {"id": "menunggu konfirmasi pembayaran", "en": "waiting for the payment to be confirmed"},
    "processing": {"id": "sedang diproses", "en": "being processed"},
    "completed": {"id": "selesai", "en": "completed"},
    "cancelled": {"id": "dibatalkan", "en": "cancelled"},
    "refunded": {"id": "dananya sudah dikembalikan", "en": "refunded"},
    "failed": {"id": "pembayarannya gagal", "en": "not placed, since its payment failed"},
}

_TEXTS: dict[str, dict[Language, str]] = {
    "order": {"id": "Pesanan {number} ({day}): {status}.", "en": "Order {number} ({day}): {status}."},
    "items": {"id": "Isi: {items}.", "en": "Items: {items}."},
    "more": {"id": "dan {count} lainnya", "en": "and {count} more"},
    "total": {"id": "Total: {money}.", "en": "Total: {money}."},
    "paid": {"id": "Dibayar {day}{method}.", "en": "Paid on {day}{method}."},
    "method": {"id": " lewat {method}", "en": " by {method}"},
    "not_paid": {"id": "Pembayarannya belum tercatat.", "en": "No payment is recorded yet."},
    "parcel": {"id": "Nomor resi: {number}{courier}{shipped}.", "en": "Tracking number: {number}{courier}{shipped}."},
    "shipped": {"id": ", dikirim {day}", "en": ", shipped on {day}"},
    "track": {"id": "Lacak: {url}", "en": "Track it: {url}"},
    "no_parcel": {"id": "Nomor resi belum tercatat.", "en": "No tracking number is recorded yet."},
    "refund": {"id": "Pengembalian dana {money} dicatat {day}.", "en": "A refund of {money} was recorded on {day}."},
    "refund_bare": {"id": "Pengembalian dana dicatat {day}.", "en": "A refund was recorded on {day}."},
    "no_refund": {"id": "Belum ada pengembalian dana yang tercatat.", "en": "No refund is recorded."},
    "others": {
        "id": "Ada pesanan lain juga; sebutkan nomor pesanannya kalau maksud kakak yang lain.",
        "en": "There are other orders, too; name the order number if you mean another one.",
    },
}


class Aspects(NamedTuple):
    """What somebody wants to know of an order."""

    payment: bool = False
    shipment: bool = False
    refund: bool = False


def told(orders: Sequence[Order], aspects: Aspects, has_more: bool, shop: Shop, language: Language) -> str:
    """The orders, newest first, a paragraph each."""
    paragraphs = [" ".join(_sentences(order, aspects, shop, language)) for order in orders]
    return "\n\n".join(paragraphs + ([_TEXTS["others"][language]] if has_more else []))


def _sentences(order: Order, aspects: Aspects, shop: Shop, language: Language) -> Iterator[str]:
    texts = {key: text[language] for key, text in _TEXTS.items()}
    status = _STATUSES.get(order.status, {}).get(language) or f"“{order.status}”"
    yield texts["order"].format(number=order.number, day=_day(order.created_at, shop.zone, language), status=status)
    if not any(aspects):
        if order.items:
            yield texts["items"].format(items=_items(order, texts))
        if total := _money(order.total, order, shop, language):
            yield texts["total"].format(money=total)
    if aspects.payment:
        yield from _payment(order, texts, shop, language)
    if order.parcels or aspects.shipment:
        yield from _shipment(order, texts, language)
    if order.refunds or aspects.refund:
        yield from _refunds(order, texts, shop, language)


def _items(order: Order, texts: dict[str, str]) -> str:
    shown = [f"{item.quantity} × {item.name}" if item.quantity else item.name for item in order.items[:_MOST_ITEMS]]
    left = len(order.items) - len(shown)
    return ", ".join(shown + ([texts["more"].format(count=left)] if left else []))


def _payment(order: Order, texts: dict[str, str], shop: Shop, language: Language) -> Iterator[str]:
    if total := _money(order.total, order, shop, language):
        yield texts["total"].format(money=total)
    if order.paid_at is None:
        yield texts["not_paid"]
        return
    method = texts["method"].format(method=order.payment_method) if order.payment_method else ""
    yield texts["paid"].format(day=_day(order.paid_at, shop.zone, language), method=method)


def _shipment(order: Order, texts: dict[str, str], language: Language) -> Iterator[str]:
    for parcel in order.parcels:
        courier = f" ({parcel.courier})" if parcel.courier else ""
        shipped = texts["shipped"].format(day=_day(parcel.shipped_on, UTC, language)) if parcel.shipped_on else ""
        yield texts["parcel"].format(number=parcel.number, courier=courier, shipped=shipped)
        if parcel.url:
            yield texts["track"].format(url=parcel.url)
    if not order.parcels:
        yield texts["no_parcel"]


def _refunds(order: Order, texts: dict[str, str], shop: Shop, language: Language) -> Iterator[str]:
    for refund in order.refunds:
        day = _day(refund.created_at, shop.zone, language)
        money = _money(refund.amount, order, shop, language)
        yield texts["refund"].format(money=money, day=day) if money else texts["refund_bare"].format(day=day)
    if not order.refunds:
        yield texts["no_refund"]


def _day(at: datetime, zone: tzinfo, language: Language) -> str:
    return formats.day(formats.local(at, zone), language)


def _money(amount: Decimal | None, order: Order, shop: Shop, language: Language) -> str | None:
    currency = order.currency or shop.currency
    return formats.money(amount, currency, language) if amount is not None and currency else None
