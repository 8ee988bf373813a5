"""Rows of a file as answers to a survey, and why a row is none."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from sources.tabular import Column, Fault, clean_text, whole_numbers
from warehouse.i18n import N_, Text

ABOUT = ("gender", "age_band", "job", "customer_since")
COLUMNS = [
    Column("respondent", ("respondent_id", "responden", "id_responden", "nomor_responden")),
    Column("item", ("item_id", "kode_item", "kode", "butir")),
    Column("dimension", ("dimensi",)),
    Column("performance", ("kinerja", "kenyataan", "persepsi", "perception")),
    Column("expectation", ("harapan", "kepentingan", "importance")),
    Column("text", ("teks", "item_text", "pernyataan", "pertanyaan", "statement", "question"), is_required=False),
    Column("gender", ("jenis_kelamin", "sex"), is_required=False),
    Column("age_band", ("age", "usia", "umur", "kelompok_usia"), is_required=False),
    Column("job", ("pekerjaan", "occupation"), is_required=False),
    Column("customer_since", ("pelanggan_sejak", "lama_menjadi_pelanggan"), is_required=False),
]
WHOLE_WAVE = "all"
_LONGEST = {"respondent": 200, "item": 80, "dimension": 80}
_LONGEST_TEXT = 500
_BLANKS = {"", "-", "–", "—", "na", "n/a", "nan", "null", "none"}
_SPACES = re.compile(r"\s+")

NO_RESPONDENT = N_("The respondent is missing.")
NO_ITEM = N_("The item is missing.")
NO_DIMENSION = N_("The item's dimension is missing.")
TOO_LONG = N_("A name is too long: respondents have up to 200 characters, items and dimensions up to 80.")
RESERVED = N_("A dimension cannot be called all, which means the whole survey.")
BAD_PERFORMANCE = N_("The performance is not a whole number from 1 to 5.")
BAD_EXPECTATION = N_("The expectation is not a whole number from 1 to 5.")
NO_ANSWER = N_("Both answers are missing.")
OTHER_DIMENSION = N_("The item is in another dimension.")
DUPLICATE = N_("The respondent answered this item differently before in the file.")


class Answer(NamedTuple):
    """A row of a file; `performance` and `expectation` are 1 to 5 or None, one of them is not None."""

    line: int
    respondent: str
    item: str
    dimension: str
    performance: int | None
    expectation: int | None
    text: str
    about: tuple[str | None, ...]


class SetAside(NamedTuple):
    """A row that was not taken. `kind`: as in `raw.survey_rejections`."""

    line: int
    kind: str
    reason: Text


def answers_of(frame: pd.DataFrame) -> tuple[list[Answer], list[SetAside]]:
    """The answers in a frame with the columns of COLUMNS, indexed by line, and the rows that are none."""
    cells = {name: clean_text(frame[name]) for name in frame}
    empty = pd.Series("", index=frame.index, dtype=object)
    names = {name: cells[name].map(_one_spaced) for name in _LONGEST}
    scales = {}
    bad = {}
    for scale in ("performance", "expectation"):
        is_blank = cells[scale].str.casefold().isin(_BLANKS)
        numbers, is_none = whole_numbers(cells[scale], 1, 5)
        scales[scale] = [None if pd.isna(number) else int(number) for number in numbers]
        bad[scale] = is_none & ~is_blank
    is_long = pd.concat([names[name].str.len() > longest for name, longest in _LONGEST.items()], axis=1).any(axis=1)
    no_answer = pd.Series([answers == (None, None) for answers in zip(*scales.values(), strict=True)], frame.index)
    set_aside = _first_reasons(
        [
            (names["respondent"] == "", "no_name", NO_RESPONDENT),
            (names["item"] == "", "no_name", NO_ITEM),
            (names["dimension"] == "", "no_name", NO_DIMENSION),
            (is_long, "unreadable", TOO_LONG),
            (names["dimension"].str.casefold() == WHOLE_WAVE, "other_dimension", RESERVED),
            (bad["performance"], "out_of_scale", BAD_PERFORMANCE),
            (bad["expectation"], "out_of_scale", BAD_EXPECTATION),
            (no_answer, "no_answer", NO_ANSWER),
        ]
    )
    told = zip(*(cells.get(name, empty) for name in ABOUT), strict=True)
    rows = zip(
        (int(line) for line in frame.index),
        *names.values(),
        *scales.values(),
        cells.get("text", empty).str[:_LONGEST_TEXT],
        (tuple(_told(cell) for cell in person) for person in told),
        strict=True,
    )
    return [answer for answer in map(Answer._make, rows) if answer.line not in set_aside], list(set_aside.values())


def faults_of(faults: Iterable[Fault]) -> list[SetAside]:
    """Lines that are no row."""
    return [SetAside(fault.line, "unreadable", fault.reason) for fault in faults]


def _first_reasons(reasons: list[tuple[pd.Series, str, Text]]) -> dict[int, SetAside]:
    """The first reason of each row that has any, by line."""
    found: dict[int, SetAside] = {}
    for mask, kind, reason in reasons:
        for line in mask.index[mask.astype(bool)]:
            found.setdefault(int(line), SetAside(int(line), kind, reason))
    return found


def _one_spaced(name: str) -> str:
    return _SPACES.sub(" ", name)


def _told(cell: str) -> str | None:
    return None if cell.casefold() in _BLANKS else _one_spaced(cell)[:80]
