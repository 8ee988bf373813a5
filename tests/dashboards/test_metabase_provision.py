"""Provisioning over HTTP: what is missing is made, what differs is mended, the rest is left alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from pydantic import SecretStr

from dashboards import definition
from dashboards.definition import Dashboard
from dashboards.metabase.client import MetabaseAway, MetabaseRefused, NotSetUp
from dashboards.metabase.provisioning import provision
from demo.metabase import MetabaseStandIn
from tests.dashboards.conftest import ADMIN, PASSWORD, RECIPIENTS, pointed
from tests.dashboards.metabase_views import Row, small_dashboard, snapshot
from warehouse.settings import Settings

SMALL = [small_dashboard()]


@pytest.fixture(params=[53, 57])
def any_version(request: pytest.FixtureRequest) -> Iterator[MetabaseStandIn]:
    with MetabaseStandIn(request.param) as metabase:
        yield metabase


class Provisioned:
    """A Metabase after the first run, and somebody who works in it by hand."""

    def __init__(self, metabase: MetabaseStandIn, settings: Settings) -> None:
        self.metabase, self.settings = metabase, settings
        self._session = self.sign_in(ADMIN, PASSWORD)

    def sign_in(self, user: str, password: str) -> str:
        body = {"username": user, "password": password}
        return str(requests.post(f"{self.metabase.url}/api/session", json=body, timeout=5).json()["id"])

    def by_hand(self, method: str, path: str, body: Row | None = None, session: str | None = None) -> Any:
        headers = {"X-Metabase-Session": session or self._session}
        answer = requests.request(method, f"{self.metabase.url}{path}", json=body, headers=headers, timeout=5)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def number(self, kind: str, name: str) -> int:
        return next(int(row["id"]) for row in self.metabase.state.all(kind) if row["name"] == name)

    def plan(self) -> list[str]:
        before = len(self.metabase.writes)
        said = provision(self.settings, is_plan=True, dashboards=SMALL).said
        assert len(self.metabase.writes) == before, "a plan writes nothing"
        return said

    def again(self) -> list[str]:
        """What the next run changes; the one after it has nothing left to do."""
        said = provision(self.settings, dashboards=SMALL).said
        before = len(self.metabase.writes)
        assert provision(self.settings, dashboards=SMALL).said == []
        assert len(self.metabase.writes) == before
        return said

    def board(self) -> Row:
        board: Row = self.by_hand("GET", f"/api/dashboard/{self.number('dashboard', 'Overview')}")
        return board


@pytest.fixture(scope="module")
def first_run(small: Settings) -> MetabaseStandIn:
    with MetabaseStandIn(57) as metabase:
        provision(pointed(small, metabase), dashboards=SMALL)
    return metabase


@pytest.fixture
def provisioned(small: Settings, first_run: MetabaseStandIn) -> Iterator[Provisioned]:
    with MetabaseStandIn.like(first_run) as metabase:
        key = metabase.give_key()
        yield Provisioned(metabase, pointed(small, metabase, metabase_api_key=SecretStr(key)))


def placed(board: Row) -> list[Row]:
    """Dashcards as Metabase's own page sends them back."""
    kept = ("id", "row", "col", "size_x", "size_y", "card_id", "parameter_mappings", "visualization_settings")
    return [{name: dashcard[name] for name in kept} for dashcard in board["dashcards"]]


def test_a_second_run_sends_no_write(any_version: MetabaseStandIn, small: Settings) -> None:
    settings = pointed(small, any_version)
    first = provision(settings, dashboards=SMALL)
    assert "make the dashboard Overview" in first.said
    assert [request for request in any_version.requests if request.status >= 400] == []
    written = len(any_version.writes)
    assert provision(settings, dashboards=SMALL).said == []
    assert any_version.writes[written:] == []


