"""A shop connects itself by a one-time code, and a guesser learns nothing."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.support import webhook_shops as shops
from warehouse import encryption
from warehouse.settings import Settings
from webhook.app import create_app
from webhook.senders.woocommerce.registration import shop_url

PATH = "/webhooks/woocommerce/register"
GOOD = {"code": shops.CODE, "url": "https://batik.example/shop/", **shops.KEYS}


@pytest.fixture
def client(settings: Settings) -> FlaskClient:
    return create_app(settings).test_client()


def test_a_good_code_connects_the_shop_and_its_secret_signs_at_once(client, settings, query):
    client.post("/webhooks/woocommerce/batik", **shops.delivery({"id": 1}))  # its name is asked for before it is there
    shops.invite(query)
    answer = client.post(PATH, json=GOOD)
    assert (answer.status_code, answer.json["store"]) == (200, "batik")
    columns = "url, consumer_key, consumer_secret, webhook_secret, connected_at is not null"
    ((url, *stored, connected),) = query(f"select {columns} from app.stores where store_id = 'batik'")
    assert (url, connected) == ("https://batik.example/shop", True)
    opened = [encryption.decrypt(text, settings) for text in stored]
    assert opened == [*shops.KEYS.values(), answer.json["webhook_secret"]]
    fresh = create_app(settings).test_client()
    signed = shops.click(secret=answer.json["webhook_secret"])
    assert fresh.post("/webhooks/woocommerce/batik/clicks", **signed).status_code == 200


def test_a_shop_registered_again_keeps_the_secret_that_its_webhooks_sign_with(client, settings, query, monkeypatch):
    shops.connect(query, settings)
    shops.invite(query)
    expected = {"store": "batik", "webhook_secret": shops.SECRET, "reached": False}
    assert client.post(PATH, json=GOOD).json == expected
    assert client.post("/webhooks/woocommerce/batik", **shops.delivery({"id": 1})).status_code == 200
    assert query("select url from app.stores") == [(GOOD["url"].rstrip("/"),)]
    assert client.post(PATH, json=GOOD).status_code == 403  # the code is used all the same
    # With another key of ours it cannot be read any more: a new one takes its place.
    shops.invite(query, code="another-invitation")
    monkeypatch.setenv("KABAR_ENCRYPTION_KEY", "another key")
    other = create_app(Settings(_env_file=None)).test_client()
    answer = other.post(PATH, json=GOOD | {"code": "another-invitation"})
    assert answer.status_code == 200
    assert answer.json["webhook_secret"] != shops.SECRET
    signed = shops.delivery({"id": 2}, secret=answer.json["webhook_secret"])
    assert other.post("/webhooks/woocommerce/batik", **signed).status_code == 200


def test_a_code_that_is_used_expired_unknown_or_none_is_answered_in_one_way(client, query):
    shops.invite(query)
    shops.invite(query, code="an-expired-invitation", expires_in="-1 second")
    assert client.post(PATH, json=GOOD).status_code == 200
    codes = (shops.CODE, "an-expired-invitation", "an-unknown-invitation", "", "x" * 5000, "\x00", "%s' or true --")
    answers = [client.post(PATH, json=GOOD | {"code": code}) for code in codes]
    assert {(answer.status_code, answer.data) for answer in answers} == {(403, answers[0].data)}
    assert query("select count(*) from app.stores where url is not null") == [(1,)]


@pytest.mark.parametrize(
    "changes",
    [
        {"url": "http://batik.example"}, {"url": "ftp://batik.example"}, {"url": "https://u:p@batik.example"},
        {"url": "https://batik.example/?a=b"}, {"url": "https://"}, {"url": None}, {"url": "https://a b"},
        {"consumer_key": "cs_1"}, {"consumer_secret": ""}, {"consumer_key": 3}, {"code": None},
    ],
)  # fmt: skip
def test_a_mistake_is_named_and_the_code_stays_good(client, query, changes):
    shops.invite(query)
    assert client.post(PATH, json=GOOD | changes).status_code == 422
    assert client.post(PATH, json=GOOD).status_code == 200


def test_a_guesser_has_to_wait(client, query):
    statuses = [client.post(PATH, json=GOOD | {"code": f"guess-number-{n:08}"}).status_code for n in range(25)]
    assert statuses == [403] * 20 + [429] * 5
    shops.invite(query)
    answer = client.post(PATH, json=GOOD)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    elsewhere = client.post(PATH, json=GOOD, environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert elsewhere.status_code == 200


def test_without_an_encryption_key_nothing_is_stored_and_the_code_stays_good(client, query, monkeypatch):
    shops.invite(query)
    monkeypatch.delenv("KABAR_ENCRYPTION_KEY")
    keyless = create_app(Settings(_env_file=None)).test_client()
    assert keyless.post(PATH, json=GOOD).status_code == 503
    assert client.post(PATH, json=GOOD).status_code == 200


def test_what_is_no_json_object_is_refused(client):
    assert client.post(PATH, data="a=b").status_code == 415
    assert client.post(PATH, data="{", content_type="application/json").status_code == 400
    assert client.post(PATH, json=[GOOD]).status_code == 422
    assert client.get(PATH).status_code == 405


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://Shop.example/", "https://shop.example"),
        ("https://shop.example:8443/Toko", "https://shop.example:8443/Toko"),
        ("http://127.0.0.1:8081", "http://127.0.0.1:8081"),
        ("http://localhost/", "http://localhost"),
        ("http://[::1]:81", "http://[::1]:81"),
        ("http://localhost.example", None),
        ("http://10.0.0.1", None),
        ("https://shop.example:0", None),
        ("https://shop.example:99999", None),
        ("https://shop_.example", None),
        ("https://[::1", None),
        ("https://shop.example#", None),
        ("https://shop.example\\@elsewhere.example", None),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_a_shops_address_is_https_or_the_machine_itself(text, url):
    assert shop_url(text) == url
