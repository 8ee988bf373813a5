"""People work in a Metabase that is provisioned: what they make stays, and each may do what they need."""

from __future__ import annotations

import requests

from dashboards import definition
from dashboards.definition import Dashboard
from dashboards.metabase.provisioning import provision
from tests.support.metabase_views import SMALL, placed, snapshot
from tests.support.provisioned import RECIPIENTS, Provisioned


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
    said = provision(provisioned.settings, is_plan=True, dashboards=both).messages
    assert said == ["fix the tab Volume of the dashboard Conversations"]
    provision(provisioned.settings, dashboards=both)
    assert provision(provisioned.settings, dashboards=both).messages == []
    again = provisioned.by_hand("GET", path)
    titles = [section.title for section in both[-1].sections]
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


def test_tabs_of_one_name_stay_apart(provisioned: Provisioned) -> None:
    """Metabase allows tabs of equal names, and a tab that the next change leaves out is deleted with its cards."""
    board = provisioned.board()
    path = f"/api/dashboard/{board['id']}"
    tabs = [{"id": -1, "name": "Mine"}, {"id": -2, "name": "Mine"}, {"id": -3, "name": "Mine"}]
    moved = [{**each, "dashboard_tab_id": -1} for each in placed(board)]
    note = {"virtual_card": {"display": "text"}, "text": "Mine"}
    size = {"row": 0, "col": 0, "size_x": 4, "size_y": 2}
    theirs = [{"id": tab * 50, "dashboard_tab_id": tab, **size, "visualization_settings": note} for tab in (-2, -3)]
    provisioned.by_hand("PUT", path, {"dashcards": [*moved, *theirs], "tabs": tabs})
    before = provisioned.board()
    dashcards = provisioned.metabase.state.all("dashcard")
    dashcard = next(each for each in dashcards if "click_behavior" in each["visualization_settings"])
    dashcard["visualization_settings"] = {**dashcard["visualization_settings"], "click_behavior": {}}
    assert provisioned.again() == ["fix the settings of Messages on the dashboard Overview"]
    after = provisioned.board()
    assert after["tabs"] == before["tabs"]
    assert {(each["id"], each["dashboard_tab_id"]) for each in after["dashcards"]} == {
        (each["id"], each["dashboard_tab_id"]) for each in before["dashcards"]
    }


def test_each_group_may_do_what_it_needs_and_no_more(provisioned: Provisioned) -> None:
    people = {}
    for group in ("admin", "business", "support", None):
        email = f"{group}-person@shop.example"
        groups = [{"id": provisioned.number("group", f"Kabar {group}")}] if group else []
        body = {"email": email, "password": "something long 1", "user_group_memberships": groups}
        provisioned.by_hand("POST", "/api/user", body)
        people[group] = provisioned.sign_in(email, "something long 1")
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
    assert [says.split(" Alert")[0] for says in provisioned.again()] == ["fix the alert"]


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
