"""Whatever a shop answers: what may pass is asked for again, within bounds, and what cannot is said in plain words."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from demo.woocommerce import KINDS, Clock, Shop, ShopSettings, WooCommerceStandIn
from sources import woocommerce
from sources.woocommerce.client import ATTEMPTS, ShopClient
from sources.woocommerce.responses import InvalidResponse, ShopRefused, parse_json
from tests.support.synced_shops import differences, one, rows
from warehouse.settings import Settings

pytestmark = pytest.mark.usefixtures("short_waits")

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.fixture
def stand_in() -> Iterator[WooCommerceStandIn]:
    shop = Shop(settings=ShopSettings(timezone="Asia/Jakarta", currency="IDR"), clock=Clock(NOW))
    shop.create_customer("siti@example.test")
    for _ in range(5):
        shop.create_order()
    with WooCommerceStandIn(shop) as stand_in:
        stand_in.faults.retry_after, stand_in.faults.silent_seconds = 1, 0.1
        yield stand_in


def connect(settings: Settings, stand_in: WooCommerceStandIn, **changes: Any) -> None:
    given = {"url": stand_in.url, "key": stand_in.key, "secret": stand_in.secret, **changes}
    woocommerce.add("toko", **given, settings=settings, checked=False)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_broken_answer_passes(settings: Settings, stand_in: WooCommerceStandIn, kind: str) -> None:
    connect(settings, stand_in)
    stand_in.faults.only = "/wc/v3/orders"
    stand_in.faults.fail(*[kind] * 3)

    woocommerce.sync("toko", settings)
    stand_in.shop.clock.pass_time(60)
    woocommerce.reconcile("toko", settings)

    assert differences(settings, "toko", stand_in.shop) == []
    assert rows(settings, "select id from raw.rejected where resolved_at is null and id not like '%%unreadable'") == []


@pytest.mark.parametrize("kind", ["html_200", "truncated", "bad_gateway", "reset"])
def test_what_never_passes_is_said_in_words_and_harms_nothing(
    settings: Settings, stand_in: WooCommerceStandIn, kind: str
) -> None:
    connect(settings, stand_in)
    woocommerce.sync("toko", settings)
    position = one(settings, "select position from app.sync_positions where source = 'woocommerce_orders'")
    stand_in.faults.kinds, stand_in.faults.probability, stand_in.faults.only = (kind,), 1.0, "/wc/v3/orders"
    before = len(stand_in.requests)

    with pytest.raises(ShopRefused, match="no usable answer") as refused:
        woocommerce.sync("toko", settings)

    assert stand_in.secret not in str(refused.value)
    assert len(stand_in.requests) - before <= ATTEMPTS + 1, "tries are bounded"
    assert one(settings, "select position from app.sync_positions where source = 'woocommerce_orders'") == position
    stand_in.faults.probability = 0
    woocommerce.sync("toko", settings)


def test_retry_after_is_honoured(settings: Settings, stand_in: WooCommerceStandIn) -> None:
    connect(settings, stand_in)
    stand_in.faults.minds_haste = True
    stand_in.faults.fail("throttled")

    woocommerce.sync("toko", settings)

    assert sum(request.status == 429 for request in stand_in.requests) == 1, "who comes back too soon is told so again"


@pytest.mark.parametrize("always", ["nulls", "retyped", "missing_keys", "warnings"])
def test_a_shop_of_an_odd_shape_lands_whole(settings: Settings, stand_in: WooCommerceStandIn, always: str) -> None:
    connect(settings, stand_in)
    stand_in.faults.always = (always,)

    woocommerce.sync("toko", settings)
    reconciled = woocommerce.reconcile("toko", settings)

    assert differences(settings, "toko", stand_in.shop) == []
    assert reconciled.verdict == "pass", [each for each in reconciled.findings if each.verdict != "pass"]


@pytest.mark.parametrize("wrong", [{"key": "ck_of_another"}, {"secret": "cs_of_another"}])
def test_wrong_keys_are_said_in_plain_words(
    settings: Settings, stand_in: WooCommerceStandIn, wrong: dict[str, str]
) -> None:
    given = {"key": stand_in.key, "secret": stand_in.secret, **wrong}
    with pytest.raises(ShopRefused, match="does not accept the key"):
        woocommerce.add("toko", stand_in.url, given["key"], given["secret"], settings)
    assert woocommerce.stores(settings) == []
    connect(settings, stand_in, **wrong)
    with pytest.raises(ShopRefused, match="does not accept the key"):
        woocommerce.sync("toko", settings)
    assert len(stand_in.requests) <= 4, "asking again would not help"


def test_one_bad_object_is_set_aside_and_well_again_later(settings: Settings, stand_in: WooCommerceStandIn) -> None:
    connect(settings, stand_in)
    bad, good = sorted(stand_in.shop.orders)[:2]
    order = stand_in.shop.orders[bad]
    stand_in.shop.put_order({**order, "total": "many"})

    synced = woocommerce.sync("toko", settings)

    assert synced["orders"].rejected >= 1
    assert synced["orders"].inserted == 4
    kept = "select source, reason, attempts, resolved_at from raw.rejected where id = %s"
    assert rows(settings, kept, f"toko:{bad}")[0][:2] == ("woocommerce_orders", "total is no amount")
    attempts = rows(settings, kept, f"toko:{bad}")[0][2]
    assert woocommerce.reconcile("toko", settings).verdict == "fail"
    assert rows(settings, kept, f"toko:{bad}")[0][2] > attempts
    assert one(settings, "select id from raw.woocommerce_orders where id = %s", good) == good

    stand_in.shop.put_order(order)
    woocommerce.sync("toko", settings)
    assert rows(settings, kept, f"toko:{bad}")[0][3] is not None
    assert woocommerce.reconcile("toko", settings).verdict == "pass"
    assert differences(settings, "toko", stand_in.shop) == []


def test_half_a_character_and_nul_are_landed(settings: Settings, stand_in: WooCommerceStandIn) -> None:
    connect(settings, stand_in)
    number = min(stand_in.shop.orders)
    order = stand_in.shop.orders[number]
    stand_in.shop.put_order({**order, "payment_method_title": "a\ud83dc\x00d"})

    assert woocommerce.sync("toko", settings)["orders"].inserted == 5
    title = "select body ->> 'payment_method_title' from raw.woocommerce_orders where id = %s"
    assert one(settings, title, number) == "a?cd"


class _Elsewhere(BaseHTTPRequestHandler):
    """A server that sends every request on to `target`, and keeps what it was asked."""

    target = ""
    asked: list[str] = []

    def do_GET(self) -> None:
        self.asked.append(self.path + str(self.headers))
        self.send_response(302 if self.target else 200)
        self.send_header("Location", self.target + self.path)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"[]")

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def two_servers() -> Iterator[tuple[str, type[_Elsewhere]]]:
    there: type[_Elsewhere] = type("There", (_Elsewhere,), {"asked": []})
    other = ThreadingHTTPServer(("127.0.0.1", 0), there)
    here = type("Here", (_Elsewhere,), {"target": f"http://127.0.0.1:{other.server_port}", "asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), here)
    for each in (other, server):
        threading.Thread(target=each.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", there
    for each in (other, server):
        each.shutdown()
        each.server_close()


def test_a_redirect_to_another_host_is_refused_and_the_key_stays_at_home(
    two_servers: tuple[str, type[_Elsewhere]],
) -> None:
    url, there = two_servers
    with (
        ShopClient(url, "ck_key", "cs_secret") as client,
        pytest.raises(ShopRefused, match="redirects to http://127"),
    ):
        client.listing("/wc/v3/orders")
    assert there.asked == []


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b'[{"id":1}]', [{"id": 1}]),
        (b'\xef\xbb\xbf\n[{"id":1}]', [{"id": 1}]),
        (b'<br />\n<b>Warning</b>: x in <b>{closure}()</b><br />\n[{"id":1}]', [{"id": 1}]),
        (b"Notice: something[1]\n[]", []),
        (b'<b>Deprecated</b>: y<br />{"id":"a [b] {c}"}', {"id": "a [b] {c}"}),
        (b'[{"id":1}]\n<!-- Cached by a plugin in 0.2 s -->', [{"id": 1}]),
        (b'{"id":1}\n<!-- [1] {"a":1} [ "cut -->\n', {"id": 1}),
        (b'\xef\xbb\xbf\xef\xbb\xbf[{"id":1}]', [{"id": 1}]),
        (b'<br />\xef\xbb\xbf\n\xef\xbb\xbf[{"id":1}]\x00', [{"id": 1}]),
        (b'[{"id":1}]<br />\n<b>Warning</b>: y in <b>/x.php</b> on line <b>5</b><br />\n', [{"id": 1}]),
        (b'[{"id":1}]<script>var a = {"b": [1]};</script>', [{"id": 1}]),
        (b'[{"id":1}]0', [{"id": 1}]),
        (b'debug[{"id":1}]', [{"id": 1}]),
        (b'{"debug":true}\n[{"id":1},{"id":2}]', [{"id": 1}, {"id": 2}]),
        (b')]}\',\n[{"id":1}]', [{"id": 1}]),
    ],
)
def test_json_is_found_behind_what_plugins_print(content: bytes, value: Any) -> None:
    assert parse_json(content) == value


@pytest.mark.parametrize(
    "content",
    [b"", b"<html><body>One moment</body></html>", b'[{"id":1},{"id":2}', b'{"a":NaN}', b"[" * 100_000,
     b'[{"id":1,"x":<br />\n<b>Warning</b>: y<br />\n[{"id":5}],"total":"1"}]', b'{"debug":true}\n[{"id":1},{"id":2',
     b'{"debug":true}\n[{"id":1},{"name":"Si', b'[{"id":1}<!-- cache -->', b'debug[{"id":1},{"id"',
     b'<br />\n[{"id":1,"lines":[\n{"id":2}]', b'{"refunds":[]', b'Warning\n{"name":"<b>x</b>","lines":[]'],
)  # fmt: skip
def test_a_part_of_an_answer_is_never_taken_for_the_whole(content: bytes) -> None:
    with pytest.raises(InvalidResponse):
        parse_json(content)
