"""Preparation: what does not tell the issue is made the same, what tells it stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.classifier.prepare import MAX_CHARACTERS, prepare
from ml.language import languages


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("resi JP1234567890 mana", "resi JP9988776655 mana"),
        ("call me on 0812-3456-7890", "call me on 0857-1111-2222"),
        ("sudah tf Rp1.250.000", "sudah tf Rp3.499.000"),
        ("see https://a.example/x?y=1", "see www.b.example/z"),
        ("tolooooong", "TOLONG"),
        ("where is it?????", "where is it??"),
        ("a\x00b  c\n\nd", "a b c d"),
    ],
)
def test_what_does_not_matter_is_made_the_same(one: str, other: str) -> None:
    assert prepare(one) == prepare(other)


@pytest.mark.parametrize(("one", "other"), [("2 hari", "9 hari"), ("saat", "sat"), ("ok", "ok!"), ("👍", "😡")])
def test_what_may_matter_stays_different(one: str, other: str) -> None:
    assert prepare(one) != prepare(other)


@given(st.text(max_size=5_000))
def test_any_text_is_prepared_within_bounds(text: str) -> None:
    prepared = prepare(text)
    assert "\x00" not in prepared
    assert prepared == prepared.strip()
    assert len(prepared) <= MAX_CHARACTERS * 3


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("paket saya belum sampai juga kak", "id"),
        ("udah tf dari pagi blm dikonfirm gan", "id"),
        ("my parcel has not arrived yet", "en"),
        ("please cancel the order", "en"),
        ("ok", "unknown"),
        ("", "unknown"),
        ("??", "unknown"),
        ("😂😂😂😂😂😂😂", "unknown"),
        ("8812345678", "unknown"),
        ("посылка ещё не пришла", "unknown"),
    ],
)
def test_language_is_named_only_where_it_can_be_told(text: str, language: str) -> None:
    assert languages([text]) == [language]
