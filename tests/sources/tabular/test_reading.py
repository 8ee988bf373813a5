"""Files that people have are read row by row, whatever their encoding, separator and format, and no row is lost."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from sources.tabular import Table, Unreadable, open_table
from sources.tabular.reading import NOT_JSON, NOT_READABLE, QUOTES, TOO_NARROW, TOO_WIDE

EMOJI = "Mantap 👍🏽, adiknya “suka”"


def written(path: Path, content: str | bytes, encoding: str = "utf-8") -> Table:
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return open_table(path)


def rows_of(table: Table, size: int = 5_000) -> list[tuple[int, ...]]:
    return [(line, *cells) for chunk in table.chunks(size) for line, *cells in chunk.rows.itertuples()]


def faults_of(table: Table) -> list[tuple[int, str]]:
    return [(fault.line, fault.reason) for chunk in table.chunks() for fault in chunk.faults]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_recognised_with_and_without_a_byte_order_mark(tmp_path: Path, encoding: str) -> None:
    table = written(tmp_path / "a.csv", f'id,text\n1,"{EMOJI}"\n2,\n', encoding)
    assert table.header == ["id", "text"]
    assert rows_of(table) == [(2, "1", EMOJI), (3, "2", "")]


def test_windows_1252_is_recognised(tmp_path: Path) -> None:
    table = written(tmp_path / "a.csv", "id;text\r\n1;Déçu – cher: 5 €\r\n", "cp1252")
    assert rows_of(table) == [(2, "1", "Déçu – cher: 5 €")]


def test_one_broken_character_costs_one_row_and_not_the_encoding_of_the_file(tmp_path: Path) -> None:
    table = written(tmp_path / "a.csv", b"id,text\n1,\xe2\x98\x85\n2,caf\xe9\n3,\xc3\xa9\n")
    assert rows_of(table) == [(2, "1", "★"), (4, "3", "é")]
    assert faults_of(table) == [(3, NOT_READABLE)]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_are_recognised_among_others_in_the_texts(tmp_path: Path, separator: str) -> None:
    text = "a, b; c | d"
    table = written(tmp_path / "a.csv", separator.join(["id", "text"]) + f'\n1{separator}"{text}"\n')
    assert (table.separator, rows_of(table)) == (separator, [(2, "1", text)])


def test_a_line_that_only_names_the_separator_is_no_row(tmp_path: Path) -> None:
    table = written(tmp_path / "a.csv", "sep=;\r\nid;text\r\n1;a,b\r\n")
    assert rows_of(table) == [(3, "1", "a,b")]


def test_rows_have_the_number_of_their_first_line_in_spite_of_quoted_line_ends_and_empty_lines(tmp_path: Path) -> None:
    table = written(tmp_path / "a.csv", 'id,text\n1,"a\nb\r\nc"\n\n2,"say ""hi"""\n')
    assert rows_of(table) == [(2, "1", "a\nb\r\nc"), (6, "2", 'say "hi"')]


def test_a_missing_quotation_mark_costs_only_its_row(tmp_path: Path) -> None:
    table = written(tmp_path / "a.csv", 'id,text\n1,"open\n2,"fine"\n3,plain\n4,"never closed\n5,last\n')
    assert rows_of(table) == [(3, "2", "fine"), (4, "3", "plain"), (6, "5", "last")]
    assert faults_of(table) == [(2, QUOTES), (5, QUOTES)]


def test_rows_of_another_width_are_faults_with_their_text(tmp_path: Path) -> None:
    table = written(tmp_path / "a.csv", "id,text\n1,a,b\n2\n3,c,,\n")
    assert rows_of(table) == [(4, "3", "c")]
    assert [fault for chunk in table.chunks() for fault in chunk.faults] == [
        (2, TOO_WIDE, "1 | a | b"),
        (3, TOO_NARROW, "2"),
    ]


def test_a_cell_may_be_long_and_may_hold_nul(tmp_path: Path) -> None:
    long = "panjang " * 20_000
    assert rows_of(written(tmp_path / "a.csv", f"id,text\n1,{long}\n2,a\0b\n")) == [(2, "1", long), (3, "2", "a\0b")]


def test_a_file_without_names_of_columns_has_numbered_ones(tmp_path: Path) -> None:
    table = written(tmp_path / "a.csv", "a1,5,bagus,2025-01-31\na2,4,oke,2025-02-01\n")
    assert table.header == ["1", "2", "3", "4"]
    assert [row[0] for row in rows_of(table)] == [1, 2]


def test_columns_of_one_name_are_told_apart(tmp_path: Path) -> None:
    assert written(tmp_path / "a.csv", "id,text,text,\na,b,c,\n").header == ["id", "text", "text (2)"]


def test_json_lines_may_have_keys_that_come_late_and_lines_that_are_no_objects(tmp_path: Path) -> None:
    lines = [json.dumps({"id": 1, "rating": 4.0}), "", "{broken", "[1]", json.dumps({"id": "b", "text": EMOJI})]
    table = written(tmp_path / "a.txt", "\n".join(lines))
    assert table.header == ["id", "rating", "text"]
    assert rows_of(table) == [(1, "1", "4", ""), (5, "b", "", EMOJI)]
    assert faults_of(table) == [(3, NOT_JSON), (4, NOT_JSON)]


def test_half_a_pair_in_json_is_a_fault(tmp_path: Path) -> None:
    table = written(tmp_path / "a.jsonl", '{"id": "a"}\n{"id": "\\ud83d"}\n')
    assert (rows_of(table), faults_of(table)) == ([(1, "a")], [(2, NOT_READABLE)])


def test_the_first_sheet_of_a_workbook_is_read_with_its_numbers_and_dates(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet
    at = datetime(2025, 1, 31, 10, 30)  # noqa: DTZ001 - sheets have no time zones
    for row in (["id", "rating", "at", "text"], [], [7, 5.0, at, EMOJI], ["x", None]):
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    table = open_table(tmp_path / "a.xlsx")
    assert rows_of(table) == [(3, "7", "5", "2025-01-31T10:30:00", EMOJI), (4, "x", "", "", "")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b" \n", "empty"),
        (b'[{"id": 1}]', "JSON Lines"),
        (b"%PDF-1.7", "CSV"),
        (b"PK\x03\x04 no archive", "damaged"),
        (b"{broken", "JSON"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        written(tmp_path / "a", content)


def test_rows_come_in_chunks_with_their_lines(tmp_path: Path) -> None:
    table = written(tmp_path / "a.csv", "id\n" + "\n".join(f"a{number}" for number in range(1, 12)))
    assert [len(chunk.rows) for chunk in table.chunks(5)] == [5, 5, 1]
    assert rows_of(table, 5) == [(number + 1, f"a{number}") for number in range(1, 12)]


def test_a_cell_longer_than_pythons_usual_limit_is_read_in_any_process() -> None:
    # The limit is the process's, and another module may have set it.
    import csv

    assert csv.field_size_limit() == sys.maxsize
