"""PDF files are read as a person sees them, and what cannot be read is told."""

from __future__ import annotations

import io
import zlib

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from bot.knowledge.reading.blocks import Unreadable
from bot.knowledge.reading.reader import Reading, read
from tests.bot.knowledge import files

SCAN = [(30, "Barang promo tidak bisa dikembalikan."), (30, "Ongkir ke Medan dua puluh ribu.")]


def drawn(*lines: tuple[float, float, str], size: int = 12) -> bytes:
    """A page's content: texts with their places in points."""
    return b"".join(
        b"BT /F1 %d Tf %g %g Td (%s) Tj ET\n" % (size, left, bottom, text.replace("(", r"\(").encode("cp1252"))
        for left, bottom, text in lines
    )


def page(content: bytes) -> PdfWriter:
    return PdfWriter(PdfReader(io.BytesIO(files.pdf([], stream=zlib.compress(content)))))


def saved(writer: PdfWriter) -> bytes:
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def with_picture(writer: PdfWriter, picture: Image.Image, width: float, height: float, in_form: bool = False) -> bytes:
    """The page with a picture drawn on it, beside what it says."""
    scan = PdfReader(io.BytesIO(files.saved(picture, "PDF"))).pages[0]
    image = next(iter(scan["/Resources"]["/XObject"].values())).get_object().clone(writer)
    place = b"q %g 0 0 %g 20 20 cm /Im9 Do Q" % (width, height)
    target = writer.pages[0]
    objects = DictionaryObject({NameObject("/Im9"): image.indirect_reference or writer._add_object(image)})
    if in_form:
        form = DecodedStreamObject()
        form.set_data(place)
        form.update({
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): ArrayObject([FloatObject(each) for each in (0, 0, 595, 842)]),
            NameObject("/Resources"): DictionaryObject({NameObject("/XObject"): objects}),
        })  # fmt: skip
        objects = DictionaryObject({NameObject("/Fm1"): writer._add_object(form)})
        place = b"q /Fm1 Do Q"
    target["/Resources"][NameObject("/XObject")] = objects
    stream = DecodedStreamObject()
    stream.set_data(target.get_contents().get_data() + b"\n" + place)
    target[NameObject("/Contents")] = writer._add_object(stream)
    return saved(writer)


def text(reading: Reading) -> str:
    return "\n".join(passage.text for passage in reading.passages)


@pytest.mark.parametrize("in_form", [False, True])
@pytest.mark.parametrize(
    "beside", [(), ((50, 810, "Dipindai dengan CamScanner"),), ((50, 810, "PT Kenari, Jl. Melati 5, Bogor. " * 2),)]
)
def test_a_scan_is_read_beside_a_line_of_text(beside: tuple[tuple[float, float, str], ...], in_form: bool) -> None:
    reading = read(with_picture(page(drawn(*beside)), files.drawing(SCAN, (1000, 300)), 550, 700, in_form))
    found = text(reading)
    assert "tidak bisa dikembalikan" in found
    assert all(line.split()[0] in found for _, _, line in beside)
    assert reading.warnings == []


def test_a_table_as_a_picture_is_read_beside_a_page_of_text_and_a_logo_is_not() -> None:
    sentences = [(50, 800 - 15 * n, f"Kalimat nomor {n} tentang toko kami.") for n in range(20)]
    reading = read(with_picture(page(drawn(*sentences)), files.drawing(SCAN, (1000, 300)), 500, 200))
    assert "Kalimat nomor 7" in text(reading)
    assert "dua puluh ribu" in text(reading)
    reading = read(with_picture(page(drawn(*sentences)), files.drawing(SCAN, (1000, 300)), 100, 40))
    assert "dua puluh ribu" not in text(reading)


def test_what_a_scanner_has_recognised_is_not_read_twice() -> None:
    hidden = b"BT /F1 12 Tf 3 Tr 50 700 Td (Barang promo tidak bisa dikembalikan.) Tj ET"
    reading = read(with_picture(page(hidden), files.drawing(SCAN, (1000, 300)), 550, 700))
    assert text(reading) == "Barang promo tidak bisa dikembalikan."


def test_pages_that_show_something_without_text_are_warned_of() -> None:
    writer = page(drawn((50, 700, "Halaman pertama berisi teks yang cukup.")))
    photo = Image.effect_noise((600, 800), 60).convert("RGB")
    for source in (with_picture(page(b""), photo, 560, 800), saved(page(b"10 10 m " + b"20 20 l " * 300 + b"S"))):
        writer.append(io.BytesIO(source))
    writer.add_blank_page()
    reading = read(saved(writer))
    assert (reading.pages, reading.warnings) == (4, [{"reason": "pages_without_text", "pages": 2}])


COLUMNS = (50, 200, 350)
PRICES = (("Kota", "Reguler", "Ekspres"), ("Bandung", "Rp9.000", "Rp15.000"), ("Medan", "", "Rp30.000"))


@pytest.mark.parametrize("order", ["rows", "columns"])
def test_cells_of_a_table_stay_apart_under_their_columns(order: str) -> None:
    cells = [
        (left, 700 - 20 * n, cell)
        for n, row in enumerate(PRICES)
        for left, cell in zip(COLUMNS, row, strict=True)
        if cell
    ]
    if order == "columns":
        cells.sort(key=lambda cell: (cell[0], -cell[1]))
    reading = read(saved(page(drawn((50, 740, "Daftar ongkos kirim kami:"), *cells, (50, 600, "Berlaku sampai Mei.")))))
    assert text(reading).splitlines() == [
        "Daftar ongkos kirim kami:",
        "Kota: Bandung; Reguler: Rp9.000; Ekspres: Rp15.000",
        "Kota: Medan; Ekspres: Rp30.000",
        "Berlaku sampai Mei.",
    ]


