"""Uploaded files become passages, whatever they are called; what cannot be read is refused with a reason, and reading
can do nothing else."""

from __future__ import annotations

import os
import resource
import socket
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest
from PIL import Image

from bot.knowledge.reading import child, pdf, plain, reasons
from bot.knowledge.reading.blocks import Block, Unreadable
from bot.knowledge.reading.passages import MAX_LENGTH, Text, passages
from bot.knowledge.reading.reader import read
from tests.bot.knowledge import files
from warehouse.settings import ROOT

SOAK = os.environ.get("KABAR_SOAK") == "1"


def refused(content: bytes, seconds: float = 60) -> str:
    with pytest.raises(Unreadable) as refusal:
        read(content, seconds=seconds)
    for language in ("id", "en"):
        assert "{" not in reasons.said(refusal.value.reason, language, refusal.value.numbers)
    return refusal.value.reason


def test_markdown_becomes_passages_under_the_path_of_their_headings() -> None:
    reading = read(
        b"# Toko\nHalo **semua**.\n\n## Ongkir\n\n"
        b"| Kota | Ongkir |\n|---|---|\n| Bandung | Rp9.000 |\n| Medan | Rp22.000 |\n\n"
        b"- lihat [peta](https://toko.example/peta)\n\n# Jam\n```\n08-17\n```\n"
    )
    assert reading.media_type == "text/markdown"
    assert reading.passages == [
        Text("Toko", "Halo semua."),
        Text(
            "Toko › Ongkir",
            "Kota: Bandung; Ongkir: Rp9.000\nKota: Medan; Ongkir: Rp22.000\n- lihat peta (https://toko.example/peta)",
        ),
        Text("Jam", "08-17"),
    ]


def test_marks_of_emphasis_go_in_pairs_and_others_stay() -> None:
    reading = read(b'# Jam ##\n**Buka *tiap* hari** dan `siang`. Isi 2 * 3 * 4, *catatan dan [a](b "c") d, a**')
    assert reading.passages == [Text("Jam", "Buka tiap hari dan siang. Isi 2 * 3 * 4, *catatan dan a d, a**")]


@pytest.mark.parametrize("unit", ["[", "[a](", "*a ", "**a ", "`a ", "(", "[[", "# a "])
def test_time_to_read_a_text_grows_with_its_length_only(unit: str) -> None:
    """A search that reads to the end of the line from each place would take hours."""
    assert plain.read(unit * 400_000).blocks


def test_reading_a_file_without_progress_stops_before_the_time_limit() -> None:
    with pytest.raises(Unreadable) as refusal:
        read(files.saved(files.drawing(LINES), "PNG"), seconds=60, stalled_seconds=0.05)
    assert refusal.value.reason == "too_slow"


def test_html_is_read_as_it_is_seen() -> None:
    reading = read(
        b"<!doctype html><title>x</title><style>p{}</style><nav>menu</nav><h1>Jam <b>buka</b></h1>"
        b"<p>Senin&nbsp;sampai Jumat<br>08-17</p><p hidden>rahasia</p><script>alert(1)</script>"
        b"<ul><li>a</li><li>b</li></ul>"
        b"<table><tr><th>Kota<th>Ongkir<tr><td>Bandung<td>Rp9.000</table><iframe src='http://127.0.0.1/'></iframe>"
    )
    assert reading.media_type == "text/html"
    assert reading.passages == [Text("Jam buka", "Senin sampai Jumat\n08-17\n- a\n- b\nKota: Bandung; Ongkir: Rp9.000")]


def test_word_documents_keep_headings_lists_and_tables() -> None:
    assert read(files.word()).passages == [
        Text("Ketentuan toko › Pengembalian", "Barang bisa dikembalikan dalam 7 hari.\n- lengkap dengan kemasan"),
        Text("Ketentuan toko › Ongkos kirim", "Kota: Bandung; Ongkir: Rp9.000"),
    ]


def test_larger_letters_of_a_pdf_are_headings_and_lines_flow_together() -> None:
    shares: list[float] = []
    content = files.pdf(
        [(20, "Pengembalian"), (11, "Barang bisa dikembalikan dalam tujuh"), (11, "hari setelah diterima.")],
        [(20, "Garansi"), (11, "Satu tahun untuk kerusakan pabrik.")],
    )
    reading = read(content, shares.append)
    assert (reading.media_type, reading.pages, reading.warnings) == ("application/pdf", 2, [])
    assert reading.passages == [
        Text("Pengembalian", "Barang bisa dikembalikan dalam tujuh hari setelah diterima."),
        Text("Garansi", "Satu tahun untuk kerusakan pabrik."),
    ]
    assert shares == [0.5, 1.0]


LINES = [
    (44, "Jam Buka Toko"),
    (24, "Senin sampai Jumat pukul 08.00 sampai 17.00."),
    (24, "Sabtu tutup lebih awal, Minggu libur."),
    (44, "Return Policy"),
    (24, "Items can be returned within seven days."),
]


@pytest.mark.parametrize(("kind", "media_type"), [("PNG", "image/png"), ("PDF", "application/pdf")])
def test_pictures_and_scans_are_read_in_both_languages(kind: str, media_type: str) -> None:
    reading = read(files.saved(files.drawing(LINES), kind))
    assert (reading.media_type, reading.pages) == (media_type, 1)
    headings, texts = zip(*reading.passages, strict=True)
    assert headings == ("Jam Buka Toko", "Return Policy")
    assert "Senin sampai Jumat" in texts[0]
    assert "Minggu libur" in texts[0]
    assert "Items can be returned within seven days" in texts[1]


