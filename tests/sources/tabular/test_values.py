"""Ratings and times are read as people write them, and what is neither is told."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import pytest

from sources.tabular import clean_text, day_comes_first, times, whole_numbers


@pytest.mark.parametrize(
    ("cell", "rating"),
    [
        ("5", 5), (" 4 ", 4), ("4.0", 4), ("3,0", 3), ("5/5", 5), ("2 / 5", 2), ("4 of 5", 4), ("3 dari 5", 3),
        ("★★★★★", 5), ("★★☆☆☆", 2), ("⭐⭐⭐", 3), ("⭐️⭐️⭐️⭐️", 4), ("5 stars", 5), ("1 bintang", 1), ("1 Star", 1),
        ("", None), ("0", None), ("6", None), ("4.5", None), ("8/10", None), ("-1", None), ("☆☆☆", None),
        ("★ bagus", None), ("NaN", None), ("٥", 5), ("five", None), ("★★★★★★", None),
    ],
)  # fmt: skip
def test_ratings(cell: str, rating: int | None) -> None:
    values, bad = whole_numbers(pd.Series([cell]), 1, 5)
    assert (None if bad[0] else values[0]) == rating


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("cell", "time"),
    [
        ("2025-01-31", at(2025, 1, 30, 17)),
        ("2025-01-31 10:30", at(2025, 1, 31, 3, 30)),
        ("2025-01-31T10:30:00Z", at(2025, 1, 31, 10, 30)),
        ("2025-01-31T10:30:00.123+09:00", at(2025, 1, 31, 1, 30, 0, 123000)),
        ("2025-01-31 10:30:00 +0700", at(2025, 1, 31, 3, 30)),
        ("2025/03/01 00:00", at(2025, 2, 28, 17)),
        ("31/01/2025 10.30", at(2025, 1, 31, 3, 30)),
        ("01-02-2025", at(2025, 1, 31, 17)),
        ("1.2.25", at(2025, 1, 31, 17)),
        ("31 Januari 2025 pukul 10:30", at(2025, 1, 31, 3, 30)),
        ("5 Mei 2025", at(2025, 5, 4, 17)),
        ("Jan 31, 2025 10:30 PM", at(2025, 1, 31, 15, 30)),
        ("Jumat, 31 Agu 2025 10:30 WITA", at(2025, 8, 31, 2, 30)),
        ("1738319400", at(2025, 1, 31, 10, 30)),
        ("1738319400000", at(2025, 1, 31, 10, 30)),
        ("", None), ("5", None), ("10:30", None), ("besok", None), ("31 Januari", None), ("2025-02-30", None),
        ("02/31/2025", None), ("0001-01-01", None), ("99999999999999", None), ("2025-01-31 10:30 XYZ", None),
    ],
)  # fmt: skip
def test_times_without_an_offset_are_the_shops(cell: str, time: datetime | None) -> None:
    values, bad = times(pd.Series([cell]), "Asia/Jakarta")
    assert (None if bad[0] else values[0]) == time


def test_dates_begin_with_the_month_if_more_of_them_can_only_begin_with_it() -> None:
    american = pd.Series(["01/02/2025", "01/31/2025", "12/25/2024 10:00"])
    assert not day_comes_first(american)
    values, _ = times(american, "UTC", day_comes_first(american))
    assert values[0] == at(2025, 1, 2)
    assert day_comes_first(pd.Series(["01/02/2025", "2025-01-31", ""]))


def test_text_has_no_control_characters_but_its_line_ends() -> None:
    assert list(clean_text(pd.Series([" a\0b\x07\r\nc\td\rE👍 "]))) == ["ab\nc\td\nE👍"]