def test_versions_on_both_sides_of_the_new_query_format_show_the_same(small: Settings) -> None:
    seen = []
    for version in (56, 57):
        with MetabaseStandIn(version) as metabase:
            provision(pointed(small, metabase), dashboards=SMALL)
            seen.append(snapshot(metabase))
            card = next(iter(metabase.state.all("card")))["id"]
            shown = Provisioned(metabase, small).by_hand("GET", f"/api/card/{card}")
            assert ("lib/type" in shown["dataset_query"]) == (version >= 57)
    assert seen[0] == seen[1]


def test_what_is_made_is_wired_and_described(provisioned: Provisioned) -> None:
    board = provisioned.board()
    messages = next(each for each in board["dashcards"] if each["card"] and each["card"]["name"] == "Messages")
    targets = {each["parameter_id"]: each["target"] for each in messages["parameter_mappings"]}
    assert targets == {
        f"kabar_{name}": ["variable", ["template-tag", tag]]
        for name, tag in (("from", "from_day"), ("to", "to_day"), ("store", "store"), ("channel", "channel"))
    }
    assert {parameter["id"] for parameter in board["parameters"]} == set(targets)
    assert "Pesan:" in messages["card"]["description"], "the other language stands in the description"
    fields = {row["name"]: row for row in provisioned.metabase.state.all("field")}
    assert fields["quality"]["semantic_type"] == "type/Category"
    assert fields["day"]["description"] == "A calendar day in the shop's time zone."


def test_a_card_that_was_deleted_is_named_and_comes_back(provisioned: Provisioned) -> None:
    wanted = snapshot(provisioned.metabase)
    card = provisioned.number("card", "First response")
    provisioned.by_hand("PUT", f"/api/card/{card}", {"archived": True})
    assert "take the card First response out of the trash" in provisioned.plan()
    provisioned.again()
    assert snapshot(provisioned.metabase) == wanted
    provisioned.by_hand("DELETE", f"/api/card/{card}")
    said = provisioned.plan()
    assert "make the card First response" in said
    assert "put First response on the dashboard Overview" in said
    provisioned.again()
    assert snapshot(provisioned.metabase) == wanted


def test_a_renamed_dashboard_is_named_and_renamed_back(provisioned: Provisioned) -> None:
    wanted = snapshot(provisioned.metabase)
    number = provisioned.number("dashboard", "Overview")
    provisioned.by_hand("PUT", f"/api/dashboard/{number}", {"name": "Budi's page", "collection_id": None})
    assert provisioned.plan() == [
        "move the dashboard Overview back",
        "rename the dashboard Budi's page back to Overview",
    ]
    provisioned.again()
    assert snapshot(provisioned.metabase) == wanted


@pytest.mark.parametrize("what", ["mapping", "parameter"])
def test_a_broken_filter_is_named_and_wired_again(provisioned: Provisioned, what: str) -> None:
    wanted = snapshot(provisioned.metabase)
    board = provisioned.board()
    path = f"/api/dashboard/{board['id']}"
    if what == "mapping":
        dashcards = placed(board)
        next(each for each in dashcards if each["card_id"] == provisioned.number("card", "Messages")).update(
            parameter_mappings=[]
        )
        provisioned.by_hand("PUT", path, {"dashcards": dashcards, "tabs": []})
        assert provisioned.plan() == ["wire the filters of Messages on the dashboard Overview"]
    else:
        provisioned.by_hand("PUT", path, {"parameters": board["parameters"][1:]})
        assert provisioned.plan() == ["mend the filters of the dashboard Overview"]
    provisioned.again()
    assert snapshot(provisioned.metabase) == wanted


def test_a_changed_query_is_mended(provisioned: Provisioned) -> None:
    wanted = snapshot(provisioned.metabase)
    card = provisioned.by_hand("GET", f"/api/card/{provisioned.number('card', 'Messages')}?legacy-mbql=true")
    query = card["dataset_query"]
    query["native"]["query"] = "select 42 as value"
    provisioned.by_hand("PUT", f"/api/card/{card['id']}", {"dataset_query": query})
    assert provisioned.plan() == ["mend the query of the card Messages"]
    provisioned.again()
    assert snapshot(provisioned.metabase) == wanted


