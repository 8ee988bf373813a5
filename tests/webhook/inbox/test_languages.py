"""A language that has only a catalogue: the inbox speaks it, and what is not translated yet stays English."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.people import Person
from warehouse import i18n
from warehouse.i18n import ROOT

DUTCH = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "Sign out"
msgstr "Afmelden"
"""
CACHED = (i18n.languages, i18n.language_names, i18n.catalogue)


@pytest.fixture
def dutch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Beside the project's catalogues, one that translates a single text."""
    shutil.copytree(ROOT / "translations" / "id", tmp_path / "id")
    (tmp_path / "nl" / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "nl" / "LC_MESSAGES" / "messages.po").write_text(DUTCH)
    monkeypatch.setattr(i18n, "FOLDER", tmp_path)
    for cached in CACHED:
        cached.cache_clear()
    yield
    for cached in CACHED:
        cached.cache_clear()


def test_a_catalogue_alone_makes_a_language_of_the_inbox(dutch: None, people: Callable[..., Person]) -> None:
    person = people("admin", "Nel")
    assert person.post("/inbox/language", {"language": "nl"}).status_code == 303
    page = person.get("/inbox")
    assert (page.status_code, page.headers["Content-Language"]) == (200, "nl")
    assert "Afmelden" in page.text
    assert "Knowledge" in page.text
    assert person.get("/inbox/settings/targets").status_code == 200
    dashboards = person.get("/dashboards")
    assert (dashboards.status_code, dashboards.headers["Content-Language"]) == (200, "en")


def test_a_language_without_a_catalogue_is_refused(people: Callable[..., Person]) -> None:
    person = people("agent", "Nel")
    person.get("/inbox")
    assert person.post("/inbox/language", {"language": "nl"}).status_code == 400
