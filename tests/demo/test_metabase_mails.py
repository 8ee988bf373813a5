"""Who is mailed by the stand-in of Metabase, and its settings: as in 0.63, by its source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.metabase_caller import Caller, alert, board, card, pulse, set_up
from tests.support.receivers import receivers


@pytest.fixture
def ask() -> Iterator[Caller]:
    with set_up() as caller:
        yield caller


def test_a_pulse_without_channels_is_archived(ask: Caller) -> None:
    person = ask("GET", "/api/user/current").json()["id"]
    sent = pulse(ask)
    sent["channels"][0]["recipients"] = [{"id": person}]
    number = ask.made("/api/pulse", sent)["id"]
    assert ask("DELETE", f"/api/pulse/{number}/subscription").status_code == 204
    assert ask("GET", "/api/pulse").json() == []
    (archived,) = ask("GET", "/api/pulse?archived=true").json()
    assert (archived["id"], archived["channels"]) == (number, [])


def test_a_pulse_is_archived_with_its_dashboard(ask: Caller) -> None:
    path = board(ask)
    number = ask.made("/api/pulse", pulse(ask, dashboard_id=int(path.rpartition("/")[2])))["id"]
    ask.changed(path, {"archived": True})
    assert ask("GET", f"/api/pulse/{number}").json()["archived"]


def test_what_a_change_of_a_pulse_leaves_out_is_false(ask: Caller) -> None:
    number = ask.made("/api/pulse", pulse(ask, skip_if_empty=True))["id"]
    ask.changed(f"/api/pulse/{number}", {"archived": True, "skip_if_empty": True})
    after = ask.changed(f"/api/pulse/{number}", {"name": "Every day"})
    assert (after["archived"], after["skip_if_empty"]) == (False, False)


@pytest.mark.parametrize(
    ("change", "complains"),
    [
        ({"subscriptions": None}, "subscriptions"),
        ({"handlers": None}, "handlers"),
        ({"payload": {"card_id": 1, "send_once": None}}, "payload"),
    ],
)
def test_null_is_refused_where_metabase_refuses_it(ask: Caller, change: dict[str, Any], complains: str) -> None:
    number = ask.made("/api/card", card())["id"]
    refused = ask("POST", "/api/notification", alert(number, **change))
    assert (refused.status_code, list(refused.json()["errors"])) == (400, [complains])
    folder = ask.made("/api/collection", {"name": "Ours"})["id"]
    assert ask("PUT", f"/api/collection/{folder}", {"archived": None}).status_code == 400
    assert ask("PUT", f"/api/dashboard/{board(ask).rpartition('/')[2]}", {"width": None}).status_code == 400
    assert ask.changed(f"/api/card/{number}", {"description": None, "cache_ttl": None})["description"] is None


def test_any_display_and_any_value_of_a_recipient_is_accepted(ask: Caller) -> None:
    number = ask.made("/api/card", card(display="something-new"))["id"]
    assert ask("POST", "/api/card", card(display=" ")).status_code == 400
    sent = alert(number)
    sent["handlers"][0]["recipients"][0]["details"]["value"] = {"any": 1}
    assert ask.made("/api/notification", sent)


def test_the_parts_of_a_notification_have_ids_of_their_own(ask: Caller) -> None:
    number = ask.made("/api/card", card())["id"]
    sent = alert(number)
    sent["payload"]["id"] = sent["subscriptions"][0]["id"] = sent["handlers"][0]["id"] = 4711
    made = ask.made("/api/notification", sent)
    parts = [made["payload"], *made["subscriptions"], *made["handlers"], *made["handlers"][0]["recipients"]]
    assert len({part["id"] for part in parts}) == len(parts)
    assert 4711 not in {part["id"] for part in parts}
    assert made["payload"]["id"] != made["id"]
    path = f"/api/notification/{made['id']}"
    again = ask.changed(path, {**made, "payload": {**made["payload"], "id": 4711}})
    assert (again["payload"]["id"], again["handlers"][0]["id"]) == (made["payload"]["id"], made["handlers"][0]["id"])
    fresh = ask.changed(path, alert(number))
    assert fresh["handlers"][0]["id"] != made["handlers"][0]["id"], "without an id they are replaced"


def test_settings_are_read_and_written_unless_the_environment_sets_them() -> None:
    with set_up(environment={"report-timezone": "Asia/Jakarta"}) as ask:
        rows = {row["key"]: row for row in ask("GET", "/api/setting").json()}
        assert (rows["report-timezone"]["value"], rows["report-timezone"]["is_env_setting"]) == (None, True)
        assert ask("PUT", "/api/setting/report-timezone", {"value": "UTC"}).status_code == 400
        assert ask("PUT", "/api/setting/unheard-of", {"value": 1}).status_code == 404
        ask.changed("/api/setting/site-name", {"value": "Ours"})
        assert ask("GET", "/api/session/properties").json()["site-name"] == "Ours"


def test_a_mail_server_is_tested_before_it_is_stored(ask: Caller) -> None:
    configured = "/api/setting/email-configured%3F"
    assert ask("GET", configured).json() is False
    refused = ask("PUT", "/api/email", {"email-smtp-host": "127.0.0.1", "email-smtp-port": 1})
    assert (refused.status_code, refused.json()["errors"]["email-smtp-host"]) == (400, "Wrong host or port")
    assert ask("GET", configured).json() is False
    with receivers() as (mail, _):
        secret = {"email-smtp-password": "very secret"}
        ask.changed("/api/email", {"email-smtp-host": "127.0.0.1", "email-smtp-port": mail.port, **secret})
    assert ask("GET", configured).json() is True
    rows = {row["key"]: row["value"] for row in ask("GET", "/api/setting").json()}
    assert rows["email-smtp-password"] == "**********et"


def test_the_setup_always_turns_tracking_on(ask: Caller) -> None:
    assert ask("GET", "/api/setting/anon-tracking-enabled").status_code == 204, "as the default is not shown"
    assert ask.metabase.state.settings["anon-tracking-enabled"] is True
