"""What was written in one go, as separate requests."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.deciding.requests import MAX_REQUESTS, split


@pytest.mark.parametrize(
    ("texts", "requests"),
    [
        (["ongkir ke Bandung berapa dan bisa COD?"], ["ongkir ke Bandung berapa", "bisa COD?"]),
        (
            ["Do you have it in blue? And how much is shipping?"],
            ["Do you have it in blue?", "And how much is shipping?"],
        ),
        (["halo kak", "jam buka jam berapa"], ["halo kak", "jam buka jam berapa"]),
        (["ongkir ke", "Medan berapa"], ["ongkir ke Medan berapa"]),
        (["kaos putih dan celana hitam ada?"], ["kaos putih dan celana hitam ada?"]),
        (["  ", ""], []),
    ],
)
def test_a_burst_is_split_where_each_part_asks(texts: list[str], requests: list[str]) -> None:
    assert [request.text for request in split(texts)] == requests


@given(st.lists(st.text(max_size=200), max_size=12))
def test_any_burst_is_split_and_nothing_is_lost(texts: list[str]) -> None:
    requests = split(texts)
    assert len(requests) <= MAX_REQUESTS
    said = {word for text in texts for word in text.split() if any(map(str.isalpha, word)) and len(word) > 12}
    assert all(any(word in request.text for request in requests) for word in said)


@pytest.mark.parametrize("text", ["kalau ke Makassar?", "and in blue?", "yang L", "harganya?", "how much is it?"])
def test_a_follow_up_refers_back(text: str) -> None:
    [request] = split([text])
    assert request.refers_back


@pytest.mark.parametrize(
    "text", ["berapa lama pengiriman barang ke Surabaya", "which payment methods does the shop take"]
)
def test_a_question_with_its_subject_does_not(text: str) -> None:
    [request] = split([text])
    assert not request.refers_back
