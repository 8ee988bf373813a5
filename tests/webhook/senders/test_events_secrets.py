"""Each shop signs its chatbot events with its own secret, and can send only its own."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from warehouse.settings import ROOT, Settings
from webhook.app import create_app


@pytest.fixture
def live(web_settings, serve):
    with serve({}) as server:
        yield server


@pytest.fixture
def create(web_settings):
    """`create("kopi")` runs the command and returns the new secret."""

    def run(store: str) -> str:
        command = [sys.executable, "-m", "webhook.events_secret", store]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    return run


@pytest.fixture
def status(web_settings, senders):
    """The status of a delivery with a secret, at a server that has read no secrets yet."""

    def of(secret: str) -> int:
        delivery = senders.events(senders.event(), secret)
        client = create_app(web_settings).test_client()
        return client.post(delivery.path, data=delivery.body, headers=delivery.headers).status_code

    return of


@pytest.fixture
def a_day_passes(query):
    def passes(store: str) -> None:
        query(
            "update app.events_secrets set created_at = created_at - interval '1 day',"
            " rotated_at = rotated_at - interval '1 day' where store_id = %s returning 1",
            store,
        )

    return passes


def stored(query) -> dict[str, str]:
    return dict(query("select event_id, store_id from raw.chatbot_events"))


def test_the_secret_says_whose_events_they_are(live, senders, create, query):
    kopi, batik = create("kopi"), create("batik")
    for secret, name, fields in (
        (kopi, "kopi-1", {}), (kopi, "kopi-2", {"store": "kopi"}), (batik, "batik-1", {}),
        (senders.secret, "default-1", {}), (senders.secret, "default-2", {"store": "default"}),
    ):  # fmt: skip
        assert live.send(senders.events(senders.event(event_id=name, **fields), secret))[0] == 200
    assert stored(query) == {
        "kopi-1": "kopi", "kopi-2": "kopi", "batik-1": "batik", "default-1": "default", "default-2": "default",
    }  # fmt: skip


@pytest.mark.parametrize("named", ["batik", "default", "nowhere", "../x'\"<", "KOPI", " kopi"])
def test_events_of_another_or_an_unknown_shop_are_refused_and_the_delivery_can_come_again(
    live, senders, create, query, named
):
    kopi = create("kopi")
    create("batik")
    good = senders.event(event_id="good")
    status, body = live.send(senders.events([good, senders.event(event_id="odd", store=named)], kopi))
    assert status == 422
    assert json.loads(body)["errors"] == [
        {
            "index": 1,
            "event_id": "odd",
            "field": "store",
            "error": "must be the shop whose secret signed, or be left out",
        }
    ]
    assert stored(query) == {}
    assert live.send(senders.events([good], kopi))[0] == 200
    assert stored(query) == {"good": "kopi"}


def test_the_deployments_secret_is_no_other_shops(live, senders, create):
    create("kopi")
    for named in ("kopi", "nowhere"):
        assert live.send(senders.events(senders.event(store=named)))[0] == 422


def test_a_shop_created_while_the_server_runs_is_known_at_once(live, senders, create):
    assert live.send(senders.events(senders.event()))[0] == 200  # the server has read the secrets
    assert live.send(senders.events(senders.event(), create("kopi")))[0] == 200


def test_a_replaced_secret_is_valid_for_another_day(status, create, a_day_passes):
    first, second = create("kopi"), create("kopi")
    assert [status(first), status(second)] == [200, 200]
    a_day_passes("kopi")
    assert [status(first), status(second)] == [403, 200]
    third, fourth = create("kopi"), create("kopi")
    assert [status(second), status(third), status(fourth)] == [403, 200, 200]


def test_the_deployments_secret_ends_a_day_after_the_default_shop_got_its_own(status, senders, create, a_day_passes):
    own = create("default")
    assert [status(senders.secret), status(own)] == [200, 200]
    a_day_passes("default")
    newest = create("default")
    assert [status(senders.secret), status(own), status(newest)] == [403, 200, 200]


def test_without_any_secret_nothing_is_taken_and_the_answer_says_so(web_settings, senders, create, monkeypatch):
    monkeypatch.delenv("KABAR_EVENTS_SECRET")
    client = create_app(Settings(_env_file=None)).test_client()
    delivery = senders.events(senders.event())
    answer = client.post(delivery.path, data=delivery.body, headers=delivery.headers)
    assert (answer.status_code, answer.json["error"]) == (503, "not_configured")
    delivery = senders.events(senders.event(), create("default"))
    assert client.post(delivery.path, data=delivery.body, headers=delivery.headers).status_code == 200


def test_with_another_encryption_key_events_can_be_sent_again_later(senders, create, web_settings, monkeypatch):
    secret = create("kopi")
    monkeypatch.setenv("KABAR_ENCRYPTION_KEY", "another key than the one it was encrypted with")
    client = create_app(Settings(_env_file=None)).test_client()
    delivery = senders.events(senders.event(), secret)
    answer = client.post(delivery.path, data=delivery.body, headers=delivery.headers)
    assert (answer.status_code, answer.json["error"]) == (503, "undecryptable")
    delivery = senders.events(senders.event(), create("kopi"))
    assert client.post(delivery.path, data=delivery.body, headers=delivery.headers).status_code == 200
    own = senders.events(senders.event())
    assert client.post(own.path, data=own.body, headers=own.headers).status_code == 200


def test_secrets_are_stored_encrypted_and_only_for_names_that_can_be_shops(create, query):
    secret = create("kopi")
    assert secret not in str(query("select * from app.events_secrets"))
    command = [sys.executable, "-m", "webhook.events_secret", "Kopi!"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert query("select store_id from app.events_secrets") == [("kopi",)]
