"""A shop that disconnects is refused like a stranger, and one that connects again is believed again."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.support import webhook_shops as shops
from warehouse.settings import Settings
from webhook.app import create_app
from webhook.senders.woocommerce import secrets

BATIK = "/webhooks/woocommerce/batik"
DISCONNECT = BATIK + "/disconnect"
STORED = "select url, consumer_key, consumer_secret, webhook_secret, disconnected_at is not null from app.stores"
LANDED = "select (select count(*) from raw.woocommerce_deliveries) + (select count(*) from raw.woocommerce_clicks)"
REGISTRATION = {"code": shops.CODE, "url": "https://batik.example", **shops.KEYS}


@pytest.fixture
def client(settings: Settings) -> FlaskClient:
    return create_app(settings).test_client()


@pytest.fixture
def secret(client: FlaskClient, query: Any) -> str:
    """The secret of a shop that the plugin has connected."""
    shops.invite(query)
    return str(client.post("/webhooks/woocommerce/register", json=REGISTRATION).json["webhook_secret"])


def disconnection(secret: str, **fields: Any) -> dict[str, Any]:
    body = json.dumps(fields or {"disconnected_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"}).encode()
    signature = shops.signature(body, secret)
    return {"data": body, "headers": {"Content-Type": "application/json", "X-Kabar-Signature": signature}}


def test_a_shop_that_disconnected_is_refused_and_nothing_of_it_is_stored(client, query, secret):
    assert client.post(BATIK, **shops.delivery({"id": 1}, secret=secret)).status_code == 200
    answer = client.post(DISCONNECT, **disconnection(secret))
    assert (answer.status_code, answer.json) == (200, {"disconnected": 1})
    assert query(STORED) == [(None, None, None, None, True)]
    refused = client.post(BATIK, **shops.delivery({"id": 2, "billing": {"email": "siti@mail.example"}}, secret=secret))
    stranger = client.post("/webhooks/woocommerce/nobody", **shops.delivery({"id": 2}, secret=secret))
    assert (refused.status_code, refused.data) == (403, stranger.data)
    assert client.post(BATIK + "/clicks", **shops.click(secret=secret)).status_code == 403
    assert query(LANDED) == [(1,)]


def test_another_process_refuses_it_as_soon_as_it_asks_the_database_again(client, settings, query, secret, monkeypatch):
    other = create_app(settings).test_client()
    assert other.post(BATIK, **shops.delivery({"id": 1}, secret=secret)).status_code == 200
    client.post(DISCONNECT, **disconnection(secret))
    monkeypatch.setattr(secrets, "LONGEST", 0.0)  # as if half a minute had gone by
    assert other.post(BATIK, **shops.delivery({"id": 2}, secret=secret)).status_code == 403
    assert query(LANDED) == [(1,)]


def test_a_shop_that_connects_again_works_again(client, query, secret, monkeypatch):
    monkeypatch.setattr(secrets, "SHORTEST", 0.0)  # as if a second had gone by each time
    sent = disconnection(secret)
    assert client.post(DISCONNECT, **sent).status_code == 200
    assert client.post(DISCONNECT, **sent).status_code == 403
    shops.invite(query, code="another-invitation")
    answer = client.post("/webhooks/woocommerce/register", json=REGISTRATION | {"code": "another-invitation"})
    assert (answer.status_code, answer.json["store"]) == (200, "batik")
    again = answer.json["webhook_secret"]
    assert again != secret
    assert client.post(BATIK, **shops.delivery({"id": 3}, secret=again)).status_code == 200
    assert client.post(BATIK + "/clicks", **shops.click(secret=again)).status_code == 200
    assert query("select disconnected_at < connected_at from app.stores") == [(True,)]


def test_a_copy_of_a_disconnection_does_not_end_a_later_connection(client, settings, query, secret):
    other = create_app(settings).test_client()
    other.post(BATIK, **shops.delivery({"id": 1}, secret=secret))  # the other process believes this secret for a while
    sent = disconnection(secret)
    client.post(DISCONNECT, **sent)
    shops.invite(query, code="another-invitation")
    client.post("/webhooks/woocommerce/register", json=REGISTRATION | {"code": "another-invitation"})
    assert other.post(DISCONNECT, **sent).status_code == 403
    assert query("select url from app.stores") == [("https://batik.example",)]


def test_nothing_but_the_plugins_own_request_disconnects(client, query, secret):
    now = datetime.now(UTC)
    before = query(STORED)
    for fields in (
        {"id": 1},
        {"disconnected_at": 7},
        {"disconnected_at": "yesterday"},
        {"disconnected_at": (now - timedelta(hours=2)).isoformat()},
        {"disconnected_at": (now + timedelta(hours=2)).isoformat()},
        {"disconnected_at": now.isoformat(), "id": 1},
    ):
        assert client.post(DISCONNECT, **disconnection(secret, **fields)).status_code == 422, fields
    assert client.post(DISCONNECT, **disconnection("foreign")).status_code == 403
    unsigned = client.post(DISCONNECT, json={"disconnected_at": now.isoformat()})
    assert unsigned.status_code == 403
    nobody = client.post("/webhooks/woocommerce/nobody/disconnect", json={"disconnected_at": now.isoformat()})
    assert (nobody.status_code, nobody.data) == (403, unsigned.data)
    assert client.get(DISCONNECT).status_code == 405
    assert query(STORED) == before