def test_a_table_without_names_of_columns_has_its_rows() -> None:
    cells = [(50, 700, "Kopi Gayo"), (300, 700, "Rp90.000"), (50, 680, "Teh hijau"), (300, 680, "Rp40.000")]
    assert text(read(saved(page(drawn(*cells))))).splitlines() == ["Kopi Gayo; Rp90.000", "Teh hijau; Rp40.000"]


def test_two_columns_of_running_text_are_no_table() -> None:
    left = ["Barang yang sudah dibeli dapat ditukar dengan", "barang lain dalam waktu tujuh hari sejak"]
    right = ["Pesanan yang masuk sebelum pukul dua siang", "kami kirim pada hari yang sama, kecuali hari"]
    lines = [(50, 700 - 15 * n, line) for n, line in enumerate(left)]
    lines += [(330, 700 - 15 * n, line) for n, line in enumerate(right)]
    found = text(read(saved(page(drawn(*lines, size=10)))))
    assert "ditukar dengan barang lain" in found.replace("\n", " ")
    assert "dua siang kami kirim" in found.replace("\n", " ")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["Syarat pengem-", "balian barang."], "Syarat pengembalian barang."),
        (["Barang-", "barang rusak."], "Barang-barang rusak."),
        (["Hati-", "hati ya."], "Hati-hati ya."),
        (["Kirim e-", "mail ke kami."], "Kirim e- mail ke kami."),
        (["Rute Jakarta-", "Bandung ada."], "Rute Jakarta- Bandung ada."),
        (["Harga 10-", "20 ribu."], "Harga 10- 20 ribu."),
    ],
)
def test_divided_words_are_whole_again(lines: list[str], expected: str) -> None:
    assert text(read(files.pdf([(11, line) for line in lines]))) == expected


@pytest.mark.parametrize(
    "shown",
    [
        "%DUDQJ SURPR WLGDN ELVD GLNHPEDOLNDQ VHWHODK WXMXK KDUL",
        "(cid:12)(cid:44) (cid:3)(cid:17) (cid:9)(cid:12) (cid:1)",
        "/g12 /g34 /g5 /g77 /g12 /g9 /g41 /g3",
        "\x01\x02\x03 \x04\x05 \x06\x07 \x08\x0e\x0f \x10\x11",
    ],
)
def test_unrecognisable_letters_are_reported(shown: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read(files.pdf([(11, shown)]))
    assert refusal.value.reason in ("garbled", "no_text")
    reading = read(files.pdf([(11, shown)], [(11, "Barang bisa dikembalikan dalam tujuh hari.")]))
    assert text(reading) == "Barang bisa dikembalikan dalam tujuh hari."
    if refusal.value.reason == "garbled":
        assert reading.warnings == [{"reason": "pages_garbled", "pages": 1}]


@pytest.mark.parametrize(
    "shown",
    [
        "SKU KPI-01 Rp90.000 (250g) x2; WA: +62 812-3456-7890, info@toko.example",
        "JNE J&T TIKI SPX GTL",
        "Senin-Jumat 08.00-17.00 WIB",
        "1 2 3 4 5 6 7 8",
        "https://toko.example/retur?x=1 dan https://toko.example/bayar",
    ],
)
def test_prices_codes_and_addresses_are_text(shown: str) -> None:
    reading = read(files.pdf([(11, shown)]))
    assert reading.warnings == []
    assert text(reading)


def field(name: str, value: str, box: tuple[float, ...], **entries: object) -> DictionaryObject:
    made = DictionaryObject({
        NameObject("/Type"): NameObject("/Annot"),
        NameObject("/Subtype"): NameObject("/Widget"),
        NameObject("/FT"): NameObject("/Tx"),
        NameObject("/T"): TextStringObject(name),
        NameObject("/V"): TextStringObject(value),
        NameObject("/Rect"): ArrayObject([FloatObject(each) for each in box]),
    })  # fmt: skip
    made.update({NameObject(f"/{key}"): value for key, value in entries.items()})
    return made


def test_what_is_filled_in_is_read_where_it_stands() -> None:
    writer = page(drawn((50, 700, "Nama toko:"), (50, 680, "Setuju:"), (50, 660, "Kurir:"), (50, 600, "Terima kasih.")))
    annotations = [
        field("Text1", "Kenari", (130, 696, 300, 712)),
        field("Check1", "", (130, 676, 145, 690), FT=NameObject("/Btn"), AS=NameObject("/Ya")),
        field("Kurir", "JNE", (130, 656, 300, 672), FT=NameObject("/Ch")),
        field("Catatan", "Buka hari Minggu", (60, 620, 300, 640)),
        field("Rahasia", "pin", (60, 560, 300, 570), F=NumberObject(2)),
        field("Sandi", "pin", (60, 540, 300, 550), Ff=NumberObject(1 << 13)),
        field("Check2", "", (60, 520, 80, 530), FT=NameObject("/Btn"), AS=NameObject("/Off")),
    ]
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(each) for each in annotations])
    assert text(read(saved(writer))).split("\n") == [
        "Nama toko: Kenari Setuju: ✓ Kurir: JNE",
        "Catatan: Buka hari Minggu",
        "Terima kasih.",
    ]


def test_all_pages_of_a_tiff_are_read() -> None:
    pages = [files.drawing([(40, f"Halaman ke {word}")], (600, 120)) for word in ("satu", "dua", "tiga")]
    reading = read(files.saved(pages[0], "TIFF", pages[1:]))
    assert (reading.media_type, reading.pages, reading.warnings) == ("image/tiff", 3, [])
    assert all(word in text(reading) for word in ("satu", "dua", "tiga"))
