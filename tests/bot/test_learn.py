"""`python -m bot learn`: files become passages that the bot answers from, without a worker."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from bot import learn as learning
from bot import queue
from bot.knowledge import documents, uploads
from bot.knowledge.reading import kinds
from tests.support.encoders import put_in_use
from warehouse.connection import transaction
from warehouse.settings import ROOT, Settings

Query = Callable[..., list[tuple[Any, ...]]]

SHIPPING = "# Ongkos kirim\nKe Bandung Rp9.000.\n\n# Jam buka\nSenin sampai Jumat pukul 08.00.\n"
JOBS = "queue.procrastinate_jobs"
STATES = "select name, state, bytes from app.knowledge_documents order by name"


def learn(*files: Path, options: tuple[str, ...] = (), language: str = "en") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", "learn", *options, *map(str, files)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=os.environ | {"LC_ALL": f"{language}.UTF-8"},
        check=False,
    )


def wait_until(is_met: Callable[[], bool]) -> None:
    while not is_met():
        time.sleep(0.05)


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_a_page_is_read_embedded_and_shown(
    settings: Settings, server_settings: Settings, query: Query, tmp_path: Path
) -> None:
    version = put_in_use(server_settings, settings)
    done = learn(
        written(tmp_path, "toko.html", "<h1>Retur</h1><p>Dalam 7 hari.</p>"), written(tmp_path, "a.md", SHIPPING)
    )
    assert done.returncode == 0, done.stderr
    for shown in ("a.md: 2 passages", "Ongkos kirim", "Ke Bandung Rp9.000.", "toko.html: 1 passage", "Dalam 7 hari."):
        assert shown in done.stdout
    assert query("select distinct encoder_version, store_id from app.knowledge_passages") == [(version, "default")]
    assert query("select count(*) from queue.procrastinate_jobs") == [(0,)]


def test_a_file_of_the_same_name_replaces_the_earlier_one(settings: Settings, query: Query, tmp_path: Path) -> None:
    learn(written(tmp_path, "a.md", SHIPPING))
    for content in ("# Ongkos kirim\nKe Medan Rp22.000.\n",) * 2:
        assert learn(written(tmp_path, "a.md", content)).returncode == 0
    assert query("select text from app.knowledge_passages") == [("Ke Medan Rp22.000.",)]
    assert query(STATES) == [("a.md", "read", len("# Ongkos kirim\nKe Medan Rp22.000.\n"))]


def test_files_of_one_name_are_refused_and_the_others_are_learned(
    settings: Settings, query: Query, tmp_path: Path
) -> None:
    done = learn(
        written(tmp_path, "faq/index.md", SHIPPING),
        written(tmp_path, "promo/index.md", "# Promo\nDiskon 5%.\n"),
        written(tmp_path, "a.md", SHIPPING),
    )
    assert done.returncode == 1
    assert done.stderr.count("index.md: Several of the files have this name.") == 2
    assert [name for name, _, _ in query(STATES)] == ["a.md"]


def test_a_file_named_twice_is_learned_once(settings: Settings, query: Query, tmp_path: Path) -> None:
    assert learn(*[written(tmp_path, "a.md", SHIPPING)] * 2).returncode == 0
    assert [name for name, _, _ in query(STATES)] == ["a.md"]


def test_commands_that_upload_a_name_at_once_leave_one_file(settings: Settings, query: Query) -> None:
    with transaction("bot", settings) as first, first.cursor() as cursor, ThreadPoolExecutor() as pool:
        document_id = uploads.put(cursor, "default", "a.md", b"one")
        second = pool.submit(put, settings, b"two")
        wait_until(lambda: query("select 1 from pg_locks where locktype = 'advisory' and not granted") == [(1,)])
        first.commit()
        assert second.result(timeout=60) == document_id
    assert query("select convert_from(content, 'utf8') from app.knowledge_documents") == [("two",)]


def put(settings: Settings, content: bytes) -> int:
    with transaction("bot", settings) as connection, connection.cursor() as cursor:
        return uploads.put(cursor, "default", "a.md", content)


def test_a_file_that_the_inbox_replaces_meanwhile_is_read_by_a_worker_at_once(
    settings: Settings,
    query: Query,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    read = documents.read_document

    def replaced_meanwhile(settings: Settings, document_id: int) -> None:
        read(settings, document_id)
        with transaction("inbox", settings) as connection, connection.cursor() as cursor:
            uploads.replace(cursor, "default", document_id, "a.md", b"# Promo\nDiskon.\n")
            queue.enqueue(cursor, "read_document", f"document {document_id}", {"document_id": document_id})

    monkeypatch.setattr(documents, "read_document", replaced_meanwhile)
    assert learning.run(settings, None, [str(written(tmp_path, "a.md", SHIPPING))]) == 1
    assert "Ke Bandung" not in capsys.readouterr().out
    assert query(f"select scheduled_at <= now() from {JOBS}") == [(True,)]


def test_a_file_whose_reading_is_interrupted_is_left_to_a_worker(
    settings: Settings, query: Query, tmp_path: Path
) -> None:
    query("revoke insert on app.knowledge_passages from bot")
    try:
        assert learn(written(tmp_path, "a.md", SHIPPING)).returncode != 0
    finally:
        query("grant insert on app.knowledge_passages to bot")
    [(document_id,)] = query("select document_id from app.knowledge_documents")
    due = "scheduled_at between now() + interval '5 minutes' and now() + interval '10 minutes'"
    assert query(f"select lock, args, {due} from {JOBS}") == [("reading", {"document_id": document_id}, True)]


def test_what_cannot_be_read_is_refused_with_the_reason_and_the_others_are_learned(
    settings: Settings, query: Query, tmp_path: Path
) -> None:
    done = learn(
        written(tmp_path, "empty.txt", " "),
        tmp_path / "missing.md",
        tmp_path,
        written(tmp_path, "large.txt", b"a" * (kinds.MAX_BYTES + 1)),
        written(tmp_path, "broken.pdf", b"%PDF-1.4 nothing"),
        written(tmp_path, "a.md", SHIPPING),
    )
    assert done.returncode == 1
    for refused in (
        "empty.txt: The file is empty.",
        "missing.md: No such file",
        "Is a directory",
        "large.txt: The file is larger than 10 MB.",
        "broken.pdf: The file is damaged",
    ):
        assert refused in done.stderr
    assert "a.md: 2 passages" in done.stdout
    assert [(name, state) for name, state, _ in query(STATES)] == [("a.md", "read"), ("broken.pdf", "failed")]


def test_the_words_are_those_of_the_terminals_language(settings: Settings, tmp_path: Path) -> None:
    done = learn(written(tmp_path, "empty.txt", ""), written(tmp_path, "a.md", SHIPPING), language="id")
    assert "a.md: 2 cuplikan" in done.stdout
    assert "Berkas" in done.stderr


@pytest.mark.parametrize(("store", "code"), [("elsewhere", 2), ("branch", 0)])
def test_only_a_shop_that_exists_learns(
    settings: Settings, query: Query, tmp_path: Path, store: str, code: int
) -> None:
    query("insert into app.stores (store_id, name) values ('branch', 'Cabang')")
    assert learn(written(tmp_path, "a.md", SHIPPING), options=("--store", store)).returncode == code
    assert query("select distinct store_id from app.knowledge_passages") == [("branch",)] * (code == 0)
