"""Names of topics: short, distinct, and in the customers' words."""

from __future__ import annotations

import numpy as np

from ml.topics.names import WORDS, name
from ml.topics.words import is_nameable

WARRANTY = [
    "garansinya masih berlaku kak",
    "mau klaim garansi dong",
    "klaim garansi gimana caranya",
    "kartu garansi hilang",
]
SHIPPING = ["kapan kirim paketnya", "pengiriman kok lama banget", "minta dikirim besok ya", "kirimnya pakai kurir apa"]
PARKING = ["parkir motor di mana min", "parkirnya bayar ga", "parkir mobil luas ga sih", "tempat parkir motor penuh"]


def named(*topics: list[str]) -> list[str]:
    texts = [text for topic in topics for text in topic * 3]
    groups = np.array([number for number, topic in enumerate(topics) for _ in topic * 3])
    found = name(texts, ["id"] * len(texts), [str(place) for place in range(len(texts))], groups)
    return [of_topic["id"] for of_topic in found]


def words(found: str) -> list[str]:
    return found.replace(",", "").split()


def test_names_are_short_and_hold_no_fillers_greetings_or_particles() -> None:
    for found in named(WARRANTY, SHIPPING, PARKING):
        assert 1 <= len(words(found)) <= WORDS
        assert all(is_nameable(word) for word in words(found)), found
    assert not any(map(is_nameable, ["kak", "dong", "gimana", "banget", "halo", "please", "still", "dikasih"]))


def test_a_name_says_a_word_once_in_the_form_that_customers_write() -> None:
    warranty, shipping, parking = named(WARRANTY, SHIPPING, PARKING)
    assert "garansi" in words(warranty)
    assert "garansinya" not in words(warranty)
    assert sum("kirim" in word for word in words(shipping)) == 1
    assert "parkir" in words(parking)
    assert "parkirnya" not in words(parking)


def test_topics_about_nearly_the_same_have_different_names() -> None:
    found = named(PARKING, [*PARKING, "parkir sepeda"], WARRANTY)
    assert len(set(found)) == len(found)
