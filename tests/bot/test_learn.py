"""`python -m bot learn`: files become passages that the bot answers from, without a worker."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.knowledge.reading import kinds
from tests.support.encoders import put_in_use
from warehouse.settings import ROOT, Settings

Query = Callable[..., list[tuple[Any, ...]]]

SHIPPING = "# Ongkos kirim\nKe Bandung Rp9.000.\n\n# Jam buka\nSenin sampai Jumat pukul 08.00.\n"
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


def test_files_of_one_name_in_two_folders_are_both_kept(settings: Settings, query: Query, tmp_path: Path) -> None:
    done = learn(
        written(tmp_path, "faq/index.md", SHIPPING), written(tmp_path, "promo/index.md", "# Promo\nDiskon 5%.\n")
    )
    assert done.returncode == 0, done.stderr
    faq, promo = (name for name, _, _ in query(STATES))
    assert faq.endswith("faq › index.md")
    assert promo.endswith("promo › index.md")


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
