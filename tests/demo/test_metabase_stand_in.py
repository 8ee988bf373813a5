"""The stand-in of Metabase says no where the original does, in its words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from dashboards.metabase.client import VERSION
from tests.support.metabase_caller import USER, Caller, card, query, set_up
from warehouse.settings import ROOT

OUT_OF_DATE = "Looks like someone else edited the permissions and your data is out of date."


@pytest.fixture
def ask() -> Iterator[Caller]:
    with set_up() as caller:
        yield caller


def test_nobody_gets_in_without_a_key(ask: Caller) -> None:
    ask.headers = {}
    assert (ask("GET", "/api/card").status_code, ask("GET", "/api/card").text) == (401, "Unauthenticated")
    assert ask("GET", "/api/health").json() == {"status": "ok"}
    wrong = ask("POST", "/api/session", {"username": USER["email"], "password": "guessed"})
    assert (wrong.status_code, wrong.json()) == (401, {"errors": {"password": "did not match stored password"}})
    ask.headers = {"X-API-Key": "mb_guessed"}
    assert ask("GET", "/api/card").status_code == 401


def test_it_is_set_up_once(ask: Caller) -> None:
    again = ask("POST", "/api/setup", {"token": "x", "user": USER, "prefs": {"site_name": "Kabar"}})
    assert again.status_code == 403
    assert "can only be used to create the first user" in again.text
    assert ask("GET", "/api/session/properties").json()["has-user-setup"] is True


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/card/99"),
        ("PUT", "/api/dashboard/99"),
        ("GET", "/api/collection/99"),
        ("POST", "/api/database/99/sync_schema"),
        ("PUT", "/api/field/99"),
    ],
)
def test_an_unknown_number_is_not_found(ask: Caller, method: str, path: str) -> None:
    answer = ask(method, path, {})
    assert (answer.status_code, answer.text) == (404, "Not found.")


@pytest.mark.parametrize(("method", "path"), [("POST", "/api/dashboard/1/cards"), ("GET", "/api/alert")])
def test_endpoints_of_older_versions_do_not_exist(ask: Caller, method: str, path: str) -> None:
    answer = ask(method, path, {"cardId": 1})
    assert (answer.status_code, answer.text) == (404, "API endpoint does not exist.")


def test_it_is_of_the_version_that_compose_runs(ask: Caller) -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    tag = ask("GET", "/api/session/properties").json()["version"]["tag"]
    assert services["metabase"]["image"] == f"metabase/metabase:{tag}"
    assert tag.startswith(f"v0.{VERSION}.")


@pytest.mark.parametrize(
    ("path", "body", "complains"),
    [
        ("/api/card", {"display": "table", "dataset_query": query(), "visualization_settings": {}}, "name"),
        ("/api/card", card(name="  "), "name"),
        ("/api/card", card(visualization_settings=None), "visualization_settings"),
        ("/api/card", card(dataset_query={"database": 1, "type": "native"}), "dataset_query"),
        ("/api/card", card(collection_id="root"), "collection_id"),
        ("/api/dashboard", {}, "name"),
        ("/api/collection", {"name": ""}, "name"),
        ("/api/database", {"name": "Ours", "engine": "paper", "details": {}}, "engine"),
        ("/api/permissions/group", {"name": "all users"}, "name"),
        ("/api/pulse", {"name": "Daily", "cards": [], "channels": [{}]}, "cards"),
        ("/api/user", {"email": "nobody"}, "email"),
    ],
)
def test_a_wrong_body_is_complained_about_by_key(ask: Caller, path: str, body: Any, complains: str) -> None:
    answer = ask("POST", path, body)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [complains]
    assert list(answer.json()["specific-errors"]) == [complains]


def test_queries_come_back_as_mbql_5_with_a_list_of_tags_unless_the_legacy_format_is_asked_for(ask: Caller) -> None:
    tag = {"name": "day", "display-name": "Day", "type": "date"}
    sent = query("select {{day}}")
    sent["native"]["template-tags"] = {"day": tag}
    number = ask.made("/api/card", card(dataset_query=sent))["id"]
    shown = ask("GET", f"/api/card/{number}").json()["dataset_query"]
    assert shown["lib/type"] == "mbql/query"
    stage = {"lib/type": "mbql.stage/native", "native": "select {{day}}", "template-tags": [tag]}
    assert shown["stages"] == [stage]
    legacy = ask("GET", f"/api/card/{number}?legacy-mbql=true").json()["dataset_query"]
    assert legacy == {**sent, "native": {**sent["native"], "template-tags": [tag]}}
    for again in (shown, legacy):
        number = ask.made("/api/card", card(dataset_query=again))["id"]
        assert ask("GET", f"/api/card/{number}").json()["dataset_query"] == shown


def test_a_dashboard_is_changed_as_a_whole(ask: Caller) -> None:
    board, number = ask.made("/api/dashboard", {"name": "Board"})["id"], ask.made("/api/card", card())["id"]
    path = f"/api/dashboard/{board}"
    place = {"row": 0, "col": 0, "size_x": 4, "size_y": 4, "card_id": number}
    tabs = [{"id": -1, "name": "One"}, {"id": -2, "name": "Two"}]
    placed = [{"id": -1, "dashboard_tab_id": -2, **place}, {"id": -2, "dashboard_tab_id": -1, **place, "odd": 1}]
    first = ask("PUT", path, {"dashcards": placed, "tabs": tabs}).json()
    assert [tab["name"] for tab in first["tabs"]] == ["One", "Two"]
    assert [each["dashboard_tab_id"] for each in first["dashcards"]] == [2, 1]
    assert "odd" not in first["dashcards"][1], "keys that Metabase does not know are dropped"
    kept = {"id": first["dashcards"][0]["id"], "dashboard_tab_id": 2, **place}
    second = ask("PUT", path, {"dashcards": [kept], "tabs": [{"id": 2, "name": "Alone"}]}).json()
    assert [each["id"] for each in second["dashcards"]] == [kept["id"]]
    assert [tab["name"] for tab in second["tabs"]] == ["Alone"]
    unsized = ask("PUT", path, {"dashcards": [{"id": -1, "row": 0, "col": 0}]})
    assert set(unsized.json()["errors"]["dashcards"]) == {"size_x", "size_y"}
    ask("PUT", f"/api/card/{number}", {"archived": True})
    assert ask("GET", path).json()["dashcards"] == []
    assert ask("PUT", path, {"dashcards": [{**kept, "id": -1}], "tabs": []}).status_code == 404


def test_a_graph_that_somebody_changed_meanwhile_is_refused(ask: Caller) -> None:
    collection = ask.made("/api/collection", {"name": "Ours"})["id"]
    for path, groups in (
        ("/api/collection/graph", {"1": {str(collection): "none"}}),
        ("/api/permissions/graph", {"1": {"1": {"view-data": "unrestricted", "create-queries": "no"}}}),
    ):
        revision = ask("GET", path).json()["revision"]
        body = {"revision": revision, "groups": groups}
        assert ask("PUT", path, body).ok
        late = ask("PUT", path, body)
        assert late.status_code == 409
        assert late.text.startswith(OUT_OF_DATE)


def test_rights_are_asked_for(ask: Caller) -> None:
    collection = ask.made("/api/collection", {"name": "Ours"})["id"]
    number = ask.made("/api/card", card(collection_id=collection))["id"]
    revision = ask("GET", "/api/collection/graph").json()["revision"]
    ask("PUT", "/api/collection/graph", {"revision": revision, "groups": {"1": {str(collection): "read"}}})
    ask.made("/api/user", {"email": "b@shop.example", "password": "long enough 1"})
    session = ask("POST", "/api/session", {"username": "b@shop.example", "password": "long enough 1"}).json()["id"]
    ask.headers = {"X-Metabase-Session": session}
    assert ask("GET", f"/api/card/{number}").ok
    refused = [
        ask("PUT", f"/api/card/{number}", {"name": "Mine"}),
        ask("POST", "/api/card", card(collection_id=collection)),
        ask("GET", "/api/permissions/graph"),
        ask("POST", "/api/permissions/group", {"name": "Friends"}),
        ask("GET", "/api/cache"),
    ]
    assert {(each.status_code, each.text) for each in refused} == {(403, "You don't have permissions to do that.")}


def test_paid_features_are_not_given_away(ask: Caller) -> None:
    policy = {"model": "database", "model_id": 1, "strategy": {"type": "nocache"}}
    for answer in (ask("PUT", "/api/cache", policy), ask("POST", "/api/cache/invalidate?database=1", {})):
        assert answer.status_code == 402
        assert answer.json()["message"].startswith("Granular Caching is a paid feature")


def test_a_key_is_shown_once_and_good_until_it_is_changed(ask: Caller) -> None:
    body = {"name": "A key", "group_id": 2}
    made = ask.made("/api/api-key", body)
    assert "unmasked_key" not in ask("GET", "/api/api-key").json()[0]
    assert ask("POST", "/api/api-key", body).status_code == 400
    changed = ask("PUT", f"/api/api-key/{made['id']}/regenerate", {}).json()["unmasked_key"]
    allowed = []
    for key in (made["unmasked_key"], changed):
        ask.headers = {"X-API-Key": key}
        allowed.append(ask("GET", "/api/api-key").ok)
    assert allowed == [False, True]