def test_what_people_made_stays(provisioned: Provisioned) -> None:
    """A card, a dashboard, a group, a copy of ours among the support team's own, and a card put on our dashboard."""
    state = provisioned.metabase.state
    database = provisioned.number("database", "Kabar")
    query = {"database": database, "type": "native", "native": {"query": "select 1 as one", "template-tags": {}}}
    card = provisioned.by_hand(
        "POST",
        "/api/card",
        {"name": "Mine", "display": "scalar", "dataset_query": query, "visualization_settings": {}},
    )
    provisioned.by_hand("POST", "/api/permissions/group", {"name": "Friends"})
    support = provisioned.number("collection", "Support team")
    copy = provisioned.by_hand(
        "POST",
        f"/api/dashboard/{provisioned.number('dashboard', 'Overview')}/copy",
        {"name": "Ours, but better", "collection_id": support, "is_deep_copy": True},
    )
    board = provisioned.board()
    mine = {"id": -1, "card_id": card["id"], "row": 30, "col": 0, "size_x": 6, "size_y": 3}
    provisioned.by_hand("PUT", f"/api/dashboard/{board['id']}", {"dashcards": [*placed(board), mine], "tabs": []})
    wanted = snapshot(provisioned.metabase)
    assert provisioned.again() == []
    # Even when the originals are gone, the copies are nobody's but theirs.
    for name in ("Messages", "First response"):
        provisioned.by_hand("DELETE", f"/api/card/{provisioned.number('card', name)}")
    provisioned.by_hand("DELETE", f"/api/dashboard/{board['id']}")
    provisioned.again()
    assert state.get("dashboard", copy["id"])["name"] == "Ours, but better"
    assert len(provisioned.by_hand("GET", f"/api/dashboard/{copy['id']}")["dashcards"]) == len(copy["dashcards"])
    again = snapshot(provisioned.metabase)
    assert again["cards"] == wanted["cards"]
    assert again["groups"] == wanted["groups"]


def test_what_was_put_where_a_card_of_ours_belongs_moves_below(provisioned: Provisioned) -> None:
    board = provisioned.board()
    note = {"virtual_card": {"display": "text"}, "text": "Meeting at nine"}
    mine = {"id": -1, "row": 0, "col": 0, "size_x": 6, "size_y": 3, "visualization_settings": note}
    provisioned.by_hand("PUT", f"/api/dashboard/{board['id']}", {"dashcards": [*placed(board), mine], "tabs": []})
    assert provisioned.again() == ["make room for what was put on the dashboard Overview by hand"]
    rows = {each["visualization_settings"].get("text"): each for each in provisioned.board()["dashcards"]}
    bottom = max(each["row"] + each["size_y"] for each in placed(board))
    assert rows["Meeting at nine"]["row"] == bottom


def tabbed() -> Dashboard:
    """A dashboard with so many sections that each has a tab."""
    whole = definition.load("conversations")
    sections = [section.model_copy(update={"cards": section.cards[:1]}) for section in whole.sections[:5]]
    return whole.model_copy(update={"sections": sections})


def test_tabs_are_renamed_back_and_those_of_people_stay(provisioned: Provisioned) -> None:
    both = [*SMALL, tabbed()]
    provision(provisioned.settings, dashboards=both)
    wanted = snapshot(provisioned.metabase)
    path = f"/api/dashboard/{provisioned.number('dashboard', 'Conversations')}"
    board = provisioned.by_hand("GET", path)
    tabs = [{"id": tab["id"], "name": tab["name"]} for tab in board["tabs"]]
    tabs[1]["name"] = "Budi's tab"
    note = {"virtual_card": {"display": "text"}, "text": "Mine"}
    mine = {"id": -1, "dashboard_tab_id": -1, "row": 0, "col": 0, "size_x": 4, "size_y": 2}
    theirs = [
        {**each, "dashboard_tab_id": old["dashboard_tab_id"]}
        for each, old in zip(placed(board), board["dashcards"], strict=True)
    ]
    dashcards = [*theirs, {**mine, "visualization_settings": note}]
    body = {"dashcards": dashcards, "tabs": [*tabs, {"id": -1, "name": "Budi's own"}]}
    provisioned.by_hand("PUT", path, body)
    said = provision(provisioned.settings, is_plan=True, dashboards=both).said
    assert said == ["mend the tab How busy it is of the dashboard Conversations"]
    provision(provisioned.settings, dashboards=both)
    assert provision(provisioned.settings, dashboards=both).said == []
    again = provisioned.by_hand("GET", path)
    titles = [section.title.en for section in both[-1].sections]
    assert [tab["name"] for tab in again["tabs"]] == [*titles, "Budi's own"]
    assert len(snapshot(provisioned.metabase)["dashcards"]) == len(wanted["dashcards"]) + 1


