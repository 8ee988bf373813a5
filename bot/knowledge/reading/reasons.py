"""Why a file could not be read, or not wholly, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

_WORDS: dict[str, dict[str, str]] = {
    "empty": {
        "id": "Berkas ini kosong.",
        "en": "The file is empty.",
    },
    "too_large": {
        "id": "Berkas lebih besar dari {most} MB. Bagi menjadi beberapa berkas.",
        "en": "The file is larger than {most} MB. Split it into several files.",
    },
    "unknown_type": {
        "id": "Jenis berkas ini tidak dikenal. Yang bisa dibaca: teks, Markdown, HTML, PDF, Word (.docx), dan gambar.",
        "en": "This type of file is not known. Text, Markdown, HTML, PDF, Word (.docx) and pictures can be read.",
    },
    "spreadsheet": {
        "id": "Ini lembar kerja (Excel). Simpan sebagai PDF atau salin tabelnya ke dokumen Word.",
        "en": "This is a spreadsheet. Save it as PDF, or copy its table into a Word document.",
    },
    "old_office": {
        "id": "Ini berkas Office lama (.doc). Simpan ulang sebagai .docx atau PDF.",
        "en": "This is an old Office file (.doc). Save it again as .docx or PDF.",
    },
    "encrypted": {
        "id": "Berkas ini dikunci dengan kata sandi. Simpan ulang tanpa kata sandi.",
        "en": "The file is locked with a password. Save it again without one.",
    },
    "damaged": {
        "id": "Berkas ini rusak atau tidak lengkap. Buka di komputer Anda, simpan ulang, lalu unggah lagi.",
        "en": "The file is damaged or incomplete. Open it on your computer, save it again and upload that.",
    },
    "too_much_inside": {
        "id": "Isi berkas ini terlalu besar setelah dibuka. Bagi menjadi beberapa berkas.",
        "en": "There is too much in the file once it is unpacked. Split it into several files.",
    },
    "too_many_pages": {
        "id": "Berkas ini lebih dari {most} halaman. Bagi menjadi beberapa berkas.",
        "en": "The file has more than {most} pages. Split it into several files.",
    },
    "too_many_passages": {
        "id": "Berkas ini berisi lebih dari {most} potongan teks. Bagi menjadi beberapa berkas.",
        "en": "The file holds more than {most} passages. Split it into several files.",
    },
    "too_slow": {
        "id": "Membaca berkas ini terlalu lama. Bagi menjadi beberapa berkas atau perkecil gambarnya.",
        "en": "Reading the file takes too long. Split it into several files, or make its pictures smaller.",
    },
    "picture_too_large": {
        "id": "Gambar ini terlalu besar. Perkecil sampai di bawah 50 juta piksel.",
        "en": "The picture is too large. Make it smaller than 50 million pixels.",
    },
    "no_text_in_picture": {
        "id": "Tidak ada tulisan yang terbaca di gambar ini. Coba foto yang lebih tajam dan terang.",
        "en": "No text could be read on the picture. Try a sharper, brighter photo.",
    },
    "no_text": {
        "id": "Tidak ada teks di berkas ini.",
        "en": "There is no text in the file.",
    },
    "our_fault": {
        "id": "Ada yang salah di pihak kami saat membaca berkas ini. Unggah lagi nanti.",
        "en": "Something went wrong on our side while reading the file. Upload it again later.",
    },
    "scanned_pages_left_out": {
        "id": "{left_out} halaman pindaian tidak dibaca, hanya {read} yang pertama. Unggah sisanya terpisah.",
        "en": "{left_out} scanned pages were not read, only the first {read}. Upload the others as another file.",
    },
    "pages_damaged": {
        "id": "{pages} halaman rusak dan tidak dibaca.",
        "en": "{pages} pages are damaged and were not read.",
    },
}

REASONS = frozenset(_WORDS)


def said(reason: str, language: Literal["id", "en"], numbers: Mapping[str, Any]) -> str:
    """A reason in words. One that is not known is said to be damage."""
    return _WORDS.get(reason, _WORDS["damaged"])[language].format_map(numbers)
