"""Provisioning over HTTP: what is missing is made, what differs is fixed, failures are said in Metabase's words."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr

from dashboards.metabase.client import MetabaseAway, MetabaseRefused, NotSetUp
from dashboards.metabase.provisioning import provision
from demo.metabase import MetabaseStandIn, people, queries
from tests.support.metabase_views import SMALL, Row, placed, snapshot
from tests.support.provisioned import Provisioned, pointed
from warehouse.settings import Settings, SettingsMissing


def test_a_second_run_sends_no_write(small: Settings) -> None:
    with MetabaseStandIn() as metabase:
        settings = pointed(small, metabase)
        first = provision(settings, dashboards=SMALL)
        assert "make the dashboard Overview" in first.messages
        assert [request for request in metabase.requests if request.status >= 400] == []
        written = len(metabase.writes)
        assert provision(settings, dashboards=SMALL).messages == []
        assert metabase.writes[written:] == []


def test_template_tags_are_compared_as_a_list_in_any_order_and_as_a_map(
    provisioned: Provisioned, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Metabase 0.63 returns them as a list; before it returned a map, and may still do so in the legacy format."""
    path = f"/api/card/{provisioned.number('card', 'Messages')}?legacy-mbql=true"
    tags = provisioned.by_hand("GET", path)["dataset_query"]["native"]["template-tags"]
    assert [tag["name"] for tag in tags] == ["from_day", "to_day", "store", "channel"]
    shown = queries.shown
    for arranged in (list, lambda tags: list(reversed(tags)), lambda tags: {tag["name"]: tag for tag in tags}):

        def rearranged(legacy: Row, as_legacy: bool, arranged: Any = arranged) -> Row:
            query = shown(legacy, as_legacy)
            if "native" in query:
                query["native"]["template-tags"] = arranged(query["native"]["template-tags"])
            return query

        monkeypatch.setattr(queries, "shown", rearranged)
        assert provisioned.again() == []


