"""A conversation over HTTP: messages, delivery, files, labels, and what the bot decided and why."""

from __future__ import annotations

from collections.abc import Callable

from tests.support.chats import Chats
from tests.support.people import Person


def test_a_thread_shows_messages_with_their_delivery_labels_and_decisions(
    chats: Chats, people: Callable[..., Person]
) -> None:
    asked = chats.says("Kak, paket saya sampai mana?", "siti", ago=5)
    chats.labels(asked, "delivery", "high")
    chats.decides(
        asked, "siti",
        ("rules", "passed", "not_covered", {}),
        ("facts", "answered", "named_order", {"orders": [1204]}),
        ("satisfaction", "passed", "gone_well", {}),
    )  # fmt: skip
    chats.answers("Pesanan 1204 sedang dikirim.", "siti", "read", ago=4)
    failed = chats.answers("Ada lagi?", "siti", "undelivered", ago=3)
    chats.ask(
        "insert into raw.twilio_statuses (message_sid, payload_hash, status, error_code, payload) "
        "values (%s, 'x', 'undelivered', '63024', '{}')",
        failed,
    )
    page = people("viewer").get(f"/inbox/conversations/{chats.conversation()}?")
    assert page.status_code == 200
    for text in ("paket saya sampai mana", "Pengiriman", "Mendesak", "dibaca", "tidak dapat menerima pesan WhatsApp",
                 "Pesanan pelanggan", "pesanan yang disebut pelanggan", "pesanan: 1204"):  # fmt: skip
        assert text in page.text, text
    assert "<summary>Bot: menjawab (pesanan yang disebut pelanggan)</summary>" in page.text
