"""The dashboard "What people say": topics by their messages, and reviews whose text contradicts their stars."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from dashboards import definition, facts, filters, report
from dashboards.filters import Filters
from dashboards.reader import Reader, Session
from dashboards.views import Chart, Number
from tests.support import opinions
from warehouse import connection
from warehouse.settings import Settings

DASHBOARD = definition.load("what_people_say")
CARDS = {card.id: card for card in DASHBOARD.cards}
CHOSEN = Filters(date(2026, 10, 1), date(2026, 10, 31), "default")


@pytest.fixture(scope="module")
def session(built: Settings) -> Iterator[Session]:
    reader = Reader(connection.url("reader", built))
    with reader.session() as opened:
        yield opened
    reader.close()


def rows(session: Session, card: str, chosen: Filters = CHOSEN) -> list[Any]:
    return session.rows(CARDS[card].sql, chosen.parameters())


def messages(session: Session, chosen: Filters) -> list[Any]:
    return facts.rows(session, CARDS["topic_share"], chosen, most=100_000)


def test_topics_are_those_of_the_messages_of_the_period_and_the_one_before(session: Session) -> None:
    now, before = (
        Counter(row["topic"] for row in messages(session, period) if row["topic"]) for period in (CHOSEN, CHOSEN.before)
    )
    found = rows(session, "topics")
    assert [row["topic"] for row in found] == [topic for topic, _ in now.most_common()]
    for row in found:
        assert row["messages"] == now[row["topic"]]
        assert before[row["topic"]]
        assert float(row["change"]) == pytest.approx(100 * now[row["topic"]] / before[row["topic"]] - 100)
        assert 0 <= row["positive"] + row["negative"] <= 100
    assert [row["trend"] for row in found if row["trend"]] == ["growing"]
    assert rows(session, "growing_topics")[0]["value"] == 1


def test_the_messages_of_a_topic_lead_to_their_conversations(session: Session) -> None:
    topic = rows(session, "topics")[0]
    behind = facts.rows(session, CARDS["topics"], CHOSEN, topic["topic"], most=1000)
    assert len(behind) == topic["messages"]
    assert {row["is_message"] for row in behind} == {True, False}
    assert all(bool(row["customer_key"] and row["episode_id"]) == row["is_message"] for row in behind)


def test_examples_are_masked_and_belong_to_a_topic(session: Session) -> None:
    found = rows(session, "examples")
    assert {row["topic"] for row in found} == {row["topic"] for row in rows(session, "topics")}
    assert all("[name]" in row["example"] for row in found)


def test_reviews_are_listed_whose_text_says_otherwise_than_their_stars(session: Session) -> None:
    found = rows(session, "contradictions")
    assert found
    for row in found:
        said = {name for name, words in opinions.SAID.items() if set(row["review"].split()) <= set(words)}
        assert said == {row["sentiment"]}
        assert (row["rating"] > 3) == (row["sentiment"] == "negative")
    assert len(found) == rows(session, "contradicting")[0]["numerator"]


def test_a_shop_without_topics_and_reviews_is_told_what_is_missing(session: Session) -> None:
    extents = session.extents()
    chosen = filters.parse({"store": "kedua"}, extents, "default")
    for _, views in report.build(session, DASHBOARD, chosen, extents["kedua"], "id").sections:
        for view in views:
            assert view.card.empty
            assert view.card.empty.to("id") != view.card.empty
            if isinstance(view, Number):
                assert view.value is None
            else:
                assert not (view.points if isinstance(view, Chart) else view.table.rows)
