"""A language that has only a catalogue: the inbox speaks it, and what is not translated yet stays English."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from tests.support.languages import added
from tests.support.people import Person


@pytest.fixture
def dutch(tmp_path: Path) -> Iterator[None]:
    """Beside the project's catalogues, one that translates a single text."""
    texts = Catalog(locale="nl")
    texts.add("Sign out", "Afmelden")
    with added("nl", texts, tmp_path / "translations"):
        yield


def test_a_catalogue_alone_makes_a_language_of_the_inbox(dutch: None, people: Callable[..., Person]) -> None:
    person = people("admin", "Nel")
    assert person.post("/inbox/language", {"language": "nl"}).status_code == 303
    page = person.get("/inbox")
    assert (page.status_code, page.headers["Content-Language"]) == (200, "nl")
    assert "Afmelden" in page.text
    assert "Knowledge" in page.text
    assert person.get("/inbox/settings/targets").status_code == 200
    dashboards = person.get("/dashboards")
    assert (dashboards.status_code, dashboards.headers["Content-Language"]) == (200, "nl")


def test_a_language_without_a_catalogue_is_refused(people: Callable[..., Person]) -> None:
    person = people("agent", "Nel")
    person.get("/inbox")
    assert person.post("/inbox/language", {"language": "nl"}).status_code == 400
