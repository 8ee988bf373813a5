"""However a value is written, in either language, it is the same value; other values stay other ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.statements.lexicon import with_phrases
from ml.statements.values import Value, extract


def read(text: str) -> list[Value]:
    return extract(with_phrases(text.lower())).values


def only(text: str) -> Value:
    [value] = read(text)
    return value


@pytest.mark.parametrize(
    "ways",
    [
        ["14.00 WIB", "jam 2 siang", "2 pm", "14:00", "pukul 14.00", "2 p.m."],
        ["Rp185.000", "185 ribu", "185rb", "185k", "IDR 185,000", "185.000 rupiah", "Rp 185 ribu"],
        ["seminggu", "1 minggu", "7 days", "satu minggu", "a week", "seven days", "tujuh hari"],
        ["1 kg", "1000 gram", "1.000 gr", "sekilo", "one kilogram"],
        ["10%", "10 persen", "ten percent"],
        ["24 jam", "one day", "24 hours", "1x24 jam"],
        ["12 bulan", "one year", "365 days"],
        ["Rp1,5 juta", "Rp1.500.000", "1.5 million"],
        ["25 Desember", "December 25", "25/12/2026", "25th of December"],
        ["0812-3456-7890", "+62 812 3456 7890"],
        ["jam 12 malam", "24.00 WIB", "12 am"],
        ["jam 15.30", "setengah 4 sore", "half past three pm", "jam setengah empat sore"],
        ["30 menit", "setengah jam", "half an hour", "0,5 jam"],
        ["2 hari", "H-2"],
        ["14 inch", "14 inci", "35,56 cm"],
        ["jam 12 siang", "noon", "tengah hari"],
        ["toko@selasar.example", "toko@selasar.example."],
    ],
)
def test_ways_to_write_one_value_are_equal(ways: list[str]) -> None:
    first = only(ways[0])
    assert [way for way in ways if not only(way).equals(first)] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("7 hari", "7 jam"), ("7 days", "7 weeks"), ("jam 2 siang", "jam 3 siang"), ("2 jam", "jam 2"),
        ("Rp185.000", "Rp158.000"),
        ("10 persen", "10 kg"), ("Rp18.500", "185 ribu"), ("25 Desember", "25 November"), ("KENARI10", "KENARI20"),
        ("9 am", "9 pm"), ("0,3 persen", "3 persen"), ("Rp250.000", "Rp252.000"), ("1200 gram", "1210 gram"),
        ("1500", "1510"),
    ],
)  # fmt: skip
def test_other_values_are_not_equal(one: str, other: str) -> None:
    assert not only(one).equals(only(other))


@pytest.mark.parametrize(
    "text", ["3–5 hari", "3 sampai 5 hari", "3 to 5 days", "three to five days", "tiga hingga lima hari"]
)
def test_both_ends_of_a_range_have_its_unit(text: str) -> None:
    assert [(value.kind, value.amounts, value.ends) for value in read(text)] == [
        ("duration", frozenset({72.0}), (72.0, 120.0)), ("duration", frozenset({120.0}), (72.0, 120.0)),
    ]  # fmt: skip


def test_hours_of_opening_are_times() -> None:
    assert [value.amounts for value in read("jam 9 pagi sampai jam 6 sore")] == [{9.0}, {18.0}]
    assert [value.amounts for value in read("08.00–17.00")] == [{8.0}, {17.0}]


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("paling lama 3 hari", "upper"), ("tidak lebih dari 3 hari", "upper"), ("up to 3 days", "upper"),
        ("setelah 3 hari", "lower"), ("minimal 3 hari", "lower"), ("3 hari", None), ("300 ribu ke atas", "lower"),
    ],
)  # fmt: skip
def test_a_limit_is_read_with_its_value(text: str, bound: str | None) -> None:
    assert only(text).bound == bound


@given(st.integers(min_value=1, max_value=9_999))
def test_thousands_of_rupiah_are_one_sum_in_every_spelling(thousands: int) -> None:
    grouped = f"{thousands * 1000:,}"
    ways = [f"Rp{grouped.replace(',', '.')}", f"IDR {grouped}", f"{thousands}rb", f"{thousands} ribu", f"{thousands}k"]
    assert {value for way in ways for value in only(way).amounts} == {thousands * 1000}


@given(st.integers(min_value=1, max_value=11), st.sampled_from([0, 15, 30, 45]))
def test_a_time_of_the_afternoon_is_one_time_in_every_spelling(hour: int, minute: int) -> None:
    ways = [f"{hour}:{minute:02} pm", f"{hour + 12}:{minute:02}", f"pukul {hour + 12}.{minute:02}"]
    assert {value for way in ways for value in only(way).amounts} == {hour + 12 + minute / 60}


@given(st.integers(min_value=2, max_value=400), st.sampled_from([("hari", "days"), ("jam", "hours"), ("kg", "kilos")]))
def test_units_are_equal_across_languages(number: int, unit: tuple[str, str]) -> None:
    assert only(f"{number} {unit[0]}").equals(only(f"{number} {unit[1]}"))


@given(st.text(max_size=200) | st.text("\ue000\ue009\uf8ff\U000f0000 1.9@a~-", max_size=200))
def test_any_text_is_read(text: str) -> None:
    assert all(value.amounts for value in read(text))


def test_more_values_than_a_block_of_characters_are_told_apart() -> None:
    masked = extract(" kata ".join(map(str, range(10, 8_010))))
    assert [value.amounts for value in masked.among(masked.text)] == [{float(number)} for number in range(10, 8_010)]


@pytest.mark.parametrize("part", ["a-", "a@", "1.", "9", "www", "1 "])
def test_a_long_text_without_an_end_is_read(part: str) -> None:
    """By a pattern that tries every beginning, it would take hours."""
    read(part * (100_000 // len(part)))
