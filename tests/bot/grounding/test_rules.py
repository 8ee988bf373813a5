"""Numbers, names and negations belong to their clause: a source's own words in another order do not pass."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.grounding.rules import check

COFFEE = "Returns\nUnopened coffee can be returned within 7 days. Opened coffee cannot."
FEES = "Ongkir ke Jabodetabek Rp12.000, ke kota lain di Jawa Rp18.000, ke luar Jawa Rp35.000."
PRICES = ["Kopi Gayo\nArabika, 250 gram Rp85.000.", "Kopi Toraja\nArabika, 250 gram Rp92.000."]
EXCEPT = "Semua barang bisa dikembalikan, kecuali elektronik."
ONLY = "Only unopened items can be returned."
HOURS = "Senin sampai Jumat pukul 08.00–17.00, Sabtu 09.00–14.00, Minggu tutup."


@pytest.mark.parametrize(
    ("source", "answer", "reason"),
    [
        (COFFEE, "Opened coffee can be returned within 7 days.", "negation"),
        (COFFEE, "Kopi yang sudah dibuka bisa dikembalikan.", "negation"),
        (COFFEE, "Unopened coffee can be returned within 7 hours.", "number"),
        (COFFEE, "Unopened coffee can be returned after 7 days.", "negation"),
        (COFFEE, "Unopened coffee can be returned within 7 days, guaranteed.", "promise"),
        (FEES, "Ongkir ke luar Jawa Rp18.000 kak.", "binding"),
        (FEES, "Shipping to Depok is Rp35,000.", "binding"),
        (EXCEPT, "Barang elektronik bisa dikembalikan kak.", "negation"),
        (EXCEPT, "Electronics can be returned.", "negation"),
        (ONLY, "Items can be returned.", "limit"),
        (HOURS, "Hari Minggu kami buka kak.", "negation"),
        (HOURS, "On Saturday we are open from 8 am to 5 pm.", "binding"),
        ("We accept bank transfer, QRIS and OVO.", "Bisa bayar pakai kartu kredit kak.", "name"),
        ("Kami mengirim ke Malaysia dan Singapura.", "We ship to Thailand.", "name"),
        ("Grinder Kenari muat 30 gram.", "Grinder Merapi muat 30 gram.", "name"),
        ("Gratis ongkir untuk belanja minimal Rp300.000.", "Ongkirnya gratis kak.", "limit"),
        ("Return shipping is paid by the buyer.", "Return shipping is free.", "promise"),
        ("Dana kembali dalam 3 hari.", "Dana kembali dalam ~5 hari.", "number"),
        ("Gratis ongkir untuk belanja minimal Rp300.000.", "Gratis ongkir minimal Rp303.000.", "number"),
        ("Pembeli bisa datang ke toko.", "Lihat di www.toko.example ya kak.", "link"),
        ("Diantar gratis ke kampus UGM dan UII.", "Diantar gratis ke kampus UGM dan UMY kak.", "name"),
        ("Barang harus difoto sebelum diretur.", "Barangnya tidak perlu difoto kak.", "negation"),
        ("Barang ditukar kalau ada nota.", "Barangnya tetap kami tukar kak, tanpa nota pun bisa.", "negation"),
        ("Chairs can be returned if they are unassembled.", "Chairs can be returned, assembled or not.", "negation"),
        ("Kursi kanvas hanya warna hitam. Kursi kayu warna putih.",
         "Kursi kanvas ada hitam maupun putih kak.", "limit"),
        ("Sewa tenda minimal 3 hari.", "Tendanya bisa kami sewakan tanpa minimal kak.", "limit"),
        ("Kartu ucapan gratis. Pita satin Rp2.000 per meter.", "Pita satinnya gratis kak.", "limit"),
        ("The dyes differ from the photo.", "The dyes are the same as in the photo.", "negation"),
    ],
)  # fmt: skip
def test_what_a_source_has_differently_is_contradicted(source: str, answer: str, reason: str) -> None:
    checked = check(answer, [source], "")
    assert (checked.verdict, checked.reason) == ("contradicted", reason)


def test_the_price_of_one_product_is_not_the_price_of_another() -> None:
    assert check("Kopi Toraja 250 gram harganya 85 ribu.", PRICES, "").reason == "binding"
    assert check("Harganya 85 ribu kak.", PRICES, "kopi toraja 250 gram berapa?").reason == "binding"
    assert check("Kopi Toraja 250 gram harganya 92 ribu.", PRICES, "").verdict == "unverified"


@pytest.mark.parametrize(
    ("source", "question", "answer"),
    [
        ("Gift wrap is Rp6,000 per book.", "Wrap three books?", "Three books come to Rp18,000."),
        ("Kamar Rp200.000, sarapan Rp35.000.", "kamar + sarapan?", "Totalnya Rp235.000 kak."),
        ("DP 30 %. Meja Rp1.500.000.", "dp meja berapa?", "DP-nya Rp450.000 kak."),
        ("Kelas pukul 13.00–15.30.", "", "Kelasnya jam 1 siang sampai setengah 4 sore kak."),
        ("For ages 3 to 6.", "", "Untuk usia 3–6 tahun kak."),
        ("Kotak 80 x 30 x 175 cm.", "", "Lebarnya 80 cm dan tingginya 175 cm kak."),
        ("Eat the rice within 5 hours, the soup within 4.", "", "Supnya dimakan dalam 4 jam ya kak."),
        ("Janji dibuat H-2.", "", "Janjinya dibuat 2 hari sebelumnya kak."),
        ("QRIS sampai 5 juta.", "qris 6 juta bisa?", "Tidak bisa kak, 6 juta lewat batas QRIS."),
        ("Barang di atas 40 cm tidak bisa dibungkus.", "globe 30 cm bisa dibungkus?", "Bisa kak."),
    ],
)
def test_what_follows_from_a_source_is_not_contradicted(source: str, question: str, answer: str) -> None:
    assert check(answer, [source], question).verdict == "unverified"


def test_a_yes_takes_up_what_was_asked() -> None:
    assert (
        check("Bisa kak.", ["Barang di atas 40 cm tidak bisa dibungkus."], "globe 50 cm bisa dibungkus?").reason
        == "limit"
    )
    assert check("Yes, of course!", ["Dogs are welcome. Cats may not enter."], "May cats enter?").reason == "negation"
    assert (
        check("Yes, of course!", ["Dogs are welcome. Cats may not enter."], "Are dogs welcome?").verdict == "unverified"
    )


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        (
            "No shipping to Papua. Tables are assembled by the buyer.",
            "Mejanya dirakit sendiri kak karena tidak kami rakit.",
        ),
        ("Survei hanya di Semarang.", "Untuk Kudus belum bisa kak karena survei hanya di Semarang."),
        ("Ensiklopedia dan majalah tidak kami beli.", "Majalah tidak kami beli kak, begitu juga ensiklopedia."),
        (
            "Pesanan impor tidak bisa dibatalkan setelah dikirim.",
            "Pesanan impor bisa dibatalkan selama belum dikirim kak.",
        ),
        ("Tidak tahan panas, pakai tatakan.", "Alasi dulu pakai tatakan ya kak."),
        ("Furniture can be returned if it is unassembled.", "Furniture can't be returned once it has been assembled."),
        (COFFEE, "Kopi yang belum dibuka bisa dikembalikan dalam seminggu ya kak."),
        (COFFEE, "Mohon maaf kak, kopi yang sudah dibuka tidak bisa dikembalikan."),
        (ONLY, "Sorry, opened items cannot be returned."),
        (FEES, "Ongkir ke Bogor 12 ribu kak."),
        (FEES, "Shipping to Papua costs IDR 35,000."),
        (EXCEPT, "Everything can be returned except electronics."),
        (HOURS, "We're open Monday to Friday from 8 am to 5 pm, and closed on Sundays."),
        (HOURS, "Hari Selasa kami buka jam 8 pagi kak."),
        ("Return shipping is on us.", "Return shipping is free."),
        ("Refunds arrive within 3 to 5 working days.", "Dananya kembali dalam 3–5 hari kerja."),
        ("Pesanan bisa dibatalkan selama belum dikemas.", "Once it has been packed, an order can't be cancelled."),
    ],
)
def test_a_paraphrase_or_translation_is_not_contradicted(source: str, answer: str) -> None:
    assert check(answer, [source], "").verdict == "unverified"


@pytest.mark.parametrize(
    "answer",
    [
        "Unopened coffee can be returned within 7 days.",
        "Baik kak, unopened coffee can be returned within 7 days. Ada lagi yang bisa dibantu?",
        "Unopened coffee can be returned within a week. Is there anything else I can help with?",
    ],
)
def test_a_sources_own_words_are_supported(answer: str) -> None:
    assert check(answer, [COFFEE], "Can I return coffee?").verdict == "supported"


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        (COFFEE, "Coffee can be returned within 7 days."),
        ("Electric grinders have one year of warranty.", "Grinders have one year of warranty."),
        ("Return sealed goods within 7 days, if you have the receipt.", "Return sealed goods within 7 days."),
        (EXCEPT, "Semua barang bisa dikembalikan."),
        ("Barang bisa ditukar dalam 7 hari.", "Barang bisa ditukar lewat 7 hari."),
    ],
)
def test_less_than_a_source_says_is_not_supported(source: str, answer: str) -> None:
    assert check(answer, [source], "").verdict != "supported"


def test_another_products_sentence_does_not_answer_the_question() -> None:
    assert check("Arabika, 250 gram Rp85.000.", PRICES, "berapa harga kopi toraja?").verdict != "supported"


@pytest.mark.parametrize("answer", ["", "Baik kak!", "Ya kak."])
def test_an_answer_that_states_nothing_is_unverified(answer: str) -> None:
    assert check(answer, [COFFEE], "Can I return it?").verdict == "unverified"


PIECES = [
    "kopi", "dibuka", "tidak", "Returns", "within", "7 days", "Rp185.000", "jam 2 siang", "25/12", "kecuali", "(", ".",
    "\n", "No.", "~",
    "tanpa", "walaupun", "hanya", "minimal", "bisa", "setengah 4", "180 × 90 cm", "H-2", "total", "gratis",
    "\ue000", "\uf8ff", "9" * 5_000, "9" * 500 + " x 1 kg", "3–5 hari", "Jl. ", "?",
]  # fmt: skip
TEXTS = st.text(max_size=60) | st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join)


@given(TEXTS, st.lists(TEXTS, max_size=3), TEXTS)
def test_any_text_is_checked(answer: str, sources: list[str], question: str) -> None:
    assert check(answer, sources, question, question).verdict in ("contradicted", "supported", "unverified")


def test_an_answer_of_many_values_is_checked() -> None:
    many = " kata ".join(map(str, range(7_000)))
    assert check("Ada 3 ukuran kak.", [many], "").verdict == "unverified"


def test_a_refusal_ends_a_sentence() -> None:
    """`No. 8` is a number of a house."""
    findings = check("No. Opened coffee cannot be returned.", [COFFEE], "Can I return opened coffee?").findings
    assert [finding.statement for finding in findings] == ["No.", "Opened coffee cannot be returned."]
    [finding] = check("Toko kami di Jalan Melati No. 8.", ["Toko kami di Jalan Melati No. 8."], "").findings
    assert finding.verdict == "supported"
