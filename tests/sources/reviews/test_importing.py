"""The command imports whatever file people have, changes nothing twice, and says which rows it could not import."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook

from sources.reviews.__main__ import main
from tests.support.synced_shops import one, rows
from warehouse.connection import transaction
from warehouse.settings import Settings

HEADER = "id,rating,text,created_at"
CURRENT = "select review_id, version, rating, text from raw.current_reviews order by 1"
Run = Callable[..., dict[str, object]]


@pytest.fixture
def run(settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Imports lines or bytes as a file; returns what the command printed."""

    def imported(content: Sequence[str] | bytes, *options: str, name: str = "ulasan.csv") -> dict[str, object]:
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else "\n".join(content).encode())
        assert main(["import", str(file), *options]) == 0, capsys.readouterr().err
        found: dict[str, object] = json.loads(capsys.readouterr().out)
        return found

    return imported


def test_reviews_land_with_what_the_file_says(settings: Settings, run: Run) -> None:
    told = run(
        [f"{HEADER},author,product,language", 'a,5,"Mantap 👍, cepat",2025-01-31 10:30,Siti,Kopi,id'],
        *("--store", "toko", "--source", "marketplace"),
    )
    assert told == {
        "store": "toko", "source": "marketplace", "rows": 1, "new": 1, "changed": 0, "unchanged": 0, "older": 0,
        "set_aside": {},
    }  # fmt: skip
    landed = (
        "select store_id, source, review_id, version, rating, text, author, product, language,"
        " created_at at time zone 'utc' from raw.reviews"
    )
    [row] = rows(settings, landed)
    assert row[:9] == ("toko", "marketplace", "a", 1, 5, "Mantap 👍, cepat", "Siti", "Kopi", "id")
    assert str(row[9]) == "2025-01-31 03:30:00"


def test_cells_that_are_not_filled_are_null(settings: Settings, run: Run) -> None:
    run([f"{HEADER},author,product", "a,5,x,2025-01-01,Siti,Kopi", "b,5,x,2025-01-01,,"])
    assert rows(settings, "select author, product from raw.reviews order by review_id") == [
        ("Siti", "Kopi"),
        (None, None),
    ]


def test_times_without_an_offset_are_those_of_the_shops_zone(settings: Settings, run: Run) -> None:
    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute("insert into app.stores (store_id, timezone) values ('timur', 'Asia/Jayapura')")
    run([HEADER, "a,5,x,2025-01-31 10:30", "b,5,x,2025-01-31T10:30:00Z"], "--store", "timur")
    times = rows(
        settings, "select to_char(created_at at time zone 'utc', 'HH24:MI') from raw.reviews order by review_id"
    )
    assert times == [("01:30",), ("10:30",)]


def test_importing_again_changes_nothing_whatever_the_file_is_called(settings: Settings, run: Run) -> None:
    lines = [HEADER, *(f"r{number},{1 + number % 5},Teks {number},2025-01-01" for number in range(30))]
    assert run(lines)["new"] == 30
    before = rows(settings, "select * from raw.reviews order by review_id")
    assert run(lines, name="other.csv")["unchanged"] == 30
    assert rows(settings, "select * from raw.reviews order by review_id") == before


def test_an_edited_text_or_rating_is_a_new_version(settings: Settings, run: Run) -> None:
    run([HEADER, "a,5,bagus,2025-01-01", "b,5,bagus,2025-01-01", "c,5,bagus,2025-01-01"])
    told = run([HEADER, "a,2,bagus,2025-01-02", "b,5,jelek,2025-01-01", "c,5,bagus,2025-01-03"])
    assert (told["changed"], told["unchanged"]) == (2, 1)
    assert rows(settings, CURRENT) == [("a", 2, 2, "bagus"), ("b", 2, 5, "jelek"), ("c", 1, 5, "bagus")]
    assert one(settings, "select text from raw.reviews where review_id = 'b' and version = 1") == "bagus"


VERSIONS = ("a,5,baru,2025-03-01", "a,3,tengah,2025-02-01", "a,1,awal,2025-01-01")