def test_another_version_than_the_pinned_one_is_noted(
    provisioned: Provisioned, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = "this is Metabase 0.57; provision is written for 0.63"
    assert noted not in provision(provisioned.settings, is_plan=True, dashboards=SMALL).notes
    monkeypatch.setattr(people, "VERSION", "v0.57.1")
    assert noted in provision(provisioned.settings, is_plan=True, dashboards=SMALL).notes


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
        assert provisioned.plan() == ["fix the filters of the dashboard Overview"]
    provisioned.again()
    assert snapshot(provisioned.metabase) == wanted


def test_a_click_that_leads_elsewhere_is_named_and_led_back(provisioned: Provisioned) -> None:
    wanted = snapshot(provisioned.metabase)
    board = provisioned.board()
    dashcards = placed(board)
    first = next(each for each in dashcards if "click_behavior" in each["visualization_settings"])
    elsewhere = {"type": "link", "linkType": "url", "linkTemplate": "/"}
    first["visualization_settings"] = {**first["visualization_settings"], "click_behavior": elsewhere}
    provisioned.by_hand("PUT", f"/api/dashboard/{board['id']}", {"dashcards": dashcards, "tabs": []})
    assert provisioned.plan() == ["fix the settings of Messages on the dashboard Overview"]
    provisioned.again()
    assert snapshot(provisioned.metabase) == wanted


def test_a_changed_query_is_fixed(provisioned: Provisioned) -> None:
    wanted = snapshot(provisioned.metabase)
    card = provisioned.by_hand("GET", f"/api/card/{provisioned.number('card', 'Messages')}?legacy-mbql=true")
    query = card["dataset_query"]
    query["native"]["query"] = "select 42 as value"
    provisioned.by_hand("PUT", f"/api/card/{card['id']}", {"dataset_query": query})
    assert provisioned.plan() == ["fix the query of the card Messages"]
    provisioned.again()
    assert snapshot(provisioned.metabase) == wanted


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
    assert provision(provisioned.settings.model_copy(update=update), dashboards=SMALL).messages == []
    update["metabase_api_key"] = SecretStr("mb_guessed")
    with pytest.raises(MetabaseAway, match="The provided API key is not correct"):
        provision(provisioned.settings.model_copy(update=update), dashboards=SMALL)


def test_the_key_that_the_first_run_made_opens_the_next(small: Settings) -> None:
    with MetabaseStandIn() as metabase:
        settings = pointed(small, metabase)
        assert "make the API key Kabar" in provision(settings, dashboards=SMALL).messages
        kept = settings.state_dir / "metabase" / "key.json" if settings.state_dir else None
        assert kept
        assert kept.stat().st_mode & 0o077 == 0
        nobody = settings.model_copy(update={"metabase_user": None, "metabase_password": None})
        before = len(metabase.requests)
        assert provision(nobody, dashboards=SMALL).messages == []
        assert "/api/session" not in {request.path for request in metabase.requests[before:]}


def test_a_key_that_is_lost_or_was_changed_is_made_anew(small: Settings) -> None:
    with MetabaseStandIn() as metabase:
        settings = pointed(small, metabase)
        provision(settings, dashboards=SMALL)
        (row,) = metabase.state.all("api_key")
        Provisioned(metabase, settings).by_hand("PUT", f"/api/api-key/{row['id']}/regenerate", {})
        says = ["change the API key Kabar, which is not known here"]
        assert provision(settings, is_plan=True, dashboards=SMALL).messages == says
        assert provision(settings, dashboards=SMALL).messages == says
        assert provision(settings, dashboards=SMALL).messages == []
        elsewhere = settings.model_copy(update={"metabase_url": metabase.url.replace("127.0.0.1", "localhost")})
        assert provision(elsewhere, dashboards=SMALL).messages == says, (
            "a key is shown to the Metabase alone that made it"
        )


def test_somebody_elses_api_key_of_our_name_is_not_changed(small: Settings) -> None:
    with MetabaseStandIn() as metabase:
        settings = pointed(small, metabase)
        metabase.fail_at_write(1)  # after the first user
        with pytest.raises(MetabaseRefused):
            provision(settings, dashboards=SMALL)
        metabase.fail_at_write(None)
        theirs = Provisioned(metabase, settings).by_hand("POST", "/api/api-key", {"name": "Kabar", "group_id": 1})
        with pytest.raises(SettingsMissing, match="another group's key has the name Kabar"):
            provision(settings, dashboards=SMALL)
        assert theirs["unmasked_key"] in metabase.state.keys


def test_a_wrong_password_is_said_in_metabases_words(provisioned: Provisioned) -> None:
    update = {"metabase_password": SecretStr("guessed"), "metabase_api_key": None}
    wrong = provisioned.settings.model_copy(update=update)
    with pytest.raises(MetabaseRefused, match="401 password: did not match stored password"):
        provision(wrong, dashboards=SMALL)


def test_a_user_without_rights_is_told_so_in_metabases_words(provisioned: Provisioned) -> None:
    provisioned.by_hand("POST", "/api/user", {"email": "new@shop.example", "password": "something long 1"})
    update = {"metabase_user": "new@shop.example", "metabase_password": SecretStr("something long 1")}
    update |= {"metabase_api_key": None}
    with pytest.raises(MetabaseRefused, match="403 You don't have permissions to do that"):
        provision(provisioned.settings.model_copy(update=update), dashboards=SMALL)


def test_a_metabase_that_nobody_set_up_is_not_planned_for(small: Settings) -> None:
    with MetabaseStandIn() as metabase:
        with pytest.raises(NotSetUp, match="nobody has set up the Metabase"):
            provision(pointed(small, metabase), is_plan=True, dashboards=SMALL)
        assert metabase.writes == []


def test_a_metabase_that_is_not_there_is_named(small: Settings) -> None:
    with MetabaseStandIn() as metabase:
        settings = pointed(small, metabase)
    with pytest.raises(MetabaseAway, match="no Metabase answers at"):
        provision(settings, is_plan=True, dashboards=SMALL)
