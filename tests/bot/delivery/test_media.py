"""Files that customers send are fetched from Twilio alone, within limits, and kept with the type that they have."""

from __future__ import annotations

import pytest

from benchmarks.bot_stage import ACCOUNT, Stage, running_stage
from bot import tools
from bot.delivery import media, public_http
from demo.twilio import Fault
from tests.support.database import drop_database, make_database

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 100


@pytest.fixture(scope="module")
def stage(server_settings, tmp_path_factory):
    database = make_database(server_settings)
    with running_stage(database, tmp_path_factory.mktemp("media")) as made:
        yield made
    drop_database(server_settings, database)


def arrive(stage: Stage, url: str, media_type: str = "image/jpeg") -> str:
    """A picture arrives; returns its message's sid."""
    sid = stage.say("6281500000001", "", NumMedia="1", MediaUrl0=url, MediaContentType0=media_type)
    stage.query("insert into app.media (message_sid, position, media_type) values (%s, 0, %s)", sid, media_type)
    return sid


def fetched(stage: Stage, sid: str) -> tuple:
    connections = tools.pool(stage.settings)
    try:
        media.fetch_media(stage.settings, connections, sid)
    finally:
        connections.close()
    ((state, reason, media_type, content),) = stage.query(
        "select state, reason, media_type, content from app.media where message_sid = %s", sid
    )
    return state, reason, media_type, bytes(content) if content is not None else None


def test_a_picture_is_kept_with_the_type_of_its_content(stage):
    sid = arrive(stage, stage.twilio.put_media(PNG, "image/png"))
    assert fetched(stage, sid) == ("kept", None, "image/png", PNG)


@pytest.mark.parametrize("url", ["https://evil.example/a.jpg", "http://169.254.169.254/latest", "file:///etc/passwd"])
def test_other_addresses_than_twilios_are_not_asked(stage, url):
    before = len(stage.twilio.requests)
    assert fetched(stage, arrive(stage, url))[:2] == ("refused", "not_from_twilio")
    assert len(stage.twilio.requests) == before


def test_a_file_that_is_too_large_is_refused(stage, monkeypatch):
    monkeypatch.setattr(media, "MAX_BYTES", 50)
    assert fetched(stage, arrive(stage, stage.twilio.put_media(PNG, "image/png")))[:2] == ("refused", "too_large")


def test_what_twilio_no_longer_has_is_gone(stage):
    gone = f"{stage.twilio.url}/2010-04-01/Accounts/{ACCOUNT}/Messages/MM1/Media/ME1"
    assert fetched(stage, arrive(stage, gone))[:2] == ("gone", "gone")


def test_a_redirect_without_end_and_one_to_a_file_are_not_followed(stage):
    url = stage.twilio.put_media(PNG, "image/png")
    for leads_to, reason in ((url, "http_401"), ("file:///etc/passwd", "redirected_elsewhere")):
        stage.twilio.media_leads_to = leads_to
        try:
            # The second hop is asked without credentials, so Twilio's own address refuses it.
            assert fetched(stage, arrive(stage, url))[:2] == ("refused", reason)
        finally:
            stage.twilio.media_leads_to = None


def test_what_cannot_be_had_now_stays_waiting(stage):
    sid = arrive(stage, stage.twilio.put_media(PNG, "image/png"))
    stage.twilio.fail(Fault(status=503))
    with pytest.raises(media.TryLater):
        fetched(stage, sid)
    assert fetched(stage, sid)[0] == "kept"


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "10.1.2.3", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254", "[64:ff9b::7f00:1]"],
)
def test_no_private_address_is_reached_unless_the_deployment_allows_them(stage, host):
    settings = stage.settings.model_copy(update={"allow_private_addresses": False})
    port = stage.webhook_url.rpartition(":")[2]
    with pytest.raises(Exception) as caught:
        public_http.session(settings).get(f"http://{host}:{port}/health/live", timeout=5)
    assert public_http.leads_inside(caught.value)
