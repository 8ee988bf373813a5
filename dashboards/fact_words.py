"""What the columns of facts are called, and how their values read."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from dashboards import formats, kpi_definitions
from dashboards.definition import Language, Text
from dashboards.reader import Extent
from dashboards.words import ISSUES, MESSAGE_LANGUAGES, channel_name

YES_NO = {"en": ("no", "yes"), "id": ("tidak", "ya")}
SHOWN_OF_A_KEY = 10
# What makes the numerator of a share is called as the share is.
COLUMNS = {
    **{
        kpi.numerator[0]: kpi.title
        for kpi in kpi_definitions.load().values()
        if kpi.numerator and kpi.denominator is not None
    },
    "agent_messages": Text(en="By the team", id="Dari tim"),
    "amount": Text(en="Given back", id="Dikembalikan"),
    "answerer": Text(en="Answered by", id="Dijawab oleh"),
    "author": Text(en="Author", id="Penulis"),
    "bucket": Text(en="Wait", id="Waktu tunggu"),
    "buyer": Text(en="Buyer", id="Pembeli"),
    "channel": Text(en="Channel", id="Kanal"),
    "channels": Text(en="Channels", id="Kanal"),
    "click_id": Text(en="Click", id="Klik"),
    "clicked_at": Text(en="Clicked", id="Diklik"),
    "conversations": Text(en="Conversations", id="Percakapan"),
    "currency": Text(en="Currency", id="Mata uang"),
    "customer_key": Text(en="Customer", id="Pelanggan"),
    "customer_messages": Text(en="By the customer", id="Dari pelanggan"),
    "day": Text(en="Day", id="Hari"),
    "duration_seconds": Text(en="Length", id="Lama"),
    "episode_id": Text(en="Conversation", id="Percakapan"),
    "first_day": Text(en="First day", id="Hari pertama"),
    "first_response_seconds": Text(en="First response", id="Respons pertama"),
    "is_answered": Text(en="Answered", id="Dijawab"),
    "is_bot_answered": Text(en="Bot answered", id="Dijawab bot"),
    "is_buyer": Text(en="Ordered", id="Memesan"),
    "is_conversation": Text(en="Wrote", id="Menulis"),
    "is_customer_started": Text(en="Customer began", id="Dimulai pelanggan"),
    "is_ended": Text(en="Ended", id="Selesai"),
    "is_failed": Text(en="Failed", id="Gagal"),
    "is_first_response": Text(en="First of its conversation", id="Pertama di percakapannya"),
    "is_new": Text(en="New", id="Baru"),
    "is_of_bot": Text(en="Bot's", id="Dari bot"),
    "is_order": Text(en="Ordered", id="Memesan"),
    "is_problem": Text(en="About an issue", id="Tentang masalah"),
    "is_reopen_window_over": Text(en="7 days have passed", id="7 hari sudah lewat"),
    "is_satisfied": Text(en="Satisfied", id="Puas"),
    "is_shop_currency": Text(en="Shop's currency", id="Mata uang toko"),
    "is_unlabelled": Text(en="Not read yet", id="Belum dibaca"),
    "is_urgent": Text(en="Urgent", id="Mendesak"),
    "is_without_answer": Text(en="Had no answer", id="Tanpa jawaban"),
    "issue": Text(en="Issue", id="Masalah"),
    "items": Text(en="Items", id="Barang"),
    "language": Text(en="Language", id="Bahasa"),
    "last_day": Text(en="Last day", id="Hari terakhir"),
    "line_number": Text(en="Line", id="Baris"),
    "lowest_rating": Text(en="Lowest rating", id="Nilai terendah"),
    "message_id": Text(en="Message", id="Pesan"),
    "messages": Text(en="Messages", id="Pesan"),
    "net": Text(en="Net", id="Bersih"),
    "occurred_at": Text(en="Time", id="Waktu"),
    "order_id": Text(en="Order", id="Pesanan"),
    "ordered_at": Text(en="Ordered", id="Dipesan"),
    "orders": Text(en="Orders", id="Pesanan"),
    "payment_method": Text(en="Payment", id="Pembayaran"),
    "product_id": Text(en="Product no.", id="No. produk"),
    "product_name": Text(en="Product", id="Produk"),
    "quantity": Text(en="Quantity", id="Jumlah"),
    "rating": Text(en="Rating", id="Nilai"),
    "rating_id": Text(en="Rating no.", id="No. nilai"),
    "refund_id": Text(en="Refund", id="Pengembalian"),
    "refunded": Text(en="Net given back", id="Bersih dikembalikan"),
    "refunded_net": Text(en="Refunded", id="Dikembalikan"),
    "replied_at": Text(en="Replied", id="Dibalas"),
    "response_business_seconds": Text(en="In opening hours", id="Pada jam buka"),
    "response_seconds": Text(en="Response time", id="Waktu respons"),
    "source": Text(en="Source", id="Sumber"),
    "started_at": Text(en="Began", id="Mulai"),
    "status": Text(en="Status", id="Status"),
    "turn_id": Text(en="Question", id="Pertanyaan"),
    "urgency": Text(en="Urgency", id="Urgensi"),
}
_MONEY = ("net", "refunded", "refunded_net", "amount")
_NAMED = {"issue": ISSUES, "language": MESSAGE_LANGUAGES}


def text(name: str, value: Any, language: Language, extent: Extent) -> str:
    """A value of the column `name` as people read it; keys and ids are shortened."""
    if value is None:
        return formats.NOTHING
    if isinstance(value, bool):
        return YES_NO[language][value]
    if isinstance(value, datetime):
        return formats.moment(value.astimezone(extent.timezone), language)
    if isinstance(value, date):
        return formats.day(value, language)
    if isinstance(value, str) or name.endswith("_id"):
        return _named(name, str(value), language)
    return _figure(name, value, language, extent)


def _named(name: str, value: str, language: Language) -> str:
    if named := _NAMED.get(name, {}).get(value):
        return named.to(language)
    if name == "channel":
        return channel_name(value)
    is_short = len(value) <= SHOWN_OF_A_KEY + 3 or not name.endswith(("_id", "_key"))
    return value if is_short else f"{value[:SHOWN_OF_A_KEY]}…"


def _figure(name: str, value: float | Decimal, language: Language, extent: Extent) -> str:
    if name.endswith("_seconds"):
        return formats.duration(float(value), language)
    if name in _MONEY:
        return formats.money(value, extent.currency, language)
    return formats.count(value, language)
