"""The time zone and the mail server of Metabase: Kabar's, unless somebody chose others there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests
from pydantic import SecretStr

from dashboards.metabase.provisioning import provision
from demo.metabase import MetabaseStandIn
from tests.support.metabase_views import SMALL
from tests.support.provisioned import ADMIN, PASSWORD, Provisioned, pointed
from tests.support.receivers import MailServer, receivers
from warehouse.settings import Settings


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with receivers() as (server, _):
        yield server


def test_schedules_use_the_time_zone_of_the_deployment(provisioned: Provisioned) -> None:
    state = provisioned.metabase.state
    assert state.settings["report-timezone"] == "Asia/Jakarta"
    provisioned.by_hand("PUT", "/api/setting/report-timezone", {"value": "Asia/Makassar"})
    changes = provision(provisioned.settings, dashboards=SMALL)
    assert changes.messages == []
    assert any(note.startswith("Metabase reports in Asia/Makassar, not in Asia/Jakarta") for note in changes.notes)
    assert state.settings["report-timezone"] == "Asia/Makassar", "somebody chose it"


def test_settings_from_the_environment_are_not_changed(small: Settings) -> None:
    environment = {"report-timezone": "Asia/Jakarta", "email-smtp-host": "mail.example"}
    environment["anon-tracking-enabled"] = "false"
    with MetabaseStandIn(environment=environment) as metabase:
        settings = pointed(small, metabase, smtp_host="127.0.0.1", smtp_port=1)
        notes = provision(settings, dashboards=SMALL).notes
        assert [note for note in notes if "mail" in note] == []
        assert not any("/setting/" in write.path or "email" in write.path for write in metabase.writes)


def test_metabase_mails_through_the_same_server_as_kabar(small: Settings, mail: MailServer) -> None:
    with MetabaseStandIn() as metabase:
        sender = "kabar@shop.example"
        settings = pointed(small, metabase, smtp_host="127.0.0.1", smtp_port=mail.port, alert_sender=sender)
        first = provision(settings, dashboards=SMALL)
        assert "set Metabase's SMTP server" in first.messages
        assert not any("nobody is mailed" in note for note in first.notes)
        kept = metabase.state.settings
        assert (kept["email-smtp-host"], kept["email-smtp-port"]) == ("127.0.0.1", mail.port)
        assert (kept["email-smtp-security"], kept["email-from-address"]) == ("none", "kabar@shop.example")
        assert provision(settings, dashboards=SMALL).messages == []
        other = settings.model_copy(update={"alert_sender": "news@shop.example", "smtp_password": SecretStr("secret")})
        assert provision(other, dashboards=SMALL).messages == ["set Metabase's SMTP server"]
        assert provision(other, dashboards=SMALL).messages == []


def test_the_server_that_somebody_set_in_metabase_stays(provisioned: Provisioned, mail: MailServer) -> None:
    body = {"email-smtp-host": "localhost", "email-smtp-port": mail.port, "email-from-address": "own@shop.example"}
    provisioned.by_hand("PUT", "/api/email", body)
    settings = provisioned.settings.model_copy(update={"smtp_host": "127.0.0.1", "smtp_port": mail.port})
    changes = provision(settings, dashboards=SMALL)
    assert changes.messages == []
    assert changes.notes == ["Metabase mails through localhost, as somebody set there, not as in KABAR_SMTP_HOST"]
    assert provisioned.metabase.state.settings["email-smtp-host"] == "localhost"


def test_a_note_says_if_nobody_will_be_mailed(provisioned: Provisioned) -> None:
    assert [note.split(".")[0] for note in provision(provisioned.settings, dashboards=SMALL).notes] == [
        "nobody is mailed: Metabase has no SMTP server"
    ]
    settings = provisioned.settings.model_copy(update={"smtp_host": "127.0.0.1", "smtp_port": 1})
    changes = provision(settings, dashboards=SMALL)
    assert changes.messages == []
    (note,) = changes.notes
    assert note.startswith("nobody is mailed: Metabase cannot use the SMTP server 127.0.0.1")
    assert "Wrong host or port" in note


def test_tracking_is_turned_off_in_a_metabase_that_we_set_up(provisioned: Provisioned, small: Settings) -> None:
    """The setup always turns it on; afterwards it is the decision of the people there."""
    assert provisioned.metabase.state.settings["anon-tracking-enabled"] is False
    provisioned.by_hand("PUT", "/api/setting/anon-tracking-enabled", {"value": True})
    assert provisioned.again() == []
    assert provisioned.metabase.state.settings["anon-tracking-enabled"] is True
    with MetabaseStandIn() as metabase:
        body = {"token": metabase.state.setup_token, "user": {"email": ADMIN, "password": PASSWORD}}
        assert requests.post(f"{metabase.url}/api/setup", json={**body, "prefs": {"site_name": "Ours"}}, timeout=5).ok
        provision(pointed(small, metabase), dashboards=[])
        assert metabase.state.settings["anon-tracking-enabled"] is True, "somebody else set it up"
