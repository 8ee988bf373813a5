"""A dashboard made by hand in Metabase becomes a definition that loads, and shows the same."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from pydantic import SecretStr

from dashboards import card, definition
from dashboards.metabase.authentication import sign_in
from dashboards.metabase.client import MetabaseRefused
from dashboards.metabase.exported_card import CannotExport
from dashboards.metabase.exporting import export
from dashboards.metabase.provisioning import provision
from demo.metabase import MetabaseStandIn
from tests.support.metabase_views import Row, small_dashboard
from tests.support.provisioned import pointed
from warehouse.settings import Settings

DAILY = """select day, metric, sum(value) as total
from marts.kpi_daily
where metric like '%rate' [[and day >= {{from_day}}]]
group by day, metric;"""


class HandMade:
    """A Metabase with a dashboard that somebody makes of their own cards and ours."""

    def __init__(self, metabase: MetabaseStandIn, settings: Settings) -> None:
        self.metabase = metabase
        self.settings = pointed(settings, metabase)
        provision(self.settings, dashboards=[small_dashboard()])
        self.settings = pointed(settings, metabase, metabase_api_key=SecretStr(metabase.give_key()))
        self._headers = {"X-API-Key": next(iter(metabase.state.keys))}

    def send(self, method: str, path: str, body: Row) -> Any:
        answer = requests.request(method, f"{self.metabase.url}{path}", json=body, headers=self._headers, timeout=5)
        assert answer.ok, answer.text
        return answer.json()

    def card(self, name: str, display: str, query: Row, settings: Row | None = None) -> int:
        body = {"name": name, "display": display, "dataset_query": {"database": 1, **query}}
        return int(self.send("POST", "/api/card", {**body, "visualization_settings": settings or {}})["id"])

    def sql(self, query: str, *days: str) -> Row:
        tags = {name: {"id": name, "name": name, "display-name": name, "type": "date"} for name in days}
        return {"type": "native", "native": {"query": query, "template-tags": tags}}

    def board(self, name: str, *cards: int, mappings: Row | None = None) -> int:
        board = self.send("POST", "/api/dashboard", {"name": name, "description": "What I watch"})
        dashcards = [
            {"id": -place, "card_id": card, "row": 10 * place, "col": 0, "size_x": 6, "size_y": 4,
             "parameter_mappings": (mappings or {}).get(card, [])}
            for place, card in enumerate(cards, start=1)
        ]  # fmt: skip
        parameters = [{"id": "abc", "name": "Since", "slug": "since", "type": "date/single"}]
        self.send(
            "PUT", f"/api/dashboard/{board['id']}", {"dashcards": dashcards, "tabs": [], "parameters": parameters}
        )
        return int(board["id"])

    def number(self, kind: str, name: str) -> int:
        return next(int(row["id"]) for row in self.metabase.state.all(kind) if row["name"] == name)

    def export(self, number: int, folder: Path, name: str | None = None) -> list[Path]:
        return export(sign_in(self.settings, set_up=False), number, folder, name)


@pytest.fixture(scope="module")
def made(small: Settings) -> Iterator[HandMade]:
    with MetabaseStandIn() as metabase:
        yield HandMade(metabase, small)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the definitions that the test may add to, from which they are read while it runs."""
    for name in ("definitions", "sql"):
        shutil.copytree(definition.FOLDER / name, tmp_path / name)
    for module in (definition, card):
        monkeypatch.setattr(module, "FOLDER", tmp_path)
    definition.load.cache_clear()
    yield tmp_path
    definition.load.cache_clear()


def test_a_dashboard_of_ours_comes_back_as_it_was_defined(made: HandMade, folder: Path) -> None:
    written = made.export(made.number("dashboard", "Overview"), folder, "again")
    assert [path.name for path in written] == ["again.yml"], "its cards are known, and borrowed"
    again, defined = definition.load("again"), small_dashboard()
    assert again.sections == defined.sections
    assert (again.title, again.filters, again.description) == (defined.title, defined.filters, defined.description)


def test_cards_made_by_hand_become_definitions_with_queries(made: HandMade, folder: Path) -> None:
    lines = made.card(
        "Rates a day", "line", made.sql(DAILY, "from_day"),
        {"graph.dimensions": ["day"], "graph.metrics": ["total"],
         "column_settings": {'["name","total"]': {"suffix": "%"}}},
    )  # fmt: skip
    count = made.card("Days", "scalar", made.sql("select count(*) as days from marts.kpi_daily"))
    whole = made.metabase.state.all("table")[0]
    table = made.card("All of it", "table", {"type": "query", "query": {"source-table": whole["id"]}})
    ours = made.number("card", "Messages")
    target = ["variable", ["template-tag", "from_day"]]
    mappings = {lines: [{"parameter_id": "abc", "card_id": lines, "target": target}]}
    number = made.board("My rates", lines, count, table, ours, mappings=mappings)
    made.export(number, folder, "mine")
    loaded = definition.load("mine")
    assert [(card.owner, card.id, card.chart) for card in loaded.cards] == [
        ("mine", "rates_a_day", "line"),
        ("mine", "days", "number"),
        ("mine", "all_of_it", "table"),
        ("conversations", "messages", "number"),
    ]
    first = loaded.cards[0]
    assert "like '%%rate' and day >= %(from_day)s" in first.sql
    assert (first.format, list(first.series or {})) == ("percent", ["total"])
    titles = [(each.name, each.title) for each in loaded.filters]
    assert titles == [("from", "Since"), ("to", "To"), ("store", "Shop")]


def test_what_was_exported_is_provisioned_and_exports_the_same(made: HandMade, folder: Path) -> None:
    count = made.card("How many", "scalar", made.sql("select count(*) as days from marts.kpi_daily"))
    made.export(made.board("Counted", count), folder, "counted")
    loaded = definition.load("counted")
    provision(made.settings, dashboards=[small_dashboard(), loaded])
    boards = [row for row in made.metabase.state.all("dashboard") if row["name"] == "Counted"]
    made.export(boards[-1]["id"], folder, "counted_again")
    again = definition.load("counted_again")
    assert again.sections == loaded.sections
    assert (again.title, again.description, again.filters) == (loaded.title, loaded.description, loaded.filters)


def test_what_a_definition_cannot_say_is_refused_by_name(made: HandMade, folder: Path) -> None:
    chart = made.card("A map", "map", made.sql("select 1 as one"))
    with pytest.raises(CannotExport, match="A map is a map"):
        made.export(made.board("With a map", chart), folder)
    tag = made.card("Mine", "scalar", {**made.sql("select {{city}} as one"), "type": "native"})
    with pytest.raises(CannotExport, match="Mine"):
        made.export(made.board("With a tag", tag), folder)
    with pytest.raises(CannotExport, match="is there already"):
        made.export(made.number("dashboard", "Overview"), folder)
    with pytest.raises(MetabaseRefused, match="404 Not found"):
        made.export(4711, folder)
    assert sorted(path.name for path in (folder / "definitions").iterdir()) == sorted(
        f"{name}.yml" for name in definition.names()
    )
