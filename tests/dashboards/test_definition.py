"""Definitions of dashboards: what is shipped is sound, and what is not sound is refused."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from pydantic import ValidationError
from sqlfluff.core import FluffConfig, Linter

from dashboards import definition
from dashboards.definition import FOLDER, Dashboard, Facts
from dashboards.metabase.cards import own_cards

CARDS = {(card.owner, card.id): card for name in definition.names() for card in definition.load(name).cards}


def foreign_tables(query: str) -> set[str]:
    """The tables that a query reads and that do not lie in `marts`. Raises AssertionError if it is not one select."""
    overrides = {"dialect": "postgres", "templater": "placeholder"}
    configuration = FluffConfig({"core": overrides, "templater": {"placeholder": {"param_style": "pyformat"}}})
    tree = Linter(config=configuration).parse_string(query).tree
    assert tree is not None
    assert not list(tree.recursive_crawl("unparsable")), "the query cannot be parsed"
    statements = list(tree.recursive_crawl("statement", recurse_into=False))
    assert len(statements) == 1, "a card has one query"
    assert statements[0].segments[0].type in ("select_statement", "with_compound_statement", "set_expression")
    ours = {cte.segments[0].raw.lower() for cte in tree.recursive_crawl("common_table_expression")}
    read = {table.raw.lower().replace('"', "") for table in tree.recursive_crawl("table_reference")}
    return {table for table in read - ours if not table.startswith("marts.")}


@pytest.mark.parametrize("card", CARDS.values(), ids=lambda card: f"{card.owner}/{card.id}")
def test_a_card_reads_nothing_but_marts(card: definition.Card) -> None:
    assert foreign_tables(card.sql) == set()


@pytest.mark.parametrize("name", sorted({card.facts.of for card in CARDS.values() if card.facts}))
def test_facts_are_read_from_nothing_but_marts(name: str) -> None:
    assert foreign_tables(Facts(of=name).sql) == set()


def test_a_borrowed_card_is_the_lenders() -> None:
    lent = {card.id: card for card in definition.load("conversations").cards}
    borrowed = [card for card in definition.load("overview").cards if card.owner == "conversations"]
    assert len(borrowed) > 3
    assert all(card == lent[card.id] for card in borrowed)


@pytest.mark.parametrize(
    ("query", "foreign"),
    [
        ("select body from raw.twilio_messages", {"raw.twilio_messages"}),
        ("select count(*) from marts.kpi_daily, staging.stg_stores", {"staging.stg_stores"}),
        ("with marts as (select 1 from app.stores) select * from marts", {"app.stores"}),
        ("select (select max(name) from app.stores) from marts.dim_stores", {"app.stores"}),
        ("select 1 from marts.kpi_daily union all select 2 from unqualified", {"unqualified"}),
        ("with found as (select 1 as one from marts.kpi_daily) select one from found", set()),
    ],
)
def test_the_check_sees_what_a_query_reads(query: str, foreign: set[str]) -> None:
    assert foreign_tables(query) == foreign


def test_the_check_refuses_more_than_one_query() -> None:
    with pytest.raises(AssertionError):
        foreign_tables("select 1 from marts.kpi_daily; select 2 from marts.kpi_daily")


def test_every_query_belongs_to_a_card() -> None:
    files = {(path.parent.name, path.stem) for path in (FOLDER / "sql").glob("*/*.sql") if path.parent.name != "facts"}
    own = {name for name, card in CARDS.items() if card.has_own_query}
    assert files == own | {(card.owner, card.id) for card in own_cards().values()}


def test_a_card_shares_a_query_only_where_it_has_none_of_its_own() -> None:
    sharing = [card for card in CARDS.values() if card.query]
    assert not any(card.has_own_query for card in sharing)
    assert all(count > 1 for count in Counter(card.query.of for card in sharing if card.query).values())


def test_a_card_without_a_query_of_its_own_shows_kpis() -> None:
    derived = [card for card in CARDS.values() if not card.has_own_query and not card.query]
    assert len(derived) > 25
    assert all(card.metrics for card in derived)


def test_an_unknown_dashboard_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        definition.load("../../etc/passwd")


def damaged() -> Iterator[tuple[str, Any]]:
    sound = yaml.safe_load((FOLDER / "definitions" / "issues.yml").read_text())
    for section in sound["sections"]:
        section["cards"] = [{**card, "owner": "issues"} for card in section["cards"] if "use" not in card]
    Dashboard.model_validate({"name": "issues", **copy.deepcopy(sound)})
    numbers, charts = (section["cards"] for section in sound["sections"][:2])
    title, numbers[1]["title"] = numbers[1]["title"], ""
    yield "an empty text", copy.deepcopy(sound)
    numbers[1]["title"] = title
    numbers[1]["id"] = "no_such_query"
    yield "a card without a query", copy.deepcopy(sound)
    numbers[1]["id"] = numbers[0]["id"]
    yield "an id twice", copy.deepcopy(sound)
    numbers[1]["id"] = "problem_share"
    numbers[1]["colour"] = "red"
    yield "an unknown field", copy.deepcopy(sound)
    del numbers[1]["colour"]
    numbers[1]["metrics"] = ["no_such_kpi"]
    yield "an unknown KPI", copy.deepcopy(sound)
    del numbers[1]["metrics"]
    charts[0]["chart"] = "pie"
    yield "an unknown chart", copy.deepcopy(sound)
    charts[0]["chart"] = "table"
    yield "a table without columns", copy.deepcopy(sound)
    charts[0]["chart"] = "scatter"
    yield "a scatter chart without axes", copy.deepcopy(sound)
    charts[0]["chart"] = "stacked_bar"
    sound["filters"] = sound["filters"][:-1]
    yield "a query with a filter that the dashboard lacks", copy.deepcopy(sound)


@pytest.mark.parametrize("broken", [pytest.param(broken, id=name) for name, broken in damaged()])
def test_an_unsound_definition_is_refused(broken: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Dashboard.model_validate({"name": "issues", **broken})
