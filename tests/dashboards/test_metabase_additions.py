"""What people add to our dashboards in Metabase stays where it is, whatever it is called and whatever we change."""

from __future__ import annotations

from typing import Any

import pytest

from dashboards import definition
from dashboards.definition import Dashboard
from dashboards.metabase.provisioning import provision
from tests.support.metabase_views import Row
from tests.support.provisioned import Provisioned

SIZE = {"row": 40, "col": 0, "size_x": 4, "size_y": 2}
CONVERSATIONS = "Conversations"


def with_sections(count: int) -> Dashboard:
    """A dashboard with a card in each of so many sections. From five on, each section has a tab."""
    whole = definition.load("conversations")
    sections = [section.model_copy(update={"cards": section.cards[:1]}) for section in whole.sections[:count]]
    return whole.model_copy(update={"sections": sections})


class Board:
    """The dashboard in Metabase, and somebody who changes it by hand."""

    def __init__(self, provisioned: Provisioned, sections: int) -> None:
        self._provisioned = provisioned
        self.provision(sections)

    def provision(self, sections: int) -> list[str]:
        """What a run changes; the one after it changes nothing."""
        settings, dashboards = self._provisioned.settings, [with_sections(sections)]
        said = provision(settings, dashboards=dashboards).messages
        assert provision(settings, dashboards=dashboards).messages == []
        return said

    @property
    def path(self) -> str:
        return f"/api/dashboard/{self._provisioned.number('dashboard', CONVERSATIONS)}"

    @property
    def now(self) -> Row:
        found: Row = self._provisioned.by_hand("GET", self.path)
        return found

    def change(self, tabs: list[Row], dashcards: list[Row]) -> None:
        self._provisioned.by_hand("PUT", self.path, {"tabs": tabs, "dashcards": dashcards})

    def tabs(self) -> list[Row]:
        return [{"id": tab["id"], "name": tab["name"]} for tab in self.now["tabs"]]

    def dashcards(self) -> list[Row]:
        """The cards as Metabase's own page sends them back."""
        return [{name: value for name, value in each.items() if name != "card"} for each in self.now["dashcards"]]

    def notes(self) -> dict[str, Any]:
        """The tab of each text that somebody wrote."""
        return {
            each["visualization_settings"]["text"]: each["dashboard_tab_id"]
            for each in self.now["dashcards"]
            if each["visualization_settings"].get("virtual_card", {}).get("display") == "text"
        }

    def ours(self) -> dict[str, Any]:
        """The tab of each card of ours by its mark."""
        marked = [each for each in self.now["dashcards"] if "kabar" in each["visualization_settings"]]
        return {each["visualization_settings"]["kabar"]: each["dashboard_tab_id"] for each in marked}


def note(text: str, tab: int | None = None, **more: int) -> Row:
    settings = {"virtual_card": {"display": "text"}, "text": text}
    return {"id": -99, "dashboard_tab_id": tab, **SIZE, **more, "visualization_settings": settings}


def test_an_added_card_goes_to_the_first_tab_when_tabs_appear(provisioned: Provisioned) -> None:
    board = Board(provisioned, 4)
    board.change([], [*board.dashcards(), note("Mine")])
    board.provision(5)
    assert board.notes() == {"Mine": board.tabs()[0]["id"]}


def test_an_added_card_that_would_be_covered_moves_below_when_tabs_appear(provisioned: Provisioned) -> None:
    board = Board(provisioned, 4)
    board.change([], [*board.dashcards(), note("Mine", row=0)])
    said = board.provision(5)
    assert "make room for what was put on the dashboard Conversations by hand" in said
    assert board.notes() == {"Mine": board.tabs()[0]["id"]}


def test_a_single_tab_that_somebody_added_holds_everything(provisioned: Provisioned) -> None:
    board = Board(provisioned, 2)
    board.change([{"id": -1, "name": "All of it"}], [*board.dashcards(), note("Mine")])
    board.provision(3)
    (tab,) = board.tabs()
    assert set(board.ours().values()) == {tab["id"]}
    assert board.notes() == {"Mine": tab["id"]}


@pytest.mark.parametrize("place", ["before", "after"])
def test_another_persons_tab_with_the_name_of_ours_stays_theirs(provisioned: Provisioned, place: str) -> None:
    board = Board(provisioned, 5)
    tabs, ours = board.tabs(), board.ours()
    theirs = {"id": -1, "name": tabs[1]["name"]}
    board.change([theirs, *tabs] if place == "before" else [*tabs, theirs], [*board.dashcards(), note("Mine", -1)])
    their_tab = board.notes()["Mine"]
    assert board.provision(6) != []
    assert board.notes() == {"Mine": their_tab}
    assert board.ours().items() >= ours.items()
    assert their_tab not in board.ours().values()
    assert {tab["id"] for tab in tabs} < {tab["id"] for tab in board.tabs()}


def test_our_renamed_tab_is_found_beside_another_with_its_old_name(provisioned: Provisioned) -> None:
    board = Board(provisioned, 5)
    tabs, ours = board.tabs(), board.ours()
    name = tabs[1]["name"]
    renamed = [{**tab, "name": "Budi's"} if tab["name"] == name else tab for tab in tabs]
    board.change([*renamed, {"id": -1, "name": name}], [*board.dashcards(), note("Mine", -1)])
    their_tab = board.notes()["Mine"]
    assert board.provision(5) == [f"fix the tab {name} of the dashboard Conversations"]
    assert (board.ours(), board.notes()) == (ours, {"Mine": their_tab})


