"""What several open pages ask for within moments is asked of the database once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dashboards.reader import Reader
from warehouse import connection
from warehouse.settings import Settings

CHANCE = "select random() as number where %(store)s <> 'none'"
LONG, NOT_AT_ALL = 3600.0, -1.0


@pytest.fixture(scope="module")
def reader(module_settings: Settings) -> Iterator[Reader]:
    reader = Reader(connection.url("reader", module_settings))
    yield reader
    reader.close()


def test_what_one_session_was_told_does_for_the_next_and_for_its_shop_alone(reader: Reader) -> None:
    with reader.session() as session:
        first = session.recent_rows(CHANCE, {"store": "default"}, LONG)
    with reader.session() as session:
        assert session.recent_rows(CHANCE, {"store": "default"}, LONG) == first
        assert session.recent_rows(CHANCE, {"store": "kedua"}, LONG) != first
        assert session.recent_rows(CHANCE, {"store": "default"}, NOT_AT_ALL) != first


def test_an_empty_answer_is_asked_again_each_time(reader: Reader) -> None:
    query = "select 1 as number where current_setting('kabar.has_appeared', true) = %(wanted)s"
    with reader.session() as session:
        assert session.recent_rows(query, {"wanted": "yes"}, LONG) == []
        session.rows("select set_config('kabar.has_appeared', 'yes', false)")
        assert session.recent_rows(query, {"wanted": "yes"}, LONG) == [{"number": 1}]
