"""The stand-in's webhooks are kept over the API and sent as the real shop sends them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from demo.woocommerce import Clock, Draft, Line, Shop, WooCommerceStandIn
from tests.support.shop_client import Caller

RECORDED_DELIVERIES = Path(__file__).parents[1] / "data/woocommerce_samples/webhooks"


@pytest.fixture
def shop() -> Shop:
    return Shop(clock=Clock(datetime(2026, 3, 10, 12, tzinfo=UTC)))


@pytest.fixture
def caller(shop: Shop) -> Iterator[Caller]:
    with WooCommerceStandIn(shop) as stand_in:
        yield Caller(stand_in)


def order() -> Draft:
    return Draft([Line(7, "Kopi", 2, Decimal(50))], tax_rate=Decimal("0.1"), shipping=Decimal(10))


class Receiver:
    """A receiver that keeps what it gets and answers `status`."""

    def __init__(self) -> None:
        self.got: list[tuple[MultiDict[str, str], bytes]] = []
        self.status = 200

        class Handler(BaseHTTPRequestHandler):
            def do_POST(handler) -> None:  # noqa: N805 (self is the receiver here)
                body = handler.rfile.read(int(handler.headers["Content-Length"]))
                self.got.append((MultiDict(handler.headers.items()), body))
                handler.send_response(self.status)
                handler.end_headers()

            def log_message(handler, *arguments: Any) -> None:  # noqa: N805
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    Thread(target=receiver.server.serve_forever, args=(0.05,), daemon=True).start()
    yield receiver
    receiver.server.shutdown()
    receiver.server.server_close()


def subscribe(caller: Caller, url: str, topic: str = "order.created") -> int:
    made = caller.ask("POST", "/wc/v3/webhooks", {}, {"topic": topic, "delivery_url": url, "secret": "shared"})
    assert made.status_code == 201
    assert "secret" not in made.json()
    return int(made.json()["id"])


def test_webhooks_are_made_changed_listed_and_deleted_over_the_api(caller: Caller) -> None:
    number = subscribe(caller, "https://kabar.example/hook")
    path = f"/wc/v3/webhooks/{number}"
    (listed,) = caller.get("/wc/v3/webhooks").json()
    recorded = json.loads((RECORDED_DELIVERIES.parent / "webhooks_list.json").read_text())[0]
    assert listed.keys() == recorded.keys()
    assert caller.ask("PUT", path, {}, {"status": "paused"}).json()["status"] == "paused"
    assert caller.get("/wc/v3/webhooks", status="active").json() == []
    assert caller.ask("DELETE", path, {}).status_code == 501
    assert caller.ask("DELETE", path, {"force": "true"}).status_code == 200
    assert caller.get(path).status_code == 404
    for wrong in ({"topic": "order.eaten", "delivery_url": "https://x.example"}, {"topic": "order.created"}):
        assert caller.ask("POST", "/wc/v3/webhooks", {}, wrong).status_code == 400
    batch = {
        "create": [{"topic": "order.updated", "delivery_url": "https://x.example"}, {"topic": "no"}],
        "delete": [9],
    }
    answer = caller.ask("POST", "/wc/v3/webhooks/batch", {}, batch).json()
    assert answer["create"][0]["topic"] == "order.updated"
    assert "error" in answer["create"][1]
    assert "error" in answer["delete"][0]


def test_a_delivery_is_signed_over_its_body_and_shaped_as_recorded(
    shop: Shop, caller: Caller, receiver: Receiver
) -> None:
    shop.happenings.clear()
    subscribe(caller, receiver.url)
    caller.shop.webhooks.ping()
    shop.create_order(order())
    caller.shop.webhooks.send()
    (ping_headers, ping), (headers, body) = receiver.got
    assert ping == b"webhook_id=1"
    assert "X-WC-Webhook-Signature" not in ping_headers
    recorded = json.loads((RECORDED_DELIVERIES / "38_order_created.json").read_text())
    assert {each for each in recorded["headers"] if each.startswith("X-WC")} <= headers.keys()
    expected = base64.b64encode(hmac.new(b"shared", body, hashlib.sha256).digest()).decode()
    assert headers["X-WC-Webhook-Signature"] == expected
    assert json.loads(body)["total"] == "121.00"
    assert b"\\/" in body


def test_a_body_is_built_when_it_is_sent(shop: Shop, caller: Caller, receiver: Receiver) -> None:
    subscribe(caller, receiver.url)
    shop.happenings.clear()
    gone = shop.create_order(order())
    shop.delete_order(gone)
    caller.shop.webhooks.send()
    recorded = json.loads((RECORDED_DELIVERIES / "09_order_created.json").read_text())
    assert receiver.got[0][1].decode() == recorded["body"]


def test_a_receiver_that_fails_is_disabled(shop: Shop, caller: Caller, receiver: Receiver) -> None:
    number = subscribe(caller, receiver.url)
    receiver.status = 500
    for _ in range(8):
        shop.create_order(order())
    caller.shop.webhooks.send()
    assert len(receiver.got) == 6
    assert caller.get(f"/wc/v3/webhooks/{number}").json()["status"] == "disabled"
