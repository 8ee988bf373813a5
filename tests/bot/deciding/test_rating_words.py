"""How customers write a rating with words of its own, and what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.deciding.rating_words import opinion_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5 sangat puas", 5), ("2 lama banget balasnya", 2), ("1, kecewa sama pelayanannya", 1), ("4. bagus", 4),
        ("3 biasa aja", 3), ("5/5 mantap adminnya", 5), ("4 dari 5, lumayan cepat", 4), ("bintang 5 pelayanannya", 5),
        ("kak 5 ramah banget adminnya", 5), ("1 gak puas, barangnya telat terus", 1), ("5 - top", 5), ("5👍 mantap", 5),
        ("2 responnya lambat", 2), ("5 very helpful", 5), ("1 terrible service", 1), ("4 good but slow", 4),
        ("5️⃣ mantap", 5), ("5 makasih banyak ya", 5), ("sangat puas", 5), ("sangat tidak puas", 1), ("gak puas kak", 2),
        ("puas banget, makasih kak", 5), ("cukup puas", 3), ("very satisfied, thanks", 5), ("very dissatisfied", 1),
        ("5 bagus, oh iya besok buka jam berapa?", 5), ("2 kurang cepat kirimnya kapan?", 2),
        ("2 hari belum sampai", None), ("5 pcs ya kak", None), ("3 yang merah", None), ("1 lagi dong", None),
        ("2 kg cukup", None), ("5kg", None), ("3.5 lumayan", None), ("1-5 hari", None), ("5% diskon", None),
        ("5? kok bisa", None), ("4 kapan dikirim", None), ("2 bisa kurang ga?", None), ("3/4 penuh", None),
        ("12 orang", None), ("08123 nomor saya", None), ("jam 5 sore", None), ("6 mantap", None), ("0 parah", None),
        ("saya puas? tidak", None), ("pesan 2 ya puas", None), ("1 dan 2 rusak", None), ("2 paket belum datang", None),
        ("⭐ jelek", None), ("", None), ("5:30 ya", None), ("puas ga kalau beli ini?", None),
    ],
)  # fmt: skip
def test_a_rating_may_have_words_of_its_own(text: str, expected: int | None) -> None:
    found = opinion_in(text)
    assert (found and found.rating) == expected


@given(st.text())
def test_any_text_has_an_opinion_of_the_scale_or_none(text: str) -> None:
    found = opinion_in(text)
    assert found is None or found.rating in {1, 2, 3, 4, 5}
