"""How often the right passage is found, over pages and questions of everyday spelling that were not used to set the
threshold; and whose passages they are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from benchmarks import retrieval
from benchmarks.retrieval import WAYS, Figures, figures, questions
from bot.knowledge.search import search
from bot.knowledge.text import words_asked
from ml.encoder.store import encoder_in_use
from ml.slang import expand
from tests.support.encoders import put_in_use
from warehouse.connection import connect
from warehouse.settings import Settings


@pytest.fixture(scope="module")
def pages(module_settings: Settings, server_settings: Settings) -> Iterator[Settings]:
    put_in_use(server_settings, module_settings)
    retrieval.upload_pages(module_settings)
    yield module_settings
    retrieval.remove_pages(module_settings)


def measured(settings: Settings, way: str) -> Figures:
    with connect("bot", settings) as connection, connection.cursor() as cursor:
        return figures(cursor, questions("held"), encoder_in_use(settings), WAYS[way])


def test_the_set_is_large_enough() -> None:
    asked = questions("chosen") + questions("held")
    assert sum(bool(question.right) for question in asked) >= 60
    assert sum(not question.right for question in asked) >= 25
    assert len({question.text for question in asked}) == len(asked)


def test_both_ways_together_find_the_right_passage(pages: Settings) -> None:
    found = measured(pages, "both")
    assert found.right_first >= 0.76 * found.answerable
    assert found.right_in_three >= 0.9 * found.answerable
    assert found.answered_right >= 0.74 * found.answerable
    assert found.answered_wrong <= 0.16 * found.answerable
    assert found.answered_falsely <= 0.06 * found.unanswerable


def test_words_alone_still_find_most(pages: Settings) -> None:
    found = measured(pages, "words")
    assert found.right_first >= 0.66 * found.answerable
    assert found.answered_falsely <= 0.06 * found.unanswerable


def test_every_answer_of_the_set_is_a_heading_of_the_pages(pages: Settings) -> None:
    with connect("bot", pages) as connection, connection.cursor() as cursor:
        cursor.execute("select heading from app.knowledge_passages")
        headings = {row[0].rpartition(" › ")[2] for row in cursor.fetchall()}
    named = {heading for part in ("chosen", "held") for question in questions(part) for heading in question.right}
    assert named <= headings


@pytest.mark.parametrize(
    "question", ["", "   ", "?!", "kak", "\x00", "'); drop table x; --", "a" * 20_000, "& | ! <->", "🙏"]
)
def test_any_text_can_be_asked(pages: Settings, question: str) -> None:
    with connect("bot", pages) as connection, connection.cursor() as cursor:
        for encoder in (None, encoder_in_use(pages)):
            found = search(cursor, retrieval.STORE, question, encoder)
            assert len(found) <= 4
            assert not any(passage.fits for passage in found)


def test_another_shops_passages_are_never_found(pages: Settings) -> None:
    with connect("bot", pages) as connection, connection.cursor() as cursor:
        assert search(cursor, "another shop", "ongkir ke bandung", encoder_in_use(pages)) == []


def test_words_that_say_nothing_are_not_searched_for() -> None:
    assert words_asked(expand("kak mau tanya dong ongkir ke bdg brp ya, ongkir aja")) == ["ongkos", "kirim", "bandung"]
