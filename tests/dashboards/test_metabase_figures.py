"""The cards in Metabase, run there as the reader over real marts: they show what the built-in page shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import requests
from pydantic import SecretStr

from dashboards import definition, filters, report
from dashboards.definition import Card
from dashboards.filters import Filters
from dashboards.metabase.cards import alerts, key, own_cards
from dashboards.metabase.markers import key_of
from dashboards.metabase.provisioning import provision
from dashboards.reader import Reader, Session
from dashboards.views import Grid, Number
from demo.metabase import MetabaseStandIn
from tests.dashboards import shop
from tests.dashboards.conftest import ADMIN, PASSWORD, pointed
from tests.dashboards.test_definition import foreign_tables
from warehouse import connection
from warehouse.settings import Settings

pytestmark = pytest.mark.xdist_group("dashboards")

OCTOBER = Filters(date(2026, 10, 1), date(2026, 10, 31), "default", "all")
DASHBOARDS = definition.load_all()
CARDS = list({card: None for dashboard in DASHBOARDS for card in dashboard.cards})


@pytest.fixture(scope="module")
def built(server_settings: Settings) -> Settings:
    return shop.built(server_settings)


@pytest.fixture(scope="module")
def metabase(built: Settings) -> Iterator[MetabaseStandIn]:
    """A Metabase with all dashboards; the first user is there already, so that the rest goes by API key."""
    with MetabaseStandIn(57) as stand_in:
        set_up = {"user": {"email": ADMIN, "password": PASSWORD}, "prefs": {"site_name": "Kabar"}}
        body = {"token": stand_in.state.setup_token, **set_up}
        assert requests.post(f"{stand_in.url}/api/setup", json=body, timeout=5).ok
        provision(pointed(built, stand_in, metabase_api_key=SecretStr(stand_in.give_key())))
        yield stand_in


@pytest.fixture(scope="module")
def session(built: Settings) -> Iterator[Session]:
    reader = Reader(connection.url("reader", built))
    with reader.session() as opened:
        yield opened
    reader.close()


@pytest.fixture(scope="module")
def ask(metabase: MetabaseStandIn) -> Any:
    headers = {"X-API-Key": next(iter(metabase.state.keys))}
    numbers = {key_of(row): row["id"] for row in metabase.state.all("card")}

    def run(card: Card, chosen: dict[str, Any]) -> list[dict[str, Any]]:
        url = f"{metabase.url}/api/card/{numbers[key(card)]}/query"
        parameters = [
            {"type": "category", "target": ["variable", ["template-tag", name]], "value": value}
            for name, value in chosen.items()
        ]
        answer = requests.post(url, json={"parameters": parameters}, headers=headers, timeout=30).json()
        assert answer["status"] == "completed", answer.get("error")
        names = [column["name"] for column in answer["data"]["cols"]]
        return [dict(zip(names, row, strict=True)) for row in answer["data"]["rows"]]

    return run


def given(chosen: Filters) -> dict[str, str]:
    return {name: str(value) for name, value in chosen.parameters().items()}


def scaled(value: Any, format_: str | None) -> Any:
    """Metabase counts durations in minutes."""
    number = None if value is None else float(value)
    return pytest.approx(number / 60 if format_ == "duration" and number is not None else number)


@pytest.mark.parametrize("card", [card for card in CARDS if card.chart == "number"], ids=key)
def test_a_number_is_the_pages_with_that_of_the_period_before(ask: Any, session: Session, card: Card) -> None:
    shown = [row["value"] for row in ask(card, given(OCTOBER))]
    now, before = (session.rows(card.sql, chosen.parameters())[0]["value"] for chosen in (OCTOBER, OCTOBER.before))
    extent = session.extents()["default"]
    expected = [before, now] if extent.first_day <= OCTOBER.before.first else [now]
    assert shown == [scaled(value, card.format) for value in expected]


@pytest.mark.parametrize("card", [card for card in CARDS if card.chart != "number"], ids=key)
def test_a_chart_has_the_pages_points_and_names(ask: Any, session: Session, card: Card) -> None:
    rows = ask(card, given(OCTOBER))
    dashboard = next(each for each in DASHBOARDS if card in each.cards)
    one = dashboard.sections[0].model_copy(update={"cards": [card]})
    view = report.build(
        session, dashboard.model_copy(update={"sections": [one]}), OCTOBER, session.extents()["default"], "en"
    ).sections[0][1][0]
    assert not isinstance(view, Number)
    assert rows
    if isinstance(view, Grid):
        assert [list(row) for row in rows] == [list(card.columns)] * len(view.table.rows)
    elif card.chart == "bar":
        assert {row["series"]: scaled(row["value"], None) for row in rows} == {
            point["series"]: scaled(point["value"], card.format) for point in view.points
        }
    else:
        assert {(row["day"], row["series"]): scaled(row["value"], None) for row in rows} == {
            (point["day"], point["series"]): scaled(point["value"], card.format) for point in view.points
        }


def test_without_a_choice_the_last_days_with_data_are_shown(ask: Any, session: Session) -> None:
    extents = session.extents()
    chosen = filters.parse({}, extents, "default")
    card = next(card for card in CARDS if card.id == "message_volume")
    days = {row["day"] for row in ask(card, {})}
    assert (min(days), max(days)) == (str(chosen.first), str(chosen.last))
    until = chosen.last - timedelta(10)
    days = {row["day"] for row in ask(card, {"to_day": str(until), "store": "default"})}
    assert (min(days), max(days)) == (str(until - timedelta(29)), str(until))


@pytest.mark.parametrize("card", own_cards().values(), ids=lambda card: card.id)
def test_metabases_own_cards_read_marts_alone_and_run(ask: Any, card: Card) -> None:
    assert foreign_tables(card.sql) == set()
    rows = ask(card, {})
    assert [list(row) for row in rows] == [list(card.columns)] * len(rows)
    if card not in alerts():
        assert rows


def test_every_dashboard_has_every_card_wired(metabase: MetabaseStandIn) -> None:
    state = metabase.state
    boards = {row["name"]: row for row in state.all("dashboard")}
    for dashboard in DASHBOARDS:
        board = boards[dashboard.title.en]
        placed = [row for row in state.where("dashcard", dashboard_id=board["id"]) if row["card_id"]]
        assert len(placed) == len(dashboard.cards) + 1, "and how fresh the data are"
        for dashcard in placed:
            tags = state.get("card", dashcard["card_id"])["query"]["native"]["template-tags"]
            targets = {mapping["target"][1][1] for mapping in dashcard["parameter_mappings"]}
            assert targets == set(tags) & {filter_.parameter for filter_ in dashboard.filters}
    tabs = [tab["name"] for tab in state.where("tab", dashboard_id=boards["Conversations"]["id"])]
    assert tabs == [section.title.en for section in definition.load("conversations").sections]


def test_nothing_overlaps(metabase: MetabaseStandIn) -> None:
    taken: set[tuple[int, int | None, int, int]] = set()
    for row in metabase.state.all("dashcard"):
        cells = {
            (row["dashboard_id"], row["dashboard_tab_id"], x, y)
            for x in range(row["col"], row["col"] + row["size_x"])
            for y in range(row["row"], row["row"] + row["size_y"])
        }
        assert not cells & taken
        assert row["col"] + row["size_x"] <= 24
        taken |= cells


def test_the_columns_of_marts_are_described(metabase: MetabaseStandIn) -> None:
    state = metabase.state
    tables = {row["id"]: row["name"] for row in state.all("table") if row["schema"] == "marts"}
    silent = [(tables[row["table_id"]], row["name"]) for row in state.all("field") if not row["description"]]
    assert [name for name in silent if name[0] in tables.values()] == []
    assert state.all("table")
    keys = {tables[row["table_id"]]: row["name"] for row in state.all("field") if row["semantic_type"] == "type/PK"}
    assert keys["fct_turns"] == "turn_id"
    assert "kpi_daily" not in keys, "a key of several columns is no key of one"