def test_our_cards_on_another_persons_tab_are_moved_back(provisioned: Provisioned) -> None:
    board = Board(provisioned, 5)
    tabs, ours = board.tabs(), board.ours()
    moved = [
        {**each, "dashboard_tab_id": -1} if each["dashboard_tab_id"] == tabs[1]["id"] else each
        for each in board.dashcards()
    ]
    board.change([*tabs, {"id": -1, "name": "Mine"}], [*moved, note("Mine", -1)])
    their_tab = board.notes()["Mine"]
    board.provision(5)
    assert (board.ours(), board.notes()) == (ours, {"Mine": their_tab})
    assert {"id": their_tab, "name": "Mine"} in board.tabs()


def test_another_persons_tab_is_not_used_for_a_section_of_its_name(provisioned: Provisioned) -> None:
    board = Board(provisioned, 4)
    name = with_sections(5).sections[4].title
    placed = [{**each, "dashboard_tab_id": -1} for each in board.dashcards()]
    board.change([{"id": -1, "name": "Tab 1"}, {"id": -2, "name": name}], [*placed, note("Mine", -2)])
    their_tab = board.notes()["Mine"]
    board.provision(5)
    assert board.notes() == {"Mine": their_tab}
    assert their_tab not in board.ours().values()


def test_a_copy_of_one_of_our_cards_on_its_dashboard_belongs_to_whoever_made_it(provisioned: Provisioned) -> None:
    """Metabase copies a card with its settings, our mark among them, as when a tab is copied."""
    board = Board(provisioned, 5)
    first = board.dashcards()[0]
    board.change([*board.tabs(), {"id": -1, "name": "Copy"}], [
        *board.dashcards(), {**first, **SIZE, "id": -1, "dashboard_tab_id": -1},
    ])  # fmt: skip
    count = len(board.dashcards())
    assert board.provision(5) == []
    assert len(board.dashcards()) == count


def test_filters_that_people_added_keep_their_place(provisioned: Provisioned) -> None:
    board = Board(provisioned, 2)
    mine = {"id": "abc", "name": "City", "slug": "city", "type": "string/="}
    parameters = [mine, *board.now["parameters"]]
    provisioned.by_hand("PUT", board.path, {"parameters": parameters})
    assert board.provision(2) == []
    changed = [mine, *({**each, "name": "Renamed"} for each in parameters[1:])]
    provisioned.by_hand("PUT", board.path, {"parameters": changed})
    assert board.provision(2) == ["fix the filters of the dashboard Conversations"]
    assert board.now["parameters"] == parameters


def test_what_people_set_of_a_tables_other_columns_stays(provisioned: Provisioned) -> None:
    whole = definition.load("issues")
    table = next(card for card in whole.cards if card.chart == "table" and card.facts)
    issues = [whole.only(table)]
    provision(provisioned.settings, dashboards=issues)
    path = f"/api/dashboard/{provisioned.number('dashboard', str(whole.title))}"
    board = provisioned.by_hand("GET", path)
    dashcards = [{name: value for name, value in each.items() if name != "card"} for each in board["dashcards"]]
    card = next(each for each in dashcards if "column_settings" in each["visualization_settings"])
    ((linked, ours),) = card["visualization_settings"]["column_settings"].items()
    theirs = {linked: {"text_style": "bold"}, '["name","other"]': {"column_title": "Mine"}}
    card["visualization_settings"] = {**card["visualization_settings"], "column_settings": theirs}
    provisioned.by_hand("PUT", path, {"tabs": [], "dashcards": dashcards})
    (said,) = provision(provisioned.settings, dashboards=issues).messages
    assert said.startswith("fix the settings of ")
    after = next(each for each in provisioned.by_hand("GET", path)["dashcards"] if each["id"] == card["id"])
    kept = after["visualization_settings"]["column_settings"]
    assert kept == {**theirs, linked: {**theirs[linked], **ours}}


def test_another_connection_to_the_same_database_is_somebodys(provisioned: Provisioned) -> None:
    state = provisioned.metabase.state
    (ours,) = state.all("database")
    body = {"name": "A copy", "engine": "postgres", "details": ours["details"]}
    theirs = provisioned.by_hand("POST", "/api/database", body)
    assert provisioned.again() == []
    # Listed by name, theirs comes first.
    state.kinds["database"] = {row["id"]: row for row in (state.get("database", theirs["id"]), ours)}
    assert provisioned.again() == []
    assert state.get("database", theirs["id"])["name"] == "A copy"


def test_a_group_name_in_another_case_is_the_same_group(provisioned: Provisioned) -> None:
    number = provisioned.number("group", "Kabar support")
    provisioned.by_hand("PUT", f"/api/permissions/group/{number}", {"name": "KABAR Support"})
    assert provisioned.again() == []


def test_dashboards_are_found_wherever_they_were_moved(provisioned: Provisioned) -> None:
    number = provisioned.number("dashboard", "Overview")
    path = f"/api/dashboard/{number}"
    folder = provisioned.by_hand("POST", "/api/collection", {"name": "Budi's"})["id"]
    for place in (folder, None):
        provisioned.by_hand("PUT", path, {"collection_id": place})
        assert provisioned.again() == ["move the dashboard Overview back"]
    provisioned.by_hand("PUT", path, {"archived": True})
    said = provisioned.again()
    assert "take the dashboard Overview out of the trash" in said
    assert "move the dashboard Overview back" not in said
    provisioned.by_hand("PUT", path, {"collection_id": folder})
    provisioned.by_hand("PUT", f"/api/collection/{folder}", {"archived": True})
    provisioned.again()
    assert provisioned.by_hand("GET", path)["collection_id"] == provisioned.number("collection", "Kabar")
    asked = {request.path for request in provisioned.metabase.requests if request.method == "GET"}
    assert "/api/dashboard" not in asked, "that listing is deprecated"
