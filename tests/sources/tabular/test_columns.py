"""Columns are recognised by their names in both languages or by their values, and doubt is told."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sources.tabular import Column, ColumnsUnclear, looks_like, named, open_table, propose, whole_numbers


def like_ratings(cells: pd.Series) -> float:
    return looks_like(cells, lambda filled: ~whole_numbers(filled, 1, 5)[1])


WANTED = [
    Column("id", ("review_id", "nomor")),
    Column("rating", ("stars", "bintang"), like_ratings),
    Column("text", ("ulasan", "komentar")),
    Column("product", ("produk",), is_required=False),
]


def table(tmp_path: Path, header: str, *rows: str):  # type: ignore[no-untyped-def]
    path = tmp_path / "a.csv"
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    return open_table(path)


def test_names_of_both_languages_are_certain_whatever_their_case_and_punctuation(tmp_path: Path) -> None:
    found = propose(table(tmp_path, "Review ID,BINTANG,Ulasan,Produk", "a,4,Oke,Teh"), WANTED)
    assert found.columns == {"id": "Review ID", "rating": "BINTANG", "text": "Ulasan", "product": "Produk"}
    assert found.certain == {"id", "rating", "text", "product"}


def test_a_column_with_another_name_is_found_by_its_values_but_is_not_certain(tmp_path: Path) -> None:
    found = propose(table(tmp_path, "id,nilai pelanggan,text", "a,★★★★,Oke", "b,5/5,Baik"), WANTED)
    assert found.columns["rating"] == "nilai pelanggan"
    assert "rating" not in found.certain
    with pytest.raises(ColumnsUnclear, match="rating"):
        found.only_certain(WANTED)


def test_one_of_two_candidates_is_not_certain_nor_one_whose_values_do_not_fit(tmp_path: Path) -> None:
    found = propose(table(tmp_path, "id,stars,ulasan,komentar", "a,bagus,x,y"), WANTED)
    assert found.columns == {"id": "id", "rating": "stars", "text": "ulasan"}
    assert found.certain == {"id"}


def test_missing_columns_that_nothing_needs_are_left_out(tmp_path: Path) -> None:
    found = propose(table(tmp_path, "id,rating,text", "a,4,x"), WANTED).only_certain(WANTED)
    rows = table(tmp_path, "id,rating,text", "a,4,x").sample()
    assert found.renamed(rows).to_dict("records") == [{"id": "a", "rating": "4", "text": "x"}]


def test_columns_are_given_by_name_or_in_order(tmp_path: Path) -> None:
    read = table(tmp_path, "K,Nilai,Isi", "a,4,x")
    assert named(read, "id=K, rating=Nilai, text=Isi", WANTED).columns == {"id": "K", "rating": "Nilai", "text": "Isi"}
    assert named(read, "K,Nilai,Isi", WANTED).columns == {"id": "K", "rating": "Nilai", "text": "Isi"}


@pytest.mark.parametrize(
    ("given", "word"), [("id=K", "rating"), ("id=K,rating=X,text=Isi", "rating=X"), ("a=K", "a=K"), ("K,K,K,K,K", "=K")]
)
def test_columns_that_do_not_exist_or_are_missing_are_named(tmp_path: Path, given: str, word: str) -> None:
    with pytest.raises(ColumnsUnclear, match=word):
        named(table(tmp_path, "K,Nilai,Isi", "a,4,x"), given, WANTED)
