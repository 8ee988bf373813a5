"""Who is mailed by Metabase, when and through what: ours as the settings say, everybody else's as they made it."""

from __future__ import annotations

from typing import Any

import pytest

from dashboards.metabase.provisioning import provision
from demo.metabase import MetabaseStandIn
from tests.support.metabase_views import SMALL, Row
from tests.support.provisioned import RECIPIENTS, Provisioned, pointed
from warehouse.settings import Settings


def with_recipients(provisioned: Provisioned, *recipients: str) -> Provisioned:
    update = {"metabase_recipients": ", ".join(recipients)}
    provisioned.settings = provisioned.settings.model_copy(update=update)
    return provisioned


def addresses(alert: Row) -> list[str]:
    return [each["details"]["value"] for each in alert["handlers"][0]["recipients"] if each.get("details")]


def other_admin(provisioned: Provisioned) -> str:
    """The session of another administrator."""
    body = {"email": "other@shop.example", "password": "something long 1"}
    person = provisioned.by_hand("POST", "/api/user", body)
    provisioned.metabase.state.get("user", person["id"])["is_superuser"] = True
    return provisioned.sign_in("other@shop.example", "something long 1")


# --- Subscription -----------------------------------------------------------------------------------------------------


def test_when_the_recipients_change_the_same_subscription_mails_them(provisioned: Provisioned) -> None:
    (before,) = provisioned.metabase.state.all("pulse")
    assert "details" not in before["channels"][0] or before["channels"][0]["details"] == {}
    said = with_recipients(provisioned, "new@shop.example").again()
    assert "fix the subscription of the dashboard Overview" in said
    (after,) = provisioned.metabase.state.all("pulse")
    assert (after["id"], after["channels"][0]["recipients"]) == (before["id"], [{"email": "new@shop.example"}])


def test_a_changed_hour_is_set_back_and_empty_mails_are_sent(provisioned: Provisioned) -> None:
    (pulse,) = provisioned.metabase.state.all("pulse")
    channel = {**pulse["channels"][0], "schedule_hour": 16}
    provisioned.by_hand("PUT", f"/api/pulse/{pulse['id']}", {"channels": [channel], "skip_if_empty": True})
    assert provisioned.again() == ["fix the subscription of the dashboard Overview"]
    (after,) = provisioned.metabase.state.all("pulse")
    assert (after["channels"][0]["schedule_hour"], after["skip_if_empty"]) == (7, False)


def test_a_subscription_that_lost_its_last_channel_is_restored(provisioned: Provisioned) -> None:
    """Metabase archives it, with no channel left."""
    (pulse,) = provisioned.metabase.state.all("pulse")
    person = provisioned.by_hand("GET", "/api/user/current")
    channel = {**pulse["channels"][0], "recipients": [{"id": person["id"]}]}
    provisioned.by_hand("PUT", f"/api/pulse/{pulse['id']}", {"channels": [channel]})
    provisioned.by_hand("DELETE", f"/api/pulse/{pulse['id']}/subscription")
    assert (pulse["archived"], pulse["channels"]) == (True, [])
    assert provisioned.again() == ["fix the subscription of the dashboard Overview"]
    (after,) = provisioned.metabase.state.all("pulse")
    assert {each["email"] for each in after["channels"][0]["recipients"]} == set(RECIPIENTS)


def test_a_subscription_of_somebody_else_that_is_archived_stays_so(provisioned: Provisioned) -> None:
    (ours,) = provisioned.metabase.state.all("pulse")
    session = other_admin(provisioned)
    channel = {"channel_type": "email", "schedule_type": "daily", "schedule_hour": 7, "recipients": []}
    body = {name: ours[name] for name in ("name", "cards", "dashboard_id")}
    theirs = provisioned.by_hand("POST", "/api/pulse", {**body, "channels": [channel]}, session)
    provisioned.by_hand("PUT", f"/api/pulse/{theirs['id']}", {"archived": True}, session)
    provisioned.metabase.state.get("pulse", theirs["id"])["channels"] = []
    assert provisioned.again() == []
    assert provisioned.metabase.state.get("pulse", theirs["id"])["archived"]