@pytest.mark.parametrize("order", itertools.permutations(VERSIONS))
def test_the_newest_version_is_current_in_any_order(settings: Settings, run: Run, order: Sequence[str]) -> None:
    for line in (*order, *order):
        run([HEADER, line])
    assert [row[2:] for row in rows(settings, CURRENT)] == [(5, "baru")]
    run([HEADER, *order])
    assert [row[2:] for row in rows(settings, CURRENT)] == [(5, "baru")]


def test_an_older_file_without_times_of_edits_undoes_no_edit(settings: Settings, run: Run) -> None:
    run([HEADER, "a,5,awal,2025-01-01"])
    run([HEADER, "a,1,diubah,2025-01-01"])
    assert run([HEADER, "a,5,awal,2025-01-01"])["older"] == 1
    assert rows(settings, CURRENT) == [("a", 2, 1, "diubah")]


def test_of_one_id_in_a_file_each_version_lands_and_the_last_is_current(settings: Settings, run: Run) -> None:
    lines = [HEADER, "a,5,satu,2025-01-01", "b,4,x,2025-01-01", "a,4,dua,2025-01-01", "a,3,tiga,2025-01-02"]
    told = run(lines)
    assert (told["new"], told["changed"]) == (2, 2)
    assert rows(settings, CURRENT) == [("a", 3, 3, "tiga"), ("b", 1, 4, "x")]
    assert run(lines)["changed"] == 0


def test_reviews_of_other_shops_and_sources_have_ids_of_their_own(settings: Settings, run: Run) -> None:
    for options in (["--store", "a"], ["--store", "b"], ["--store", "a", "--source", "play"]):
        assert run([HEADER, "1,5,x,2025-01-01"], *options)["new"] == 1


BAD = {
    ",5,tanpa id,2025-01-01": "The id is missing.",
    f"{'x' * 201},5,id panjang,2025-01-01": "The id is longer than 200 characters.",
    "a,,tanpa nilai,2025-01-01": "The rating is missing.",
    "a,6,nilai,2025-01-01": "The rating is not a whole number from 1 to 5.",
    "a,4.5,nilai,2025-01-01": "The rating is not a whole number from 1 to 5.",
    "a,5,tanpa tanggal,": "The date is missing.",
    "a,5,tanggal,kemarin": "The date cannot be read.",
    "a,5,tanggal,2199-01-01": "The date lies in the future.",
    "a,5,koma, lebih,2025-01-01": "This row has more columns than the first one.",
    "a,5": "This row has fewer columns than the first one.",
    'a,5,"kutip,2025-01-01': "The quotation marks of this row do not match.",
}


def test_rows_that_are_no_reviews_are_set_aside_with_file_line_and_reason(settings: Settings, run: Run) -> None:
    told = run([HEADER, *BAD, "good,5,terakhir,2025-01-01"])
    assert (told["rows"], told["new"], sum(told["set_aside"].values())) == (len(BAD) + 1, 1, len(BAD))  # type: ignore[attr-defined]
    kept = (
        "select payload ->> 'file', (payload ->> 'line')::int, reason, payload ->> 'row' from raw.rejected order by 2"
    )
    found = rows(settings, kept)
    assert [row[:3] for row in found] == [("ulasan.csv", line, reason) for line, reason in enumerate(BAD.values(), 2)]
    assert found[2][3] == "a |  | tanpa nilai | 2025-01-01"


def test_rows_set_aside_are_kept_once_for_each_file_and_settled_by_an_import_that_can_read_them(
    settings: Settings, run: Run
) -> None:
    lines = ["id,rating,stars,text,created_at", "a,buruk,5,x,2025-01-01"]
    open_ones = "select count(*) from raw.rejected where resolved_at is null"
    run(lines)
    run(lines)
    assert one(settings, open_ones) == 1
    # Another file of the same name takes nothing away.
    run([*lines, "b,?,5,x,2025-01-01"])
    assert one(settings, open_ones) == 3
    assert run(lines, "--columns", "id=id,rating=stars,text=text,created_at=created_at")["new"] == 1
    assert one(settings, open_ones) == 2


