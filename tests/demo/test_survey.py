"""The made-up shop's survey."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from demo.survey import WAVES, write


@pytest.mark.parametrize("wave", WAVES)
def test_a_wave_has_its_respondents_each_with_one_answer_per_item(tmp_path: Path, wave: str) -> None:
    respondents = write(tmp_path / "wave.csv", wave)
    rows = list(csv.DictReader((tmp_path / "wave.csv").open()))
    assert len({row["respondent"] for row in rows}) == respondents == WAVES[wave][0]
    assert len({(row["respondent"], row["item"]) for row in rows}) == len(rows) == respondents * 16
    assert {row["performance"] for row in rows} == {"", "1", "2", "3", "4", "5"}


def test_a_wave_is_the_same_each_time(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write(tmp_path / name, "2026-2")
    assert (tmp_path / "one").read_text() == (tmp_path / "two").read_text()