def test_one_like_ours_that_somebody_else_made_stays_theirs(provisioned: Provisioned) -> None:
    state = provisioned.metabase.state
    (ours,) = state.all("pulse")
    session = other_admin(provisioned)
    body = {name: ours[name] for name in ("name", "cards", "channels", "dashboard_id", "skip_if_empty")}
    theirs = provisioned.by_hand("POST", "/api/pulse", body, session)
    state.remove("pulse", ours["id"])
    assert provisioned.again() == ["send the dashboard Overview every morning"]
    with_recipients(provisioned, "new@shop.example").again()
    kept = state.get("pulse", theirs["id"])["channels"][0]["recipients"]
    assert sorted(each["email"] for each in kept) == sorted(RECIPIENTS)


def test_a_channel_that_somebody_added_stays(provisioned: Provisioned) -> None:
    (pulse,) = provisioned.metabase.state.all("pulse")
    slack = {"channel_type": "slack", "details": {"channel": "#sales"}, "schedule_type": "hourly"}
    provisioned.by_hand("PUT", f"/api/pulse/{pulse['id']}", {"channels": [*pulse["channels"], slack]})
    assert provisioned.again() == []
    with_recipients(provisioned, "new@shop.example").again()
    kinds = [each["channel_type"] for each in provisioned.metabase.state.all("pulse")[0]["channels"]]
    assert sorted(kinds) == ["email", "slack"]


# --- Alerts -----------------------------------------------------------------------------------------------------------


def theirs_on(provisioned: Provisioned, card: int, session: str | None = None, *, like: Row | None = None) -> Row:
    """An alert that somebody makes on a card, for themselves unless it is `like` another."""
    person = provisioned.by_hand("GET", "/api/user/current", session=session)
    recipients: Any = [{"type": "notification-recipient/user", "user_id": person["id"]}]
    cron = "0 30 17 * * ? *"
    if like:
        recipients = [{"type": each["type"], "details": each["details"]} for each in like["handlers"][0]["recipients"]]
        cron = like["subscriptions"][0]["cron_schedule"]
    body = {
        "payload_type": "notification/card",
        "payload": {"card_id": card, "send_condition": "has_result", "send_once": False},
        "subscriptions": [{"type": "notification-subscription/cron", "cron_schedule": cron}],
        "handlers": [{"channel_type": "channel/email", "recipients": recipients}],
    }
    made: Row = provisioned.by_hand("POST", "/api/notification", body, session)
    return made


@pytest.mark.parametrize("is_first", [True, False], ids=["older", "younger"])
def test_an_alert_that_somebody_made_on_our_card_stays_theirs(provisioned: Provisioned, is_first: bool) -> None:
    state = provisioned.metabase.state
    ours = state.all("notification")[0]
    if is_first:
        state.remove("notification", ours["id"])
    theirs = theirs_on(provisioned, ours["payload"]["card_id"])
    wanted = str(state.get("notification", theirs["id"]))
    made = provisioned.again()
    assert [message.split(" Alert")[0] for message in made] == ["make the alert"] * is_first
    with_recipients(provisioned, "new@shop.example").again()
    assert str(state.get("notification", theirs["id"])) == wanted
    on_card = [row for row in state.all("notification") if row["payload"]["card_id"] == ours["payload"]["card_id"]]
    assert [addresses(row) for row in on_card if row["id"] != theirs["id"]] == [["new@shop.example"]]


def test_an_alert_like_ours_that_somebody_else_made_stays_theirs(provisioned: Provisioned) -> None:
    state = provisioned.metabase.state
    ours = state.all("notification")[0]
    theirs = theirs_on(provisioned, ours["payload"]["card_id"], other_admin(provisioned), like=ours)
    state.remove("notification", ours["id"])
    assert [message.split(" Alert")[0] for message in provisioned.again()] == ["make the alert"]
    with_recipients(provisioned, "new@shop.example").again()
    assert addresses(state.get("notification", theirs["id"])) == RECIPIENTS