MESSY = [
    ("a", "5/5", "31/01/2025", "Oke; tapi “mahal”"),
    ("b", "★★★★☆", "31 Januari 2025", "baris\nkedua"),
    ("c", "4.0", "2025-01-31T10:00:00+07:00", "emoji 😀👍🏽"),
    ("d", "3 bintang", "1738319400", "nol\0nol"),
    ("e", "⭐", "Jan 31, 2025", "panjang " * 7_500),
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_ratings_and_dates_in_every_writing_land_from_any_encoding(settings: Settings, run: Run, encoding: str) -> None:
    lines = ["Review ID;Bintang;Ulasan;Tanggal", *(f'{i};{r};"{text}";{at}' for i, r, at, text in MESSY)]
    assert run("\r\n".join(lines).encode(encoding))["set_aside"] == {}
    found = rows(settings, CURRENT)
    assert [row[2] for row in found] == [5, 4, 4, 3, 1]
    assert [row[3] for row in found[:4]] == ["Oke; tapi “mahal”", "baris\nkedua", "emoji 😀👍🏽", "nolnol"]
    assert len(found[4][3]) == len(MESSY[4][3].strip())
    assert one(settings, "select count(distinct created_at at time zone 'Asia/Jakarta') from raw.reviews") == 3


def test_a_windows_1252_file_lands(settings: Settings, run: Run) -> None:
    run(f"{HEADER}\r\na,5,Déjà vu – “oke” 5€,2025-01-01\r\n".encode("cp1252"))
    assert rows(settings, CURRENT)[0][3] == "Déjà vu – “oke” 5€"


def test_json_lines_and_workbooks_land(settings: Settings, run: Run, tmp_path: Path) -> None:
    review = {"id": 7, "rating": 4.0, "text": "Bagus\nsekali", "created_at": "2025-01-01T00:00:00Z", "reply": None}
    assert run([json.dumps(review), "{broken"], name="a.jsonl")["new"] == 1
    book = Workbook()
    assert book.active
    for row in (HEADER.split(","), [7, 4, "Bagus\nsekali", "2025-01-01T00:00:00Z"], [8, 5, None, "2025-01-01"]):
        book.active.append(row)
    book.save(tmp_path / "b.xlsx")
    told = run((tmp_path / "b.xlsx").read_bytes(), name="b.xlsx")
    assert (told["unchanged"], told["new"]) == (1, 1)
    assert rows(settings, CURRENT) == [("7", 1, 4, "Bagus\nsekali"), ("8", 1, 5, "")]


def test_many_rows_land_in_chunks(settings: Settings, run: Run) -> None:
    lines = [HEADER, *(f"r{number},{1 + number % 5},Teks {number},2025-01-01" for number in range(12_001))]
    assert run(lines)["new"] == 12_001
    assert one(settings, "select count(*) from raw.current_reviews") == 12_001


@pytest.mark.parametrize(
    ("content", "options", "words"),
    [
        ("", [], "empty"),
        ("a,b\n1,x\n", [], "rating, text, created_at"),
        ("id,stars,bintang,text,created_at\na,5,5,x,2025-01-01", [], "rating"),
        (f"{HEADER}\na,5,x,2025-01-01", ["--columns", "id=nomor"], "id=nomor"),
        (f"{HEADER}\na,5,x,2025-01-01", ["--source", " "], "source"),
    ],
)
def test_what_cannot_be_imported_is_refused_with_the_reason_and_no_content(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, options: list[str], words: str
) -> None:
    file = tmp_path / "a.csv"
    file.write_text(content)
    assert main(["import", str(file), *options]) == 2
    assert words in capsys.readouterr().err
    assert rows(settings, "select * from raw.reviews") == []


def test_a_file_that_is_not_there_is_told(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", str(tmp_path / "none.csv")]) == 2
    assert "none.csv" in capsys.readouterr().err


def test_neither_logs_nor_messages_hold_names_or_texts(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.csv"
    file.write_text(f"{HEADER},author\na,5,rahasia besar,2025-01-01,Siti Aminah\nb,9,rahasia lain,2025-01-01,Budi\n")
    assert main(["import", str(file)]) == 0
    said = "".join(capsys.readouterr())
    assert not any(word in said for word in ("rahasia", "Siti", "Budi"))