def test_of_a_long_scan_the_first_pages_are_read_and_the_others_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MAX_SCANNED_PAGES", 1)
    page = files.drawing([(24, "Halaman pindaian")], (400, 80))
    found = pdf.read(files.saved(page, "PDF", [page] * 99), lambda share: None)
    assert found.pages == 100
    assert found.warnings == [{"reason": "scanned_pages_left_out", "read": 1, "left_out": 99}]
    assert len(found.blocks) == 1


@pytest.mark.soak
@pytest.mark.skipif(not SOAK, reason="a hundred pages take minutes: `make soak`")
def test_a_scan_of_a_hundred_pages_is_read_in_time() -> None:
    page = files.drawing(LINES * 3, (1240, 1754))
    started = time.monotonic()
    reading = read(files.saved(page, "PDF", [page] * 99))
    assert reading.warnings == [{"reason": "scanned_pages_left_out", "read": 30, "left_out": 70}]
    assert time.monotonic() - started < 240


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"x" * (10 * 1024**2 + 1), "too_large"),
        (b"MZ\x00\x01\x02" * 50, "unknown_type"),
        (files.archive(readme_txt=b"hello"), "unknown_type"),
        (files.archive(xl__workbook_xml=b"<x/>"), "spreadsheet"),
        (files.archive(word__document_xml=b"<not-word/>"), "damaged"),
        (b"PK\x03\x04" + b"\x00" * 100, "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old_office"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"%PDF-1.7 and then nothing", "damaged"),
        (files.locked(files.pdf([(12, "Rahasia dagang kami")])), "encrypted"),
        (files.pdf([]), "no_text"),
        (files.pdf(*[[]] * 501), "too_many_pages"),
        (b"\x89PNG\r\n\x1a\n and then nothing", "damaged"),
        (files.saved(files.drawing([]), "PNG"), "no_text_in_picture"),
        (b"<html><script>x</script></html>", "no_text"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_reason(content: bytes, reason: str) -> None:
    assert refused(content) == reason


def test_bombs_are_refused() -> None:
    unpacked = files.archive(word__document_xml=b"0" * (101 * 1024**2))
    assert len(unpacked) < 1024**2
    assert refused(unpacked) == "too_much_inside"
    laughs = (
        b'<!DOCTYPE x [<!ENTITY a "lol">'
        + b"".join(
            b'<!ENTITY %c "&%c;&%c;&%c;&%c;&%c;&%c;&%c;&%c;&%c;&%c;">' % (after, *[before] * 10)
            for before, after in zip(b"abcdefgh", b"bcdefghi", strict=True)
        )
        + b"]><x>&i;</x>"
    )
    assert refused(files.archive(word__document_xml=laughs)) == "damaged"
    packed = zlib.compress(b"(" + b"A" * (100 * 1024**2) + b") Tj")
    assert refused(files.pdf([], stream=packed)) in ("damaged", "no_text", "too_much_inside")
    assert refused(files.saved(Image.new("1", (8000, 8000)), "PNG")) == "picture_too_large"


def test_a_child_that_takes_too_long_is_killed() -> None:
    assert refused(files.saved(files.drawing(LINES), "PNG"), seconds=0.05) == "too_slow"


def limited(statement: str) -> subprocess.CompletedProcess[str]:
    """Run a statement as the child that reads would."""
    code = f"from bot.knowledge.reading.child import drop_rights; drop_rights()\n{statement}"
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize(
    "statement",
    [
        "import os; os.system('true')",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.fork()",
        "import os; os.execv('/bin/true', ['true'])",
        "open('written', 'w')",
        "import urllib.request; urllib.request.urlopen('http://127.0.0.1:{port}/')",
        "import socket; socket.create_connection(('127.0.0.1', {port}))",
        "import os; os.remove('README.md')",
    ],
)
def test_reading_starts_nothing_writes_nothing_and_connects_to_nothing(statement: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        ended = limited(statement.format(port=server.getsockname()[1]))
    assert ended.returncode == 1
    assert "PermissionError: reading a file needs no" in ended.stderr
    assert not Path(ROOT / "written").exists()


def test_reading_has_no_more_memory_than_it_is_given() -> None:
    ended = limited(f"bytearray({child.MEMORY_BYTES})")
    assert "MemoryError" in ended.stderr
    assert "42" in limited("import resource; print(42, resource.getrlimit(resource.RLIMIT_CPU))").stdout
    assert resource.getrlimit(resource.RLIMIT_CPU)[0] == resource.RLIM_INFINITY


def test_the_child_gets_none_of_our_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KABAR_BOT_PASSWORD", "a password")
    started: list[dict[str, str]] = []
    popen = subprocess.Popen

    def noting(*arguments: object, **options: object) -> object:
        started.append(dict(options["env"]))  # type: ignore[call-overload]
        return popen(*arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "Popen", noting)
    read(b"halo dunia")
    assert started
    assert "a password" not in started[0].values()


def test_long_paragraphs_are_cut_after_sentences_and_short_ones_go_together() -> None:
    sentence = "Pesanan dikirim setiap hari kerja dari Bandung. "
    found = passages([Block("Pengiriman", 1), Block(sentence * 40), Block("Selesai.")])
    assert all(len(passage.text) <= MAX_LENGTH for passage in found)
    assert all(passage.heading == "Pengiriman" for passage in found)
    assert all(passage.text.startswith("Pesanan") for passage in found)
    assert " ".join(passage.text.replace("\n", " ") for passage in found) == f"{sentence * 40}Selesai."
    assert {len(passage.text) for passage in passages([Block("x" * 2000)])} == {700, 600}


def test_a_heading_ends_those_below_it() -> None:
    found = passages([Block("A", 1), Block("B", 2), Block("b"), Block("C", 2), Block("c"), Block("D", 1), Block("d")])
    assert [passage.heading for passage in found] == ["A › B", "A › C", "D"]