def test_a_tab_that_somebody_added_stays(provisioned: Provisioned) -> None:
    board = provisioned.board()
    path = f"/api/dashboard/{board['id']}"
    tabs = [{"id": -1, "name": "Tab 1"}, {"id": -2, "name": "Mine"}]
    moved = [{**each, "dashboard_tab_id": -1} for each in placed(board)]
    note = {"virtual_card": {"display": "text"}, "text": "Mine"}
    mine = {"id": -99, "dashboard_tab_id": -2, "row": 0, "col": 0, "size_x": 4, "size_y": 2}
    body = {"dashcards": [*moved, {**mine, "visualization_settings": note}], "tabs": tabs}
    provisioned.by_hand("PUT", path, body)
    assert provisioned.again() == []
    assert [tab["name"] for tab in provisioned.board()["tabs"]] == ["Tab 1", "Mine"]


def test_each_group_may_do_what_it_needs_and_no_more(provisioned: Provisioned) -> None:
    people = {}
    for group in ("admin", "business", "support", None):
        email = f"{group}-person@shop.example"
        groups = [{"id": provisioned.number("group", f"Kabar {group}")}] if group else []
        body = {"email": email, "password": "something long", "user_group_memberships": groups}
        provisioned.by_hand("POST", "/api/user", body)
        people[group] = provisioned.sign_in(email, "something long")
    board, support = provisioned.number("dashboard", "Overview"), provisioned.number("collection", "Support team")
    query = {"database": 1, "type": "native", "native": {"query": "select 1"}}
    card = {"name": "New", "display": "table", "dataset_query": query, "visualization_settings": {}}
    requests_of = {
        "see": ("GET", f"/api/dashboard/{board}", {}),
        "change": ("PUT", f"/api/dashboard/{board}", {"description": None}),
        "copy": ("POST", f"/api/dashboard/{board}/copy", {"collection_id": support}),
        "sql": ("POST", "/api/card", {**card, "collection_id": support}),
        "administer": ("GET", "/api/permissions/graph", {}),
    }

    def allowed(session: str) -> set[str]:
        headers = {"X-Metabase-Session": session}
        answers = {
            what: requests.request(method, f"{provisioned.metabase.url}{path}", json=body, headers=headers, timeout=5)
            for what, (method, path, body) in requests_of.items()
        }
        assert {answer.status_code for answer in answers.values()} <= {200, 403}
        return {what for what, answer in answers.items() if answer.ok}

    assert {group: allowed(session) for group, session in people.items()} == {
        "admin": {"see", "change", "copy", "sql"},
        "business": {"see"},
        "support": {"see", "copy"},
        None: set(),
    }


def test_alerts_and_the_morning_reach_the_recipients(provisioned: Provisioned) -> None:
    state = provisioned.metabase.state
    for alert in state.all("notification"):
        sent = [each["details"]["value"] for each in alert["handlers"][0]["recipients"]]
        assert sent == RECIPIENTS
    assert len(state.all("notification")) == 3
    (pulse,) = state.all("pulse")
    assert pulse["dashboard_id"] == provisioned.number("dashboard", "Overview")
    assert len(pulse["cards"]) == len([each for each in provisioned.board()["dashcards"] if each["card_id"]])
    first = state.all("notification")[0]
    provisioned.by_hand("PUT", f"/api/notification/{first['id']}", {**first, "active": False})
    assert [says.split(" Alert")[0] for says in provisioned.again()] == ["mend the alert"]


