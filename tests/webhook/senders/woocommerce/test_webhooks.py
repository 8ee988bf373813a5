"""WooCommerce's webhooks and the button's clicks: what lands, what is refused, and what strangers learn (nothing)."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from sources.woocommerce.objects import ORDERS
from tests.support import webhook_shops as shops
from warehouse.settings import ROOT, Settings
from webhook.app import create_app
from webhook.senders.woocommerce import secrets

RECORDED = sorted((ROOT / "tests" / "data" / "woocommerce_samples" / "webhooks").glob("*.json"))
PATH = "/webhooks/woocommerce/batik"
CLICKS = PATH + "/clicks"
COUNT = "select count(*) from raw.woocommerce_deliveries"
COUNT_CLICKS = "select count(*) from raw.woocommerce_clicks"


@pytest.fixture
def client(settings: Settings, query: Any) -> FlaskClient:
    shops.connect(query, settings)
    return create_app(settings).test_client()


def recorded(path: Any) -> dict[str, Any]:
    sample = json.loads(path.read_text())
    kept = {name: value for name, value in sample["headers"].items() if name.startswith(("X-WC-", "Content-Type"))}
    return {"data": sample["body"].encode(), "headers": kept}


def test_every_recorded_delivery_is_answered_and_every_signed_one_lands(client, query):
    assert len(RECORDED) == 29
    for _ in range(2):  # the second time all of it is known already
        for path in RECORDED:
            assert client.post(PATH, **recorded(path)).status_code == 200, path.name
    rows = query("select topic, resource, resource_id, payload->'data'->>'status' from raw.woocommerce_deliveries")
    # WooCommerce makes a delivery's id of the webhook and the second: deliveries of one second share it.
    assert len(rows) == sum(json.loads(path.read_text())["signature_ok"] for path in RECORDED) == 21
    assert query("select count(distinct delivery_id) from raw.woocommerce_deliveries") == [(13,)]
    gone = [row for row in rows if row[2] is None]
    assert sorted(gone) == [("order.created", "order", None, "404"), ("order.updated", "order", None, "404")]
    assert {("order.created", "order", number, None) for number in (2196, 2197, 2198, 2199)} < set(rows)
    assert ("product.deleted", "product", 69, None) in rows


@pytest.mark.parametrize("path", [path for path in RECORDED if "ping" not in path.name], ids=lambda path: path.stem)
def test_a_recorded_delivery_with_a_byte_changed_is_refused(client, query, path):
    sample = recorded(path)
    sample["data"] = sample["data"].replace(b":", b": ", 1)
    assert client.post(PATH, **sample).status_code == 403
    assert query(COUNT) == [(0,)]


def test_a_ping_is_answered_and_nothing_of_it_lands(client, query):
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert client.post(PATH, data=b"webhook_id=7", headers=form).status_code == 200
    for body in (b"webhook_id=x", b"webhook_id=7&a=b", b"", b"id=7"):
        assert client.post(PATH, data=body, headers=form).status_code == 415
    assert client.post(PATH, data=b"webhook_id=7", headers=form | {"X-WC-Webhook-Topic": "a.b"}).status_code == 415
    assert query(COUNT) == [(0,)]


@pytest.mark.parametrize("address", ["{}", "{}/clicks"])
def test_strangers_cannot_tell_which_shops_there_are(client, address):
    foreign = (shops.delivery({"id": 1}, secret="foreign"), shops.click(secret="foreign"), {"json": {"id": 1}})
    paths = [
        "/webhooks/woocommerce/" + address.format(store) for store in ("batik", "nobody", "B%00tik", "%F0%9F%99%8F")
    ]
    answers = [client.post(path, **sent) for path in paths for sent in foreign]
    assert {(answer.status_code, answer.data) for answer in answers} == {(403, answers[0].data)}
    ping = {"data": b"webhook_id=7", "headers": {"Content-Type": "application/x-www-form-urlencoded"}}
    pings = [client.post(f"/webhooks/woocommerce/{store}", **ping) for store in ("batik", "nobody")]
    assert pings[0].data == pings[1].data


def test_a_shop_signs_for_itself_only(client, settings, query):
    shops.connect(query, settings, store="kopi", secret="another")
    assert client.post("/webhooks/woocommerce/kopi", **shops.delivery({"id": 1})).status_code == 403
    assert client.post("/webhooks/woocommerce/kopi", **shops.delivery({"id": 1}, secret="another")).status_code == 200
    assert query("select store_id from raw.woocommerce_deliveries") == [("kopi",)]


def test_a_shop_connected_again_signs_anew_within_a_second(client, settings, query, monkeypatch):
    assert client.post(PATH, **shops.delivery({"id": 1})).status_code == 200
    shops.connect(query, settings, secret="new")
    monkeypatch.setattr(secrets, "SHORTEST", 0.0)  # as if a second had gone by
    assert client.post(PATH, **shops.delivery({"id": 2}, secret="new")).status_code == 200
    assert client.post(PATH, **shops.delivery({"id": 3})).status_code == 403


def test_odd_ids_are_kept_and_nul_is_not(client, query):
    for payload in (
        {"id": 5, "number": "a\x00b"},
        {"id": "5"},
        {"id": 2**63},
        {"id": True},
        {"action": "x"},
        {"id": 0},
    ):
        assert client.post(PATH, **shops.delivery(payload)).status_code == 200
    assert query("select count(*), count(resource_id) from raw.woocommerce_deliveries") == [(6, 1)]
    assert query("select payload->>'number' from raw.woocommerce_deliveries where resource_id = 5") == [("ab",)]


def test_only_the_fields_that_a_sync_keeps_are_stored(client, query):
    for path in RECORDED:
        client.post(PATH, **recorded(path))
    meta = [{"key": "_wc_shipment_tracking_items", "value": [{"tracking_number": "JP123"}]}, {"key": "x", "value": "y"}]
    address = {"address_1": "Jalan Rahasia 7", "postcode": "40111", "email": "siti@mail.example"}
    order = {"id": 5, "billing": address, "customer_note": "pagar hijau", "customer_ip_address": "192.0.2.7"}
    client.post(PATH, **shops.delivery(order | {"meta_data": meta}))
    client.post(PATH, **shops.delivery(order, topic="subscription.updated"))
    names = "select distinct jsonb_object_keys(payload) from raw.woocommerce_deliveries where resource = 'order'"
    listed = {each.split(".")[0].partition("[")[0] for each in ORDERS.fields.readers}
    assert {name for (name,) in query(names)} <= listed | {"code", "message", "data"}
    mine = query("select resource, payload from raw.woocommerce_deliveries where resource_id = 5 order by resource")
    kept = {"id": 5, "billing": {"email": "siti@mail.example"}, "parcels": [{"number": "JP123"}]}
    assert mine == [("order", kept), ("subscription", {"id": 5})]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (shops.delivery(b"no json"), 400),
        (shops.delivery(b"\xff"), 400),
        (shops.delivery(b'{"id": 1, "id": 2}'), 400),
        (shops.delivery([1]), 422),
        (shops.delivery({"id": "\ud83d"}), 422),
        (shops.delivery({"id": 1}, topic=""), 422),
        (shops.delivery({"id": 1}, topic="order"), 422),
        (shops.delivery({"id": 1}, **{"X-WC-Webhook-Delivery-ID": "a b"}), 422),
        (shops.delivery({"id": 1}, **{"X-WC-Webhook-Resource": ""}), 422),
        (shops.delivery({"id": 1}, **{"Content-Type": "text/plain"}), 415),
        (shops.delivery({"id": 1}, **{"X-WC-Webhook-Signature": "é"}), 403),
        (shops.delivery({"id": "x" * 2_000_000}), 413),
    ],
)
def test_what_is_malformed_is_refused_whoever_signed_it(client, query, sent, status):
    assert client.post(PATH, **sent).status_code == status
    assert query(COUNT) == [(0,)]


def test_without_the_key_of_the_secrets_nothing_can_be_checked(client, settings, query, monkeypatch):
    monkeypatch.delenv("KABAR_ENCRYPTION_KEY")
    keyless = create_app(Settings(_env_file=None)).test_client()
    assert keyless.post(PATH, **shops.delivery({"id": 1})).json["error"] == "not_configured"
    monkeypatch.setenv("KABAR_ENCRYPTION_KEY", "another key")
    other = create_app(Settings(_env_file=None)).test_client()
    answer = other.post(PATH, **shops.delivery({"id": 1}))
    assert (answer.status_code, answer.json["error"]) == (503, "undecryptable")
    assert "Retry-After" in answer.headers


def test_a_database_that_is_away_is_503_with_a_time_to_come_back(client, settings, monkeypatch):
    monkeypatch.setenv("KABAR_DATABASE_URL", "postgresql://owner@127.0.0.1:1/kabar")
    away = create_app(Settings(_env_file=None)).test_client()
    registration = {"json": {"code": shops.CODE, "url": "https://a.example", **shops.KEYS}}
    sent = {PATH: shops.delivery({"id": 1}), CLICKS: shops.click(), "/webhooks/woocommerce/register": registration}
    for path, options in sent.items():
        answer = away.post(path, **options)
        assert (answer.status_code, answer.json["error"]) == (503, "database_away")
        assert int(answer.headers["Retry-After"]) > 0


def test_a_click_lands_once(client, query):
    sent = shops.click(click_id="6f1c2b9e-0d4a-4a7e-9a57-2f1f0a8f3c11", product_id=None)
    assert [client.post(CLICKS, **sent).status_code for _ in range(3)] == [200, 200, 200]
    columns = "store_id, click_id, code, product_id, clicked_at"
    at = datetime(2026, 11, 1, 3, tzinfo=UTC)
    assert query(f"select {columns} from raw.woocommerce_clicks") == [
        ("batik", "6f1c2b9e-0d4a-4a7e-9a57-2f1f0a8f3c11", "k7x2m3qa", None, at)
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"click_id": "1"}, {"click_id": "6F1C2B9E-0D4A-4A7E-9A57-2F1F0A8F3C11"}, {"click_id": None},
        {"code": "K7X2M3QA"}, {"code": "k7x2m9qa"}, {"code": "k7x2m3q"}, {"code": None}, {"code": "k7x2m3qa\n"},
        {"product_id": "69"}, {"product_id": 0}, {"product_id": True}, {"product_id": 2**63}, {"product_id": 1.5},
        {"clicked_at": "2026-11-01 03:00:00"}, {"clicked_at": 1762000000}, {"clicked_at": "2026-11-01T03:00:00"},
        {"clicked_at": (datetime.now(UTC) + timedelta(hours=2)).isoformat()}, {"phone": "+6281234567890"},
    ],
)  # fmt: skip
def test_a_click_that_is_not_as_agreed_is_refused_and_nothing_of_it_repeated(client, query, changes):
    answer = client.post(CLICKS, **shops.click(**changes))
    assert answer.status_code == 422
    assert b"6281234567890" not in answer.data
    assert query(COUNT_CLICKS) == [(0,)]


def test_a_click_needs_all_its_fields_and_its_own_signature(client, query):
    for missing in ("click_id", "code", "product_id", "clicked_at"):
        fields = json.loads(shops.click()["data"])
        del fields[missing]
        body = json.dumps(fields).encode()
        headers = {"Content-Type": "application/json", "X-Kabar-Signature": shops.signature(body)}
        assert client.post(CLICKS, data=body, headers=headers).status_code == 422
    sent = shops.click()
    sent["headers"]["X-WC-Webhook-Signature"] = sent["headers"].pop("X-Kabar-Signature")
    assert client.post(CLICKS, **sent).status_code == 403
    assert query(COUNT_CLICKS) == [(0,)]
