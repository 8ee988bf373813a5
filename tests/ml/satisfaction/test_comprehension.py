"""Comprehension: what is said again, in both languages, and what only looks like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.satisfaction.comprehension import Turn, comprehension, repetitions

SAID_AGAIN = [
    ("kak paket saya belum sampai", "paket saya belum sampai"),
    ("paket saya belum sampai", "min, paket sy blm sampe!!!"),
    ("Paket saya kok belum sampai ya", "belum sampai paket saya kok kak"),
    ("gimana cara bayar pakai transfer", "bagaimana cara bayar pakai transfer ya?"),
    ("paket saya belum sampai juga", "paket saya blm sampai jugaaa, padahal janjinya"),
    ("where is my parcel", "WHERE IS MY PARCEL?????"),
    ("hi, has my order been sent", "has my order been snet please"),
    ("my parcel hasn't arrived", "my parcel has not arrived"),
    ("status pesanan 12345678", "status pesanan 12345678 kak"),
    ("mau refund", "refund mau kak"),
]

SOMETHING_ELSE = [
    ("paket saya belum sampai", "paket saya sudah sampai"),
    ("my parcel has arrived", "my parcel has not arrived"),
    ("tolong batal pesanan saya sekarang", "tolong kirim pesanan saya sekarang"),
    ("status pesanan saya 12345678", "status pesanan saya 87654321"),
    ("kapan paket saya dikirim", "berapa ongkir ke Bandung"),
    ("where is my parcel", "how can I pay for it"),
    ("makasih kak", "terima kasih ya kak"),
    ("ok", "ok"),
    ("hello", "Hello, good morning!"),
    ("", ""),
    ("🙏", "🙏🙏"),
    ("12345678", "12345678"),
    ("sudah dicek belum kak", "makasih sudah dicek"),
]


def turns(*texts: str) -> list[Turn]:
    return [Turn((text,), False) for text in texts]


@pytest.mark.parametrize(("first", "second"), SAID_AGAIN)
def test_what_is_nearly_the_same_is_a_repetition(first: str, second: str) -> None:
    assert list(repetitions(turns(first, second))) == [False, True]
    assert list(repetitions(turns(second, first))) == [False, True]


@pytest.mark.parametrize(("first", "second"), SOMETHING_ELSE)
def test_what_asks_for_something_else_is_none(first: str, second: str) -> None:
    assert list(repetitions(turns(first, second))) == [False, False]
    assert list(repetitions(turns(second, first))) == [False, False]


def test_a_turn_repeats_with_any_of_its_messages_any_earlier_turn() -> None:
    said = [
        Turn(("halo kak", "paket saya belum sampai"), False),
        Turn(("oke ditunggu kabarnya besok",), False),
        Turn(("permisi", "paket saya belum sampai", "gimana ini jadinya"), False),
    ]
    assert list(repetitions(said)) == [False, False, True]


def test_a_burst_does_not_repeat_itself() -> None:
    assert list(repetitions([Turn(("where is my parcel", "where is my parcel"), False)])) == [False]


def test_comprehension_is_the_share_of_turns_without_repetition_and_without_fallback() -> None:
    said = [
        Turn(("paket saya belum sampai",), False),
        Turn(("paket saya belum sampai",), False),
        Turn(("bisa bayar di tempat",), True),
        Turn(("bisa bayar di tempat",), True),
    ]
    assert comprehension(said) == 25
    assert comprehension(said[:1]) == 100
    assert comprehension(said[2:3]) == 0
    assert comprehension([]) is None


@given(st.lists(st.tuples(st.lists(st.text(max_size=60), max_size=3).map(tuple), st.booleans()), max_size=6))
def test_whatever_is_said_it_is_a_share_and_another_repetition_never_raises_it(
    said: list[tuple[tuple[str, ...], bool]],
) -> None:
    share = comprehension([Turn(*turn) for turn in said])
    if share is None:
        assert not said
        return
    assert 0 <= share <= 100
    again = comprehension([Turn(*turn) for turn in [*said, (said[0][0], True)]])
    assert again is not None
    assert again <= share
