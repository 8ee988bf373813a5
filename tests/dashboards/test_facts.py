"""Drill-down: the rows behind a card are those that its figure is made of, whatever is chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from statistics import median
from typing import Any

import pytest

from dashboards import definition, fact_words, facts
from dashboards.definition import Card
from dashboards.filters import Filters
from dashboards.reader import Reader, Session
from tests.support import opinions
from warehouse import connection
from warehouse.settings import Settings

CARDS = list({card: None for dashboard in definition.load_all() for card in dashboard.cards if card.facts})
NUMBERS = [card for card in CARDS if card.chart == "number"]
PARTED = [card for card in CARDS if card.chart in ("bar", "stacked_bar") and card.facts and card.facts.by]
OCTOBER = Filters(date(2026, 10, 1), date(2026, 10, 31), "default", newest_wave=opinions.NEWEST)
CHOSEN = {
    "all": OCTOBER,
    "web": replace(OCTOBER, channel="web"),
    "payment in English": replace(OCTOBER, issue="payment", message_language="en"),
}
EVERYTHING = 1_000_000


@pytest.fixture(scope="module")
def session(built: Settings) -> Iterator[Session]:
    reader = Reader(connection.url("reader", built))
    with reader.session() as opened:
        yield opened
    reader.close()


def named(value: Any) -> str:
    return f"{value.owner}/{value.id}" if isinstance(value, Card) else str(value)


def of(card: Card) -> definition.Facts:
    assert card.facts
    return card.facts


def figure(card: Card, found: list[Any]) -> float:
    """The figure of a card, taken from its rows alone."""
    if of(card).counted:
        return 100 * sum(all(row[flag] for flag in of(card).counted) for row in found) / len(found)
    measure = of(card).measure
    if measure is None:
        return len(found)
    values = [float(row[measure]) for row in found]
    if card.format == "duration":
        return median(values)
    return sum(values) / len(values) if card.id.startswith("average") else sum(values)


@pytest.mark.parametrize("chosen", CHOSEN.values(), ids=CHOSEN)
@pytest.mark.parametrize("card", NUMBERS, ids=named)
def test_the_rows_of_a_number_make_the_number(session: Session, card: Card, chosen: Filters) -> None:
    (row,) = session.rows(card.sql, chosen.parameters())
    found, summary = facts.rows(session, card, chosen, most=EVERYTHING), facts.summary(session, card, chosen)
    assert found
    assert summary.total == len(found)
    if of(card).counted:
        assert (summary.counted, summary.total) == (row["numerator"], row["denominator"])
    elif row["denominator"] is not None and card.id != "refunded":
        assert summary.total == row["denominator"]
    expected = row["numerator"] if card.id == "refunded" else row["value"]
    assert figure(card, found) == pytest.approx(float(expected))


@pytest.mark.parametrize("card", PARTED, ids=named)
def test_the_rows_of_a_part_make_the_part(session: Session, card: Card) -> None:
    parts: dict[str, float] = {}
    for row in session.rows(card.sql, OCTOBER.parameters()):
        parts[row["series"]] = parts.get(row["series"], 0) + float(row["value"])
    assert len(parts) > 1
    for part, value in parts.items():
        assert figure(card, facts.rows(session, card, OCTOBER, part, most=EVERYTHING)) == pytest.approx(value)


@pytest.mark.parametrize("card", CARDS, ids=named)
def test_rows_hold_ids_and_keys_and_nothing_that_anybody_wrote(session: Session, card: Card) -> None:
    (row,) = facts.rows(session, card, OCTOBER, most=1)
    assert set(row) <= set(fact_words.COLUMNS)
    assert not {"body", "text", "phone", "email", "name"} & set(row)
    assert {*of(card).only, *of(card).counted, of(card).measure, of(card).by} - {None} <= set(row)
    assert all(isinstance(row[flag], bool) for flag in (*of(card).only, *of(card).counted))


def test_pages_follow_each_other_from_the_newest_row_without_a_gap(session: Session) -> None:
    card = next(card for card in NUMBERS if card.id == "messages")
    pages = [facts.rows(session, card, OCTOBER, skipped=skipped) for skipped in (0, facts.ROWS_A_PAGE)]
    assert [len(page) for page in pages] == [facts.ROWS_A_PAGE, facts.ROWS_A_PAGE]
    rows = [*pages[0], *pages[1]]
    assert len({(row["source"], row["message_id"]) for row in rows}) == len(rows)
    assert [row["occurred_at"] for row in rows] == sorted((row["occurred_at"] for row in rows), reverse=True)


def test_every_query_of_facts_belongs_to_a_card() -> None:
    files = {path.stem for path in (definition.FOLDER / "sql" / "facts").glob("*.sql")}
    assert files == {of(card).of for card in CARDS}
