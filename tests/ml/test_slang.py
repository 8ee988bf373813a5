"""Everyday spelling is written out, and nothing else is touched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.classifier.dataset import training_messages
from ml.slang import _spelling, expand

TYPED = sorted(_spelling().words)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("gmn cara tf, ongkirnya brp?", "bagaimana cara transfer, ongkos kirimnya berapa?"),
        ("blm nyampe jg", "belum sampai juga"),
        ("bs COD ga kak", "bisa bayar di tempat tidak kak"),
        ("norek nya apa", "nomor rekening nya apa"),
        ("ga  papa, hati2 ya", "tidak apa-apa, hati-hati ya"),
        ("brg2nya udh dtg", "barang-barangnya sudah datang"),
        ("bangettt mahal", "banget mahal"),
        ("kopi 250 g brp", "kopi 250 g berapa"),
        ("kaos XXXL ada?", "kaos XXXL ada?"),
        ("tulis ke cs@tf.example atau https://tf.example/ga", "tulis ke cs@tf.example atau https://tf.example/ga"),
        ("", ""),
    ],
)
def test_everyday_spelling_is_written_out(typed: str, written: str) -> None:
    assert expand(typed) == written


def test_there_are_words_enough_and_none_is_a_written_one() -> None:
    known = _spelling().words
    assert len(known) >= 150
    assert [written for written in known.values() if expand(written) != written] == []


@given(
    st.lists(st.one_of(st.sampled_from(TYPED), st.text(max_size=8)), max_size=8), st.sampled_from([" ", "", "-", ". "])
)
def test_expanding_twice_changes_nothing_more(words: list[str], between: str) -> None:
    once = expand(between.join(words))
    assert expand(once) == once


def test_english_messages_keep_their_words() -> None:
    abbreviations = {"pls", "cod", "tf"}
    messages = [message.text for message in training_messages() if message.language == "en"]
    changed = {word for text in messages for word in text.lower().split() if expand(word) != word}
    assert len(messages) > 300
    assert {word.strip("?!.,") for word in changed} <= abbreviations
