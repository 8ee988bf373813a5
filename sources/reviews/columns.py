"""The columns of a file with reviews, what files call them, and how their values look."""

from __future__ import annotations

import pandas as pd

from sources.tabular import Column, looks_like, times, whole_numbers

_NO_IDS = 0.5


def _like_ratings(cells: pd.Series) -> float:
    return looks_like(cells, lambda filled: ~whole_numbers(filled, 1, 5)[1])


def _like_times(cells: pd.Series) -> float:
    return looks_like(cells, lambda filled: ~times(filled, "UTC")[1])


def _like_texts(cells: pd.Series) -> float:
    return looks_like(cells, lambda filled: filled.str.strip().str.contains(r"\s") & times(filled, "UTC")[1])


def _like_ids(cells: pd.Series) -> float:
    """Ids have no spaces, are no times, and hardly ever come twice."""
    if _like_times(cells) > _NO_IDS or not len(cells):
        return 0.0
    return looks_like(cells, lambda filled: ~filled.str.contains(r"\s") & ~filled.duplicated())


COLUMNS = [
    Column("id", ("review_id", "id_ulasan", "ulasan_id", "nomor_ulasan", "kode_ulasan", "review_link"), _like_ids),
    Column(
        "rating",
        ("score", "stars", "star", "star_rating", "bintang", "nilai", "skor", "penilaian", "jumlah_bintang"),
        _like_ratings,
    ),
    Column(
        "text",
        (
            "review_text", "review", "ulasan", "isi_ulasan", "teks_ulasan", "customer_review", "content", "comment",
            "komentar", "isi", "teks", "body", "message", "pesan",
        ),
        _like_texts,
    ),
    Column(
        "created_at",
        (
            "review_last_update_date_and_time", "review_submit_date_and_time", "review_date", "submitted_at", "created",
            "date", "at", "time", "timestamp", "tanggal", "tanggal_ulasan", "tgl", "waktu", "dibuat",
        ),
        _like_times,
    ),
    Column(
        "author",
        (
            "user_name", "user", "reviewer", "reviewer_name", "name", "nama", "penulis", "pengulas", "pelanggan",
            "customer",
        ),
        is_required=False,
    ),
    Column(
        "product",
        ("product_name", "produk", "nama_produk", "item", "barang", "app", "aplikasi", "package_name"),
        is_required=False,
    ),
    Column("language", ("lang", "bahasa", "locale", "reviewer_language"), is_required=False),
]  # fmt: skip