def test_somebody_elses_subscription_stays_theirs(provisioned: Provisioned) -> None:
    """Metabase itself names subscriptions after their dashboard, so that the name tells nothing."""
    state = provisioned.metabase.state
    board = provisioned.board()
    provisioned.by_hand("PUT", f"/api/dashboard/{board['id']}", {"description": board["description"]})
    (ours,) = state.all("pulse")
    weekly = {"channel_type": "email", "schedule_type": "weekly", "recipients": [{"email": "me@shop.example"}]}
    theirs = provisioned.by_hand("POST", "/api/pulse", {**ours, "channels": [weekly]})
    assert provisioned.again() == []
    state.remove("pulse", ours["id"])
    assert provisioned.again() == ["send the dashboard Overview every morning"]
    assert state.get("pulse", theirs["id"])["channels"][0]["schedule_type"] == "weekly"


def test_a_password_that_changed_reaches_metabase(provisioned: Provisioned) -> None:
    row = provisioned.metabase.state.all("database")[0]
    row["details"] = {**row["details"], "password": "of last year"}
    assert provisioned.again() == ["give the database Kabar the reader's password anew"]


def test_a_caching_policy_that_somebody_chose_stays(provisioned: Provisioned) -> None:
    policy = {"model": "root", "model_id": 0, "strategy": {"type": "nocache"}}
    provisioned.by_hand("PUT", "/api/cache", policy)
    assert provisioned.again() == []
    assert provisioned.metabase.state.all("cache")[0]["strategy"] == {"type": "nocache"}


def test_an_api_key_stands_in_the_place_of_the_user(provisioned: Provisioned) -> None:
    key = provisioned.by_hand("POST", "/api/api-key", {"name": "provisioner", "group_id": 2})["unmasked_key"]
    update = {"metabase_api_key": SecretStr(key), "metabase_user": None, "metabase_password": None}
    assert provision(provisioned.settings.model_copy(update=update), dashboards=SMALL).said == []
    update["metabase_api_key"] = SecretStr("mb_guessed")
    with pytest.raises(MetabaseAway, match="The provided API key is not correct"):
        provision(provisioned.settings.model_copy(update=update), dashboards=SMALL)


def test_a_wrong_password_is_said_in_metabases_words(provisioned: Provisioned) -> None:
    update = {"metabase_password": SecretStr("guessed"), "metabase_api_key": None}
    wrong = provisioned.settings.model_copy(update=update)
    with pytest.raises(MetabaseRefused, match="401 password: did not match stored password"):
        provision(wrong, dashboards=SMALL)


def test_a_user_without_rights_is_told_so_in_metabases_words(provisioned: Provisioned) -> None:
    provisioned.by_hand("POST", "/api/user", {"email": "new@shop.example", "password": "something long"})
    update = {"metabase_user": "new@shop.example", "metabase_password": SecretStr("something long")}
    update |= {"metabase_api_key": None}
    with pytest.raises(MetabaseRefused, match="403 You don't have permissions to do that"):
        provision(provisioned.settings.model_copy(update=update), dashboards=SMALL)


def test_a_metabase_that_nobody_set_up_is_not_planned_for(small: Settings) -> None:
    with MetabaseStandIn(57) as metabase:
        with pytest.raises(NotSetUp, match="nobody has set up the Metabase"):
            provision(pointed(small, metabase), is_plan=True, dashboards=SMALL)
        assert metabase.writes == []


def test_a_metabase_that_is_not_there_is_named(small: Settings) -> None:
    with MetabaseStandIn(57) as metabase:
        settings = pointed(small, metabase)
    with pytest.raises(MetabaseAway, match="no Metabase answers at"):
        provision(settings, is_plan=True, dashboards=SMALL)