def test_recipients_in_another_order_are_the_same(provisioned: Provisioned) -> None:
    """Metabase returns them in any order."""
    for alert in provisioned.metabase.state.all("notification"):
        alert["handlers"][0]["recipients"].reverse()
    assert provisioned.again() == []
    assert with_recipients(provisioned, *reversed(RECIPIENTS), RECIPIENTS[0].upper()).again() == []


def test_an_alert_that_was_changed_is_fixed_in_place_and_keeps_what_people_added(provisioned: Provisioned) -> None:
    state = provisioned.metabase.state
    ours = state.all("notification")[0]
    person = provisioned.by_hand("GET", "/api/user/current")
    mailed = ours["handlers"][0]
    user = {"type": "notification-recipient/user", "user_id": person["id"]}
    handlers = [
        {**mailed, "recipients": [*mailed["recipients"], user]},
        {"channel_type": "channel/slack", "recipients": [{**mailed["recipients"][0], "details": {"value": "#sales"}}]},
    ]
    provisioned.by_hand("PUT", f"/api/notification/{ours['id']}", {**ours, "handlers": handlers})
    assert provisioned.again() == []
    cron = {"type": "notification-subscription/cron", "cron_schedule": "0 0 22 * * ? *"}
    body = {**ours, "handlers": handlers, "subscriptions": [cron]}
    provisioned.by_hand("PUT", f"/api/notification/{ours['id']}", body)
    assert [message.split(" Alert")[0] for message in provisioned.again()] == ["fix the alert"]
    after = state.get("notification", ours["id"])
    assert after["subscriptions"][0]["cron_schedule"] == "0 0 8 * * ? *"
    assert [each["channel_type"] for each in after["handlers"]] == ["channel/email", "channel/slack"]
    assert [each.get("user_id") for each in after["handlers"][0]["recipients"]] == [None, None, person["id"]]


def test_without_recipients_what_was_mailed_is_stopped(provisioned: Provisioned) -> None:
    state = provisioned.metabase.state
    theirs = theirs_on(provisioned, state.all("notification")[0]["payload"]["card_id"])
    said = with_recipients(provisioned).again()
    assert [message for message in said if not message.startswith("stop the alert")] == [
        "stop mailing the dashboard Overview"
    ]
    active = [row["id"] for row in state.all("notification") if row["active"]]
    assert active == [theirs["id"]]
    assert [row["archived"] for row in state.all("pulse")] == [True]
    with_recipients(provisioned, *RECIPIENTS).again()
    assert len(state.all("notification")) == 4
    assert [row["archived"] for row in state.all("pulse")] == [False]


def test_what_earlier_versions_made_is_taken_over(small: Settings) -> None:
    """They made it as the administrator and did not note its number."""
    with MetabaseStandIn() as metabase:
        settings = pointed(small, metabase)
        provision(settings, dashboards=SMALL)
        state = metabase.state
        admin = next(user["id"] for user in state.all("user") if not user.get("is_key"))
        for row in (*state.all("notification"), *state.all("pulse")):
            row["creator_id"] = admin
        for row in (*state.all("card"), *state.all("dashboard")):
            row["description"] = row["description"].split(" mail:")[0]
        said = provision(settings, dashboards=SMALL).messages
        assert len(said) == 4
        assert all(message.startswith("finish making the ") for message in said)
        assert provision(settings, dashboards=SMALL).messages == []
        changed = settings.model_copy(update={"metabase_recipients": "new@shop.example"})
        provision(changed, dashboards=SMALL)
        assert (len(state.all("notification")), len(state.all("pulse"))) == (3, 1)


def test_alerts_and_subscription_belong_to_the_api_key_from_the_first_run(small: Settings) -> None:
    """Metabase stops what somebody made when their account goes."""
    with MetabaseStandIn() as metabase:
        provision(pointed(small, metabase), dashboards=SMALL)
        (key,) = metabase.state.all("api_key")
        made = [*metabase.state.all("notification"), *metabase.state.all("pulse")]
        assert {row["creator_id"] for row in made} == {key["user_id"]}
