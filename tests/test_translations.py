"""Every text has a translation, and every translation a text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from pydantic import BaseModel

from dashboards import definition, fact_words, kpi_definitions
from dashboards.metabase.cards import own_cards
from tests.support.languages import added
from translations.extraction import FOLDERS, KEYWORDS, extracted
from warehouse import i18n
from warehouse.settings import ROOT

PLACE = re.compile(r"\{\w*\}")


@pytest.fixture(scope="module")
def template() -> Catalog:
    return extracted()


def catalogue(language: str) -> Catalog:
    with i18n.path(language).open("rb") as file:
        return read_po(file, locale=language)


def texts(catalogue: Catalog) -> dict[object, Message]:
    return {message.id: message for message in catalogue if message.id}


@pytest.mark.parametrize("language", i18n.languages()[1:])
def test_every_text_is_translated_and_no_translation_is_left_over(language: str, template: Catalog) -> None:
    ours, wanted = texts(catalogue(language)), texts(template)
    assert set(ours) == set(wanted), "run `make translations`"
    assert [message.id for message in ours.values() if not message.string] == []
    assert [message.id for message in ours.values() if message.fuzzy] == []
    assert not catalogue(language).obsolete


@pytest.mark.parametrize("language", i18n.languages()[1:])
def test_a_translation_has_the_places_of_its_text(language: str) -> None:
    for message in texts(catalogue(language)).values():
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        for string in strings:
            assert set(PLACE.findall(string)) == set(PLACE.findall(ids[-1])), message.id


def test_no_text_is_marked_within_an_f_string() -> None:
    """Babel does not extract it there."""
    files = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    marked = {str(path.relative_to(ROOT)): marked_within_f_strings(path.read_text(encoding="utf-8")) for path in files}
    assert {path: found for path, found in marked.items() if found} == {}
    assert marked_within_f_strings("""f'{_("Name them:")} --columns'""") == ["_('Name them:')"]


def marked_within_f_strings(source: str) -> list[str]:
    calls = [
        node
        for string in ast.walk(ast.parse(source))
        if isinstance(string, ast.JoinedStr)
        for node in ast.walk(string)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS
    ]
    return [ast.unparse(call) for call in calls if call.args and isinstance(call.args[0], ast.Constant)]


def test_every_text_of_the_dashboards_and_kpis_is_extracted(template: Catalog) -> None:
    """Whatever field of a data file a text is in."""
    kpis = kpi_definitions.load()
    shown = [*definition.load_all(), *own_cards().values(), *kpis.values(), fact_words.COLUMNS]
    found = set(texts_in(shown))
    assert len(found) > 250
    assert found <= set(texts(template))


def texts_in(data: object) -> Iterator[str]:
    if isinstance(data, i18n.Text):
        yield str(data)
    elif isinstance(data, BaseModel):
        yield from texts_in(list(dict(data).values()))
    elif isinstance(data, dict | list):
        for each in data.values() if isinstance(data, dict) else data:
            yield from texts_in(each)


def test_a_language_is_added_by_a_catalogue_alone(tmp_path: Path) -> None:
    dutch = Catalog(locale="nl")
    dutch.add("Take over", "Overnemen")
    with added("nl", dutch, tmp_path):
        assert i18n.languages() == ("en", "id", "nl")
        assert i18n.language_names()["nl"] == "Nederlands"
        assert i18n.translate("nl", "Take over") == "Overnemen"
        assert i18n.translate("nl", "Not translated {count}", count=3) == "Not translated 3"
