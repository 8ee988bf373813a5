"""A name of two words is one name, and every way to write something stands for one thing."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.grounding.rules import check
from ml.statements.lexicon import table


@pytest.mark.parametrize(
    ("source", "answer", "reason"),
    [
        ("Kami mengirim ke Jawa Barat dan Banten.", "Kami mengirim ke Jawa Timur kak.", "name"),
        ("We ship to Hong Kong and Singapore.", "We ship to New Zealand.", "name"),
        ("Kalau barang rusak, kami memberi voucher.", "Kalau barang rusak, kami memberi store credit.", "name"),
        ("Diskon 10% untuk pembeli baru.", "Diskon 10% untuk pembeli lama.", "negation"),
        ("Toko buka Senin sampai Jumat.", "Toko buka akhir pekan.", "number"),
    ],
)
def test_a_name_of_two_words_is_not_another_one(source: str, answer: str, reason: str) -> None:
    checked = check(answer, [source], "")
    assert (checked.verdict, checked.reason) == ("contradicted", reason)


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        ("Kami mengirim ke Jawa Barat.", "We deliver to West Java."),
        ("We do not ship to the United States.", "Sorry, we don't ship to the United States."),
        ("You can send back the parcel within 7 days.", "Paketnya bisa diretur dalam 7 hari."),
    ],
)
def test_a_name_of_two_words_is_known_in_both_languages(source: str, answer: str) -> None:
    assert check(answer, [source], "").verdict == "unverified"


def test_a_word_has_one_concept() -> None:
    tables = [table("glossary"), table("everyday")]
    counts = Counter(word for concepts in tables for words in concepts.values() for word in words.split())
    assert [word for word, count in counts.items() if count > 1] == []
