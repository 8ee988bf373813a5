"""The stand-in of Metabase does what 0.63 does with requests, as its source says."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from demo.metabase import checks
from tests.support.metabase_caller import Caller, alert, board, card, pulse, query, set_up

PLACE = {"row": 0, "col": 0, "size_x": 4, "size_y": 4}
PARAMETER = {"id": "abc", "name": "Shop", "slug": "shop", "type": "string/="}
TAG = {"id": "t", "name": "day", "display-name": "Day", "type": "date"}


@pytest.fixture
def ask() -> Iterator[Caller]:
    with set_up() as caller:
        yield caller


def with_tags(tags: Any) -> dict[str, Any]:
    return {"database": 1, "type": "native", "native": {"query": "select {{day}}", "template-tags": tags}}


@pytest.mark.parametrize("tags", [{"day": TAG}, [TAG]], ids=["map", "list"])
@pytest.mark.parametrize(("options", "is_list"), [
    ({"version": 63}, (True, True)),
    ({"version": 63, "has_legacy_tag_list": False}, (True, False)),
    ({"version": 62}, (False, False)),
])  # fmt: skip
def test_tags_are_written_in_both_forms_and_read_in_that_of_the_version(
    tags: Any, options: dict[str, Any], is_list: tuple[bool, bool]
) -> None:
    with set_up(**options) as ask:
        number = ask.made("/api/card", card(dataset_query=with_tags(tags)))["id"]
        stage = ask("GET", f"/api/card/{number}").json()["dataset_query"]["stages"][0]
        legacy = ask("GET", f"/api/card/{number}?legacy-mbql=true").json()["dataset_query"]["native"]
        for shown, listed in zip((stage, legacy), is_list, strict=True):
            assert shown["template-tags"] == ([TAG] if listed else {"day": TAG})
        number = ask.made("/api/card", card())["id"]
        assert "template-tags" not in ask("GET", f"/api/card/{number}").json()["dataset_query"]["stages"][0]


def test_undeclared_keys_are_dropped_silently_at_every_depth(ask: Caller) -> None:
    number = ask.made("/api/card", card(odd=1, parameters=[{**PARAMETER, "odd": 1}]))["id"]
    shown = ask("GET", f"/api/card/{number}").json()
    assert "odd" not in {*shown, *shown["parameters"][0]}
    path = board(ask, odd=1, parameters=[{**PARAMETER, "odd": 1, "values_source_config": {"values": ["a"], "odd": 1}}])
    mapping = {"parameter_id": "abc", "card_id": number, "target": ["variable", ["template-tag", "x"]], "odd": 1}
    dashcard = {"id": -1, "card_id": number, **PLACE, "odd": 1, "parameter_mappings": [mapping]}
    body = {"odd": 1, "dashcards": [dashcard], "tabs": [{"id": -1, "name": "One", "odd": 1}]}
    shown = ask.changed(path, body)
    parts = [shown, *shown["parameters"], shown["parameters"][0]["values_source_config"], *shown["tabs"]]
    parts += [*shown["dashcards"], *shown["dashcards"][0]["parameter_mappings"]]
    made = ask.made("/api/pulse", pulse(ask, odd=1))
    details = {"kabar": "overview", "include_pdf": True}
    made = ask.changed(
        f"/api/pulse/{made['id']}", {"channels": [{**made["channels"][0], "odd": 1, "details": details}]}
    )
    assert made["channels"][0]["details"] == {"include_pdf": True}
    parts += [made, *made["channels"]]
    sent = alert(number, odd=1)
    sent["payload"]["odd"] = sent["subscriptions"][0]["odd"] = sent["handlers"][0]["odd"] = 1
    sent["handlers"][0]["recipients"][0]["odd"] = 1
    made = ask.made("/api/notification", sent)
    parts += [made, made["payload"], *made["subscriptions"], *made["handlers"], *made["handlers"][0]["recipients"]]
    parts += [ask.made("/api/collection", {"name": "Ours", "odd": 1}), ask.changed("/api/database/1", {"odd": 1})]
    assert [part for part in parts if "odd" in part] == []


def test_open_parts_are_left_alone(ask: Caller) -> None:
    sent = {**query(), "native": {**query()["native"], "odd": 1}}
    number = ask.made("/api/card", card(dataset_query=sent, visualization_settings={"odd": {"a": 1}}))["id"]
    shown = ask("GET", f"/api/card/{number}?legacy-mbql=true").json()
    assert (shown["dataset_query"]["native"]["odd"], shown["visualization_settings"]) == (1, {"odd": {"a": 1}})
    dashcard = {"id": -1, **PLACE, "visualization_settings": {"kabar": "x"}}
    placed = ask.changed(board(ask), {"dashcards": [dashcard], "tabs": []})["dashcards"]
    assert placed[0]["visualization_settings"] == {"kabar": "x"}
    assert ask.changed("/api/database/1", {"details": {"odd": 1}})["details"]["odd"] == 1


def test_every_card_has_a_tab_where_there_are_several_and_gets_the_only_one(ask: Caller) -> None:
    path = board(ask)
    dashcards = [{"id": -1, "dashboard_tab_id": -1, **PLACE}, {"id": -2, "dashboard_tab_id": None, **PLACE}]
    tabs = [{"id": -1, "name": "One"}, {"id": -2, "name": "Two"}]
    refused = ask("PUT", path, {"dashcards": dashcards, "tabs": tabs})
    assert (refused.status_code, refused.text) == (400, "This dashboard has tab, makes sure every card has a tab")
    shown = ask.changed(path, {"dashcards": dashcards, "tabs": tabs[:1]})
    assert [each["dashboard_tab_id"] for each in shown["dashcards"]] == [shown["tabs"][0]["id"]] * 2


def test_a_tab_that_is_left_out_takes_its_cards_along(ask: Caller) -> None:
    path = board(ask)
    tabs = [{"id": -1, "name": "One"}, {"id": -2, "name": "One"}]
    dashcards = [{"id": tab, "dashboard_tab_id": tab, **PLACE} for tab in (-1, -2)]
    shown = ask.changed(path, {"dashcards": dashcards, "tabs": tabs})
    first, second = shown["tabs"]
    kept = {"id": shown["dashcards"][0]["id"], "dashboard_tab_id": first["id"], **PLACE}
    lost = {"id": shown["dashcards"][1]["id"], "dashboard_tab_id": second["id"], **PLACE}
    one = {"id": first["id"], "name": "One"}
    assert ask("PUT", path, {"dashcards": [kept, lost], "tabs": [one]}).status_code == 500
    after = ask.changed(path, {"dashcards": [kept], "tabs": [one]})
    assert [each["id"] for each in after["dashcards"]] == [kept["id"]]


@pytest.mark.parametrize("what", ["dashcards", "tabs"])
def test_duplicate_ids_are_refused(ask: Caller, what: str) -> None:
    parts = {"dashcards": [{"id": -1, **PLACE}], "tabs": [{"id": -1, "name": "One"}]}
    refused = ask("PUT", board(ask), {**parts, what: parts[what] * 2})
    assert refused.status_code == 400
    assert list(refused.json()["errors"]) == [what]


def test_inline_parameters_are_texts(ask: Caller) -> None:
    path = board(ask, parameters=[PARAMETER])
    shown = ask.changed(path, {"dashcards": [{"id": -1, **PLACE, "inline_parameters": ["abc"]}], "tabs": []})
    assert shown["dashcards"][0]["inline_parameters"] == ["abc"]
    maps = {"dashcards": [{"id": -1, **PLACE, "inline_parameters": [PARAMETER]}], "tabs": []}
    assert ask("PUT", path, maps).status_code == 400


def test_the_collection_graph_leaves_none_out(ask: Caller) -> None:
    number = str(ask.made("/api/collection", {"name": "Ours"})["id"])
    graph = ask("GET", "/api/collection/graph").json()
    assert graph["groups"]["1"][number] == "write"
    body = {"revision": graph["revision"], "groups": {"1": {number: "none"}}}
    assert number not in ask.changed("/api/collection/graph", body)["groups"]["1"]


def test_a_sync_and_the_columns_of_a_card_come_later() -> None:
    with set_up(delay_seconds=0.3) as ask:
        first = ask("GET", "/api/database/1/metadata").json()
        assert (first["tables"], first["initial_sync_status"]) == ([], "incomplete")
        number = ask.made(
            "/api/card", card(dataset_query={"database": 1, "type": "query", "query": {"source-table": 1}})
        )["id"]
        assert ask("GET", f"/api/card/{number}").json()["result_metadata"] is None
        time.sleep(0.4)
        later = ask("GET", "/api/database/1/metadata").json()
        assert ([table["name"] for table in later["tables"]], later["initial_sync_status"]) == (
            ["kpi_daily"],
            "complete",
        )
        assert ask("GET", f"/api/card/{number}").json()["result_metadata"] is not None


@pytest.mark.parametrize("parameter", [
    {**PARAMETER, "type": "string"},
    {**PARAMETER, "values_source_type": "elsewhere"},
    {**PARAMETER, "id": " "},
])  # fmt: skip
def test_a_filter_of_no_known_kind_is_refused(ask: Caller, parameter: dict[str, Any]) -> None:
    assert ask("POST", "/api/dashboard", {"name": "Board", "parameters": [parameter]}).status_code == 400


def test_what_filters_refer_to_has_to_exist(ask: Caller) -> None:
    source = {**PARAMETER, "values_source_type": "card", "values_source_config": {"card_id": 99}}
    path = board(ask)
    assert ask("PUT", path, {"parameters": [source]}).status_code == 404
    number = ask.made("/api/card", card())["id"]
    for target, given, status in (
        (["variable", ["template-tag", "x"]], 99, 404),
        (["template-tag", "x"], number, 400),
        ("x", number, 400),
    ):
        mapping = {"parameter_id": "abc", "card_id": given, "target": target}
        dashcard = {"id": -1, "card_id": number, **PLACE, "parameter_mappings": [mapping]}
        assert ask("PUT", path, {"dashcards": [dashcard], "tabs": []}).status_code == status


def test_what_is_archived_lies_in_the_trash_and_comes_back(ask: Caller) -> None:
    folder = ask.made("/api/collection", {"name": "Ours"})["id"]
    trash = ask("GET", "/api/collection/trash").json()["id"]
    number = ask.made("/api/card", card(collection_id=folder))["id"]
    path = board(ask, collection_id=folder)
    for each in (f"/api/card/{number}", path):
        assert ask.changed(each, {"archived": True})["collection_id"] == trash
    items = ask("GET", f"/api/collection/{trash}/items?archived=true").json()["data"]
    assert {item["model"] for item in items} == {"card", "dashboard"}
    assert ask.changed(path, {"archived": False})["collection_id"] == folder
    archived = ask.changed(f"/api/collection/{folder}", {"archived": True})
    assert (archived["parent_id"], archived["location"]) == (trash, f"/{trash}/")
    assert ask("GET", path).json()["archived"]
    assert ask("GET", path).json()["collection_id"] == folder, "only what was archived by itself shows the trash"
    ask.changed(f"/api/collection/{folder}", {"name": "Ours"})
    assert not ask("GET", path).json()["archived"], "without `archived` it comes out of the trash"
    assert ask("GET", f"/api/card/{number}").json()["archived"], "what was archived by itself stays"


@pytest.mark.parametrize(
    ("password", "is_taken"),
    [("short1", True), ("sh0rt", False), ("no digit in it", False), ("password1", False), ("hunter 2", True)],
)
def test_a_password_has_six_characters_and_a_digit_and_is_not_common(
    ask: Caller, password: str, is_taken: bool
) -> None:
    answer = ask("POST", "/api/user", {"email": "b@shop.example", "password": password})
    assert answer.status_code == (200 if is_taken else 400)
    assert is_taken or answer.json()["errors"] == {"password": "password is too common."}
    assert all(not checks.PASSWORD.fits(each) for each in checks.COMMON_PASSWORDS)


def test_clearing_the_cache_says_what_it_found() -> None:
    with set_up(is_paid=True) as ask:
        path = "/api/cache/invalidate?include=overrides&database=1"
        nothing = ask("POST", path, {})
        assert (nothing.status_code, nothing.json()["count"]) == (404, -1)
        assert nothing.json()["message"] == "Could not find any questions for the criteria you specified."
        ask.made("/api/card", card())
        assert ask("POST", path, {}).json() == {"count": 1, "message": "Cleared 1 cached results."}
