"""`python -m sources.surveys import`: files of answers as people have them, into a wave."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from sources.surveys.__main__ import main
from warehouse.settings import Settings

HEADER = "respondent,item,dimension,performance,expectation"
FILE = f"""{HEADER},text,gender,age_band,job,customer_since
R1,EFF1,efficiency,4,5,Cepat dibuka,perempuan,18–24,mahasiswa,2024
R1,FUL1,fulfilment,3,4,Barang sesuai,,,,
R2,EFF1,efficiency,5,,Cepat dibuka,laki-laki,25–34,,2023
"""
ANSWERS = "select respondent, item, dimension, performance, expectation from raw.survey_answers order by 1, 2"
Query = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def run(settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., dict[str, Any]]:
    """Imports a file with this content into the wave "2026-1"; what the command says."""

    def importing(content: str | bytes, *options: str, name: str = "jawaban.csv") -> dict[str, Any]:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        assert main(["import", "2026-1", str(path), *options]) == 0
        said = capsys.readouterr()
        told = [line for line in said.err.splitlines() if line.startswith(name)]
        return {**json.loads(said.out), "told": told}

    return importing


def test_a_file_creates_its_wave_items_people_and_answers(run: Callable[..., dict[str, Any]], query: Query) -> None:
    said = run(FILE)
    assert {name: said[name] for name in ("store", "wave", "rows", "respondents", "items", "new", "set_aside")} == {
        "store": "default", "wave": "2026-1", "rows": 3, "respondents": 2, "items": 2, "new": 3, "set_aside": {},
    }  # fmt: skip
    assert query("select title_id, title_en, state from app.survey_waves") == [("2026-1", "2026-1", "closed")]
    assert query("select item, position, dimension, text_id, text_en from app.survey_items order by 2") == [
        ("EFF1", 1, "efficiency", "Cepat dibuka", "Cepat dibuka"),
        ("FUL1", 2, "fulfilment", "Barang sesuai", "Barang sesuai"),
    ]
    columns = "respondent, source, gender, age_band, job, customer_since"
    assert query(f"select {columns} from raw.survey_respondents order by 1") == [
        ("R1", "file", "perempuan", "18–24", "mahasiswa", "2024"),
        ("R2", "file", "laki-laki", "25–34", None, "2023"),
    ]
    assert query(ANSWERS) == [
        ("R1", "EFF1", "efficiency", 4, 5),
        ("R1", "FUL1", "fulfilment", 3, 4),
        ("R2", "EFF1", "efficiency", 5, None),
    ]


def test_importing_again_changes_nothing_and_a_corrected_file_updates(
    run: Callable[..., dict[str, Any]], query: Query
) -> None:
    everything = "select * from raw.survey_answers, raw.survey_respondents, app.survey_items, raw.survey_rejections"
    bad = "R3,EFF1,efficiency,6,5,,,,,\n"
    run(FILE + bad)
    before = query(f"{everything} order by 1, 2, 3, 4, 14, 30")
    again = run(FILE + bad)
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 3)
    assert query(f"{everything} order by 1, 2, 3, 4, 14, 30") == before

    corrected = run(FILE.replace("efficiency,5,,", "efficiency,2,3,") + bad.replace("6", "1"))
    assert (corrected["new"], corrected["changed"], corrected["unchanged"]) == (1, 1, 2)
    assert query(ANSWERS)[2:] == [("R2", "EFF1", "efficiency", 2, 3), ("R3", "EFF1", "efficiency", 1, 5)]
    assert query("select * from raw.survey_rejections") == [], "the line has been corrected"

    run(f"{HEADER}\nR1,COM1,compensation,2,2\nR1,EFF1,Efficiency,,3\n", name="more.csv")
    assert query("select position from app.survey_items where item = 'COM1'") == [(3,)]
    assert query(ANSWERS)[:2] == [("R1", "COM1", "compensation", 2, 2), ("R1", "EFF1", "efficiency", None, 3)]
    assert query("select gender from raw.survey_respondents where respondent = 'R1'") == [("perempuan",)]


@pytest.mark.parametrize(
    ("row", "kind", "reason"),
    [
        ("R9,EFF1,efficiency,6,5", "out_of_scale", "The performance is not a whole number from 1 to 5."),
        ("R9,EFF1,efficiency,0,5", "out_of_scale", "The performance is not a whole number from 1 to 5."),
        ("R9,EFF1,efficiency,4,Sangat puas", "out_of_scale", "The expectation is not a whole number from 1 to 5."),
        ('R9,EFF1,efficiency,"3,5",5', "out_of_scale", "The performance is not a whole number from 1 to 5."),
        ("R9,EFF1,efficiency,-,", "no_answer", "Both answers are missing."),
        (",EFF1,efficiency,4,5", "no_name", "The respondent is missing."),
        ("R9,,efficiency,4,5", "no_name", "The item is missing."),
        ("R9,EFF1,,4,5", "no_name", "The item's dimension is missing."),
        ("R9,EFF1,fulfilment,4,5", "other_dimension", "The item is in another dimension."),
        ("R9,ALL1,All,4,5", "other_dimension", "A dimension cannot be called all, which means the whole survey."),
        ("R1,EFF1,efficiency,1,1", "duplicate", "The respondent answered this item differently before in the file."),
        (f"{'R' * 201},EFF1,efficiency,4,5", "unreadable", "A name is too long"),
        ("R9,EFF1,efficiency", "unreadable", "This row has fewer columns than the first one."),
    ],
)
def test_a_bad_row_is_set_aside_with_its_line_and_the_reason(
    run: Callable[..., dict[str, Any]], query: Query, row: str, kind: str, reason: str
) -> None:
    said = run(f"{HEADER}\nR1,EFF1,efficiency,4,5\n\n{row}\nR2,EFF1,efficiency,4,5\n")
    assert said["set_aside"] == {kind: 1}
    assert [line for line in said["told"] if line.startswith(f"jawaban.csv, line 4: {reason}")] == said["told"]
    ((file, line, stored, why),) = query("select file, line, kind, reason from raw.survey_rejections")
    assert (file, line, stored, why.startswith(reason)) == ("jawaban.csv", 4, kind, True)
    assert query(ANSWERS) == [("R1", "EFF1", "efficiency", 4, 5), ("R2", "EFF1", "efficiency", 4, 5)]


def test_a_repeated_row_is_one_answer(run: Callable[..., dict[str, Any]], query: Query) -> None:
    said = run(f"{HEADER}\nR1,EFF1,efficiency,4,5\nR1,EFF1,efficiency,4,5\n")
    assert (said["new"], said["set_aside"]) == (1, {})
    assert query(ANSWERS) == [("R1", "EFF1", "efficiency", 4, 5)]


def test_files_come_from_excel_with_other_separators_and_words(
    run: Callable[..., dict[str, Any]], query: Query
) -> None:
    rows = "﻿Responden;Item;Dimensi;Kinerja;Harapan\r\n 7 ;EFF1; efficiency ;4,0;5,00\r\n8;EFF1;efficiency;N/A;3\r\n"
    assert run(rows)["set_aside"] == {}
    assert query(ANSWERS) == [("7", "EFF1", "efficiency", 4, 5), ("8", "EFF1", "efficiency", None, 3)]


def test_a_spreadsheet_and_json_lines_give_the_same_as_a_csv(
    run: Callable[..., dict[str, Any]], query: Query, tmp_path: Path
) -> None:
    book = Workbook()
    for cells in (HEADER.split(","), [7, "EFF1", "efficiency", 4.0, 5], [8, "EFF1", "efficiency", None, 3.0]):
        book.active.append(cells)
    book.save(tmp_path / "made.xlsx")
    run((tmp_path / "made.xlsx").read_bytes(), name="jawaban.xlsx")
    expected = [("7", "EFF1", "efficiency", 4, 5), ("8", "EFF1", "efficiency", None, 3)]
    assert query(ANSWERS) == expected
    objects = [dict(zip(HEADER.split(","), row, strict=True)) for row in expected]
    said = run("\n".join(map(json.dumps, objects)), name="jawaban.jsonl")
    assert (said["unchanged"], said["set_aside"]) == (2, {})


def test_an_existing_wave_keeps_its_state_title_and_texts(run: Callable[..., dict[str, Any]], query: Query) -> None:
    query("insert into app.survey_waves (store_id, wave, title_id, title_en, state) values (%s, %s, 'S', 'S', 'open')",
          "default", "2026-1")  # fmt: skip
    query("insert into app.survey_items values ('default', '2026-1', 'EFF1', 4, 'Speed', 'Cepat', 'Fast')")
    said = run(FILE)
    assert said["set_aside"] == {"other_dimension": 2}
    assert query("select title_id, state from app.survey_waves") == [("S", "open")]
    assert query("select item, position, text_en from app.survey_items order by 2") == [
        ("EFF1", 4, "Fast"),
        ("FUL1", 5, "Barang sesuai"),
    ]


def test_waves_and_shops_do_not_touch_each_other(run: Callable[..., dict[str, Any]], query: Query) -> None:
    run(FILE)
    said = run(FILE.replace(",4,5,", ",1,1,"), "--store", "lain")
    assert (said["store"], said["new"]) == ("lain", 3)
    assert query("select count(*), sum(performance) from raw.survey_answers where store_id = 'default'") == [(3, 12)]


@pytest.mark.parametrize(
    ("content", "wave", "why"),
    [
        ("", "w", "The file is empty."),
        ("respondent,item\nR1,EFF1\n", "w", "dimension, performance, expectation"),
        (FILE, " ", "must not be empty"),
    ],
)
def test_a_file_that_is_no_table_of_answers_is_refused(
    settings: Settings,
    query: Query,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: str,
    wave: str,
    why: str,
) -> None:
    (tmp_path / "x.csv").write_text(content)
    assert main(["import", wave, str(tmp_path / "x.csv")]) == 2
    assert why in capsys.readouterr().err
    assert main(["import", "w", str(tmp_path / "missing.csv")]) == 2
    assert query("select * from app.survey_waves") == []
