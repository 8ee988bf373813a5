"""What the bot says of its own accord, in Indonesian and English. What a shop's rules say stands in its table."""

from __future__ import annotations

from bot.conversation.types import Language

_TEXTS: dict[str, dict[Language, str]] = {
    "handover": {
        "id": "Baik kak, saya teruskan ke rekan saya.",
        "en": "All right, I am passing this on to a colleague.",
    },
    "handover_anger": {
        "id": "Maaf sekali atas kejadian ini, kak. Saya teruskan ke rekan saya supaya segera dibantu.",
        "en": "I am very sorry about this. I am passing it on to a colleague who will look into it.",
    },
    "fallback": {
        "id": "Maaf kak, untuk yang ini saya belum punya jawabannya. Saya tanyakan ke rekan saya ya.",
        "en": "Sorry, I do not have the answer to this one. I will ask a colleague.",
    },
    "proof_of_payment": {
        "id": "Terima kasih kak, bukti pembayarannya sudah kami terima. Rekan saya akan memeriksanya.",
        "en": "Thank you, we have received your proof of payment. A colleague will check it.",
    },
    "voice_note": {
        "id": "Terima kasih kak, pesan suaranya sudah kami terima. Rekan saya akan mendengarkannya.",
        "en": "Thank you, we have received your voice note. A colleague will listen to it.",
    },
    "file": {
        "id": "Terima kasih kak, kirimannya sudah kami terima. Rekan saya akan melihatnya.",
        "en": "Thank you, we have received what you sent. A colleague will look at it.",
    },
    "soon": {"id": "Mohon tunggu sebentar ya.", "en": "One moment, please."},
    "back_at": {
        "id": "Saat ini di luar jam layanan; kami kembali {when}.",
        "en": "Nobody is here at the moment; we are back {when}.",
    },
    "back_later": {
        "id": "Saat ini di luar jam layanan; kami balas begitu kami kembali.",
        "en": "Nobody is here at the moment; we will answer when we are back.",
    },
    "rating": {"id": "Terima kasih atas penilaiannya, kak!", "en": "Thank you for your rating!"},
    "stopped": {
        "id": "Baik kak, kami hanya akan menulis untuk menjawab pertanyaan kakak. Kirim MULAI kalau berubah pikiran.",
        "en": "All right, we will only write to answer your questions. Send START if you change your mind.",
    },
    "started": {"id": "Siap kak, kami boleh menghubungi kakak lagi.", "en": "Thank you, we may write to you again."},
    "others_order": {
        "id": (
            "Demi keamanan, saya hanya bisa memberi tahu soal pesanan atas nomor WhatsApp ini, dan pesanan itu tidak "
            "ada di sini. Silakan tanyakan dari nomor yang dipakai saat memesan, atau tulis “admin” untuk bicara "
            "dengan rekan saya."
        ),
        "en": (
            "To keep orders private I can only tell you about those placed with this phone number, and that one is not "
            "among them. Please ask from the number that was used to order, or write “agent” to talk to a colleague."
        ),
    },
    "unverified": {
        "id": (
            "Demi keamanan, soal pesanan hanya bisa saya jawab lewat WhatsApp dari nomor yang dipakai saat memesan. "
            "Atau tulis “admin” untuk bicara dengan rekan saya."
        ),
        "en": (
            "To keep orders private I can only answer this on WhatsApp, from the number that was used to order. "
            "Or write “agent” to talk to a colleague."
        ),
    },
    "no_orders": {
        "id": (
            "Saya tidak menemukan pesanan atas nomor WhatsApp ini. Kalau memesan dengan nomor lain, silakan tanyakan "
            "dari nomor itu, atau tulis “admin” untuk bicara dengan rekan saya."
        ),
        "en": (
            "I find no order placed with this phone number. If you used another number, please ask from that one, or "
            "write “agent” to talk to a colleague."
        ),
    },
    "as_it_stands": {
        "id": "Ini keterangan kami, dalam bahasa Inggris:",
        "en": "This is what we have about it, in Indonesian:",
    },
}


def say(key: str, language: Language, **values: str) -> str:
    """A text of the bot's; `values` fill its places."""
    return _TEXTS[key][language].format(**values)
