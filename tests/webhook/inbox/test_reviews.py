"""Reviews are uploaded in the inbox: columns are confirmed, the worker imports, bad rows can be downloaded."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from bot import review_uploads
from tests.support.people import Person
from warehouse.settings import Settings

FILE = """Nomor Ulasan;Nilai;Isi;Tanggal
a;5/5;"Bagus; cepat";31/01/2025
b;★★;Lambat;01/02/2025
c;;=HYPERLINK(1);01/02/2025
"""
COLUMNS = {"id": "Nomor Ulasan", "rating": "Nilai", "text": "Isi", "created_at": "Tanggal"}

People = Callable[..., Person]
Ask = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture(autouse=True)
def _nothing_yet(ask: Ask) -> None:
    ask("delete from app.review_uploads")
    ask("delete from app.review_apps")
    ask("delete from raw.reviews")
    ask("delete from raw.rejected")
    ask("delete from queue.procrastinate_jobs")


def upload(person: Person, content: bytes = FILE.encode(), name: str = "ulasan.csv") -> TestResponse:
    return person.post("/inbox/settings/reviews/upload", {"file": (io.BytesIO(content), name)})


def uploaded(person: Person, content: bytes = FILE.encode()) -> str:
    answer = upload(person, content)
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def work(settings: Settings, ask: Ask) -> None:
    """Do what the worker would."""
    jobs = ask("delete from queue.procrastinate_jobs where task_name = 'import_reviews' returning args")
    for (arguments,) in jobs:
        review_uploads.import_upload(settings, **arguments)


def test_a_file_is_shown_confirmed_imported_and_its_bad_rows_can_be_downloaded(
    people: People, module_settings: Settings, ask: Ask
) -> None:
    admin = people("admin")
    place = uploaded(admin)
    shown = admin.get(place).text
    assert re.findall(r"<option selected>([^<]+)", shown) == ["Nomor Ulasan", "Nilai", "Isi", "Tanggal"]
    assert "Bagus; cepat" in shown
    assert ask("select count(*) from raw.reviews") == [(0,)]
    assert admin.post(f"{place}/import", {**COLUMNS, "source": "tokopedia"}).status_code == 303
    assert 'data-state="importing"' in admin.get(place).text
    work(module_settings, ask)
    shown = admin.get(place).text
    assert 'data-state="done"' in shown
    assert "Nilai bintang tidak ada." in shown
    landed = ask("select store_id, source, review_id, rating from raw.current_reviews order by 3")
    assert landed == [("default", "tokopedia", "a", 5), ("default", "tokopedia", "b", 2)]
    download = admin.get(f"{place}/set-aside.csv")
    assert download.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(download.text.lstrip("\ufeff")), delimiter=";"))
    assert rows[1:] == [["4", "Nilai bintang tidak ada.", "c |  | =HYPERLINK(1) | 01/02/2025"]]
    assert ask("select content is null, state, rows_done from app.review_uploads") == [(True, "done", 3)]


def test_confirming_twice_imports_once_and_an_import_that_broke_off_is_done_again(
    people: People, module_settings: Settings, ask: Ask
) -> None:
    admin = people("admin")
    place = uploaded(admin)
    for _ in range(2):
        assert admin.post(f"{place}/import", {**COLUMNS, "source": "file"}).status_code == 303
    assert ask("select count(*) from queue.procrastinate_jobs") == [(1,)]
    [(arguments,)] = ask("select args from queue.procrastinate_jobs")
    for _ in range(2):
        review_uploads.import_upload(module_settings, **arguments)
    assert ask("select count(*) from raw.reviews") == [(2,)]


def test_an_import_that_fails_to_the_end_says_so(people: People, module_settings: Settings, ask: Ask) -> None:
    admin = people("admin")
    place = uploaded(admin)
    admin.post(f"{place}/import", {**COLUMNS, "source": "file"})
    [(arguments,)] = ask("select args from queue.procrastinate_jobs")
    review_uploads.give_up(module_settings, **arguments)
    assert "Unggah lagi berkas ini." in admin.get(place).text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"rating": ""}, "Pilih kolom"),
        ({"rating": "Kolom lain"}, "Pilih kolom"),
        ({"rating": "Isi"}, "hanya sekali"),
        ({"source": " "}, "Isi sumber ulasan"),
    ],
)
def test_columns_that_do_not_fit_are_asked_for_again(
    people: People, ask: Ask, changes: dict[str, str], sentence: str
) -> None:
    admin = people("admin")
    answer = admin.post(f"{uploaded(admin)}/import", {**COLUMNS, "source": "file", **changes})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert ask("select count(*) from queue.procrastinate_jobs") == [(0,)]


def test_what_cannot_be_taken_is_refused_with_the_reason(people: People, ask: Ask) -> None:
    admin = people("admin")
    for content, sentence in (
        (b" \n", "Berkas ini kosong."),
        (b"%PDF-1.7", "CSV, JSON Lines, atau XLSX"),
        (b"x" * (10 * 1024**2 + 1), "lebih besar dari 10 MB"),
    ):
        answer = upload(admin, content)
        assert answer.status_code == 422
        assert sentence in answer.text
    assert admin.post("/inbox/settings/reviews/upload").status_code == 422
    assert upload(admin, b"x" * 16 * 1024**2).status_code == 413
    assert ask("select count(*) from app.review_uploads") == [(0,)]


def test_files_that_are_discarded_or_never_confirmed_are_forgotten(people: People, ask: Ask) -> None:
    admin = people("admin")
    place = uploaded(admin)
    assert admin.post(f"{place}/remove").status_code == 303
    assert admin.get(place).status_code == 404
    uploaded(admin)
    ask("update app.review_uploads set uploaded_at = now() - interval '2 days'")
    uploaded(admin)
    assert ask("select count(*) from app.review_uploads") == [(1,)]


def test_only_admins_may(people: People) -> None:
    agent = people("agent")
    assert agent.get("/inbox/settings/reviews").status_code == 403
    assert upload(agent).status_code == 403
    assert people("admin").get("/inbox/settings/reviews/999999").status_code == 404


def test_apps_are_added_and_removed(people: People, ask: Ask) -> None:
    admin = people("admin")
    add = {"app_id": " com.example.shop ", "language": "ID"}
    for _ in range(2):
        assert admin.post("/inbox/settings/reviews/apps", add).status_code == 303
    assert ask("select store_id, app_id, language from app.review_apps") == [("default", "com.example.shop", "id")]
    answer = admin.post("/inbox/settings/reviews/apps", {"app_id": '"],9', "language": "id"})
    assert answer.status_code == 422
    assert "com.example.shop" in answer.text
    assert (
        admin.post("/inbox/settings/reviews/apps/remove", {"app_id": "com.example.shop", "language": "id"}).status_code
        == 303
    )
    assert ask("select count(*) from app.review_apps") == [(0,)]
