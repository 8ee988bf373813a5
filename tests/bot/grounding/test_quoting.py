"""A sentence of a source is supported as it is; with a word or condition left out, added or exchanged, it is not."""

from __future__ import annotations

import pytest

from bot.grounding.rules import check

COFFEE = "Returns\nUnopened coffee can be returned within 7 days. Opened coffee cannot."
RECEIPT = "Barang bisa ditukar dalam 7 hari, dengan menunjukkan struk."


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        (COFFEE, "Unopened coffee can be returned within 7 days."),
        (COFFEE, "Baik kak, unopened coffee can be returned within 7 days ya kak. Ada lagi yang bisa dibantu?"),
        (COFFEE, "Halo kak! Unopened coffee can be returned within a week 😊🙏"),
        (RECEIPT, "Barang bisa ditukar dalam seminggu dengan menunjukkan struk ya kak!"),
        ("Harga Kopi Gayo Rp185.000 per kilogram.", "Harga Kopi Gayo 185 ribu per kilogram."),
        ("We ship to Java, Bali and Lombok.", "We ship to Java, Bali and Lombok. Let me know if you need anything."),
    ],
)  # fmt: skip
def test_a_sentence_of_a_source_is_supported(source: str, answer: str) -> None:
    assert check(answer, [source], "").verdict == "supported"


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        # What a question or heading says is not stated.
        ("Can I return opened coffee?\nNo.", "I can return opened coffee."),
        ("Can I return opened coffee?\nNo.", "Can I return opened coffee."),
        ("Opened coffee can be returned?\nNo.", "Opened coffee can be returned."),
        ("Kopi yang sudah dibuka bisa diretur\nTidak.", "Kopi yang sudah dibuka bisa diretur."),
        ("Apakah kopi bisa diretur?\nYa, kopi bisa diretur.", "Ya, kopi bisa diretur."),
        ("Semua kopi bisa diretur.", "Ya semua kopi bisa diretur."),
        # Words that an answer leaves out, adds or exchanges.
        ("Some products can be returned.", "Products can be returned."),
        ("We may refund the shipping.", "We refund the shipping."),
        ("You pay the shipping to return it.", "We pay the shipping to return it."),
        ("You pay for the return shipping.", "We pay for the return shipping."),
        ("We ship from Bandung to Jakarta.", "We ship to Bandung from Jakarta."),
        ("Kami kirim dari Bandung ke Jakarta.", "Kami kirim ke Bandung dari Jakarta."),
        ("Size S and M are in stock.", "Size S or M are in stock."),
        ("Kemasan 3 dan 5 kg tersedia di toko.", "Kemasan 3 sampai 5 kg tersedia di toko."),
        ("Simpan kopi di suhu -5 derajat.", "Simpan kopi di suhu 5 derajat."),
        ("Toko buka jam 14.00 WIB setiap hari.", "Toko buka jam 14.00 WITA setiap hari."),
        ("Promo berlaku sampai 25/12/2025.", "Promo berlaku sampai 25/12/2026."),
        ("Stok < 3 hari untuk semua kopi.", "Stok 3 hari untuk semua kopi."),
        ("Paket berisi 2 x 250 gram kopi Gayo.", "Paket berisi 500 gram kopi Gayo."),
        ("Kopi bisa diretur kakak pembeli grosir.", "Kopi bisa diretur pembeli grosir."),
        ("No opened coffee can be returned.", "No, opened coffee can be returned."),
        # Conditions, in the sentence or beside it.
        (RECEIPT, "Barang bisa ditukar dalam 7 hari."),
        ("Ongkir gratis ke seluruh Jawa, untuk belanja Rp300.000.", "Ongkir gratis ke seluruh Jawa."),
        ("We send the refund by transfer, once we have the parcel.", "We send the refund by transfer."),
        ("We repair all grinders (not older than a year).", "We repair all grinders."),
        ("Semua kopi bisa diretur (khusus Jawa).", "Semua kopi bisa diretur."),
        ("Semua kopi bisa diretur.\nKecuali kopi yang sudah dibuka.", "Semua kopi bisa diretur."),
        ("All coffee can be returned. But not opened coffee.", "All coffee can be returned."),
        ("Semua kopi bisa diretur. Syaratnya kemasan utuh.", "Semua kopi bisa diretur."),
        ("Untuk anggota Gold:\nSemua kopi dikirim cepat.", "Semua kopi dikirim cepat."),
        ("Do you ship to Malaysia?\nWe ship by air in five days.", "We ship by air in five days."),
        ("Kopi bisa diretur dalam 7 hari\ndengan struk.", "Kopi bisa diretur dalam 7 hari."),
        # What the sentence before is about.
        ("Unopened coffee is fresh. It can be returned within 7 days.", "It can be returned within 7 days."),
    ],
)
def test_less_or_other_words_are_not_supported(source: str, answer: str) -> None:
    assert check(answer, [source], "").verdict != "supported"


def test_a_sentence_on_something_else_than_was_asked_is_not_supported() -> None:
    said = "Unopened coffee can be returned within 7 days."
    assert check(said, [COFFEE], "Can I return coffee?").verdict == "supported"
    assert check(said, [COFFEE], "Can I return opened coffee?").verdict == "unverified"


@pytest.mark.parametrize(
    "answer",
    [
        "Of course you can.", "Tentu bisa kak.", "Yes.", "Ya kak, boleh.", "Bisa kak.", "Sure!", "Oke siap kak.",
        "Iya.", "Boleh kak, silakan.", "Silakan kak.", "No problem!", "Tidak masalah kak.", "We can help with that.",
        "Tentu kami bantu kak.", "Jangan khawatir kak.",
    ],
)  # fmt: skip
def test_what_answers_a_yes_or_no_question_is_a_statement(answer: str) -> None:
    beside = f"{answer} Unopened coffee can be returned within 7 days."
    for said in (answer, beside):
        checked = check(said, [COFFEE], "Can I return coffee?")
        assert checked.verdict == "unverified"
        assert checked.findings[0].verdict == "unverified"


@pytest.mark.parametrize(
    "polite",
    [
        "Halo kak!", "Hi there!", "Terima kasih sudah bertanya kak.", "Thank you for reaching out!", "Mohon maaf kak.",
        "Ada lagi yang bisa kami bantu?", "Is there anything else I can help you with?", "Semoga membantu ya kak.",
        "Let me know if you need anything else.", "Feel free to ask if you have any questions.",
        "Kalau butuh bantuan lagi, silakan hubungi kami ya kak.", "Happy to help!",
        "Jangan ragu untuk bertanya ya kak.", "Selamat pagi kak.", "Sama-sama kak.",
    ],
)  # fmt: skip
def test_politeness_states_nothing(polite: str) -> None:
    said = f"{polite} Unopened coffee can be returned within 7 days."
    assert check(said, [COFFEE], "").verdict == "supported"
