"""Damaged deliveries, clicks and registrations over real HTTP: always a 4xx, never a row, nothing of them repeated."""

from __future__ import annotations

import json
import os
import random
from typing import Any

import pytest

from tests.support import webhook_shops as shops

COUNT = 10_000 if os.environ.get("KABAR_SOAK") == "1" else 1_000
CANARIES = ("canarytext", "6281377788899", "siti@")
BASE = "/webhooks/woocommerce/"
JUNK: tuple[Any, ...] = (True, -1, 10**30, 1.5, "", [], {}, ["canarytext"], {"canarytext": "siti@"})


class Damage:
    """Makes damaged requests as (path, headers, body), or as raw bytes, from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.kinds = [
            self.signature, self.changed_after_signing, self.foreign, self.announced, self.json, self.headers,
            self.click, self.registration, self.cut_short, self.ping,
        ]  # fmt: skip

    def next(self) -> Any:
        return self.random.choice(self.kinds)()

    def sent(self, **options: Any) -> tuple[str, dict[str, str], bytes]:
        """A good delivery or click."""
        if self.random.random() < 0.4:
            made, path = shops.click(**options), BASE + "batik/clicks"
        else:
            order = {"id": self.random.randrange(1, 10**6), "billing": {"email": "siti@x", "phone": "6281377788899"}}
            made, path = shops.delivery(order, **options), BASE + "batik"
        return path, made["headers"], made["data"]

    def signature(self) -> Any:
        path, headers, body = self.sent()
        name = next(name for name in headers if name.endswith("Signature"))
        right = headers[name]
        wrong = ["", right[:-2], right.lower() + "!", right[::-1], "ÿ", "A" * 5000, "sha256=" + right, "canarytext"]
        return path, headers | {name: self.random.choice(wrong)}, body

    def changed_after_signing(self) -> Any:
        path, headers, body = self.sent()
        place = self.random.randrange(len(body))
        return path, headers, body[:place] + b"canarytext" + body[place:]

    def foreign(self) -> Any:
        if self.random.random() < 0.5:
            return self.sent(secret="foreign")
        _, headers, body = self.sent()
        store = self.random.choice(["canarytext", "BATIK", "batik%00", "%ff", "6281377788899"])
        return BASE + store + self.random.choice(["", "/clicks"]), headers, body

    def announced(self) -> Any:
        path, headers, body = self.sent()
        types = [
            "text/plain",
            "",
            "application/x-www-form-urlencoded",
            "application/json; charset=utf-16",
            "canarytext",
        ]
        return path, headers | {"Content-Type": self.random.choice(types)}, body

    def json(self) -> Any:
        deep = b"[" * self.random.choice([129, 900, 7000])
        broken = [
            b"",
            b"canarytext",
            b'{"id": NaN}',
            b'{"id": 1, "id": 1}',
            b'{"id": 1e999}',
            b'{"a": "\\ud83d"}',
            b"[]",
        ]
        broken += [
            deep,
            deep + b"]" * len(deep),
            b"\xef\xbb\xbf{}",
            b'{"id": ' + b"9" * 5000 + b"}",
            b'"\xff"',
            b"null",
        ]
        broken += [b"<b>Warning</b>: canarytext{}", b"[]", b"null", b'{"id": "' + b"x" * 20_000 + b'"}']
        made = shops.delivery(self.random.choice(broken))
        if self.random.random() < 0.5:
            return BASE + "batik", made["headers"], made["data"]
        name = "X-Kabar-Signature"
        return BASE + "batik/clicks", made["headers"] | {name: shops.signature(made["data"])}, made["data"]

    def headers(self) -> Any:
        made = shops.delivery({"id": 1})
        name = self.random.choice(["Topic", "Resource", "Delivery-ID"])
        value = self.random.choice(["", "a b", "é", "x" * 300, "canarytext!", "'--"])
        return BASE + "batik", made["headers"] | {f"X-WC-Webhook-{name}": value}, made["data"]

    def click(self) -> Any:
        name = self.random.choice(["click_id", "code", "product_id", "clicked_at", "canarytext"])
        made = shops.click(**{name: self.random.choice(JUNK)})
        return BASE + "batik/clicks", made["headers"], made["data"]

    def registration(self) -> Any:
        fields: dict[str, Any] = {"code": shops.CODE, "url": "https://a.example", **shops.KEYS}
        if self.random.random() < 0.3:
            del fields[self.random.choice(list(fields))]
        else:
            fields[self.random.choice(list(fields))] = self.random.choice(JUNK)
        return BASE + "register", {"Content-Type": "application/json"}, json.dumps(fields).encode()

    def cut_short(self) -> bytes:
        path, headers, body = self.sent()
        fields = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{fields}"
        return f"{head}Content-Length: {len(body) + 9}\r\n\r\n".encode() + body

    def ping(self) -> Any:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        body = self.random.choice([b"webhook_id=", b"webhook_id=canarytext", b"webhook_id=1&webhook_id=2", b"%ff", b""])
        return BASE + self.random.choice(["batik", "nobody"]), headers, body


@pytest.mark.soak
def test_damaged_requests_are_refused_and_leave_nothing_behind(settings, serve, query):
    shops.connect(query, settings)
    shops.invite(query, store="kopi")
    damage = Damage(seed=20261122)
    seen: dict[int, int] = {}
    with serve({"KABAR_MAX_BODY_BYTES": "16384"}) as live:
        for _ in range(COUNT):
            status, answer = send(live, damage.next())
            assert 400 <= status < 500, (status, answer)
            assert not any(canary.encode() in answer for canary in CANARIES), answer
            seen[status] = seen.get(status, 0) + 1
        whole = shops.delivery({"id": 7, "email": "siti@x"}, **{"X-WC-Webhook-Delivery-ID": "whole"})
        assert send(live, (BASE + "batik", whole["headers"], whole["data"]))[0] == 200
        log = live.log.read_text(errors="replace")
    assert set(seen) >= {400, 403, 413, 415, 422}
    assert '["batik", "whole"]' in log
    secrets = (shops.SECRET, shops.CODE, *shops.KEYS.values())
    assert not any(text in log for text in (*CANARIES, *secrets, "Traceback"))
    assert query("select delivery_id from raw.woocommerce_deliveries") == [("whole",)]
    assert query("select count(*) from raw.woocommerce_clicks") == [(0,)]
    assert query("select store_id from app.stores where url is not null") == []


def test_a_registration_over_http_logs_no_secret(settings, serve, query):
    shops.invite(query, store="kopi")
    fields = {"code": shops.CODE, "url": "https://a.example", **shops.KEYS}
    with serve({}) as live:
        registration = (BASE + "register", {"Content-Type": "application/json"}, json.dumps(fields).encode())
        status, answer = send(live, registration)
        log = live.log.read_text(errors="replace")
    secret = json.loads(answer)["webhook_secret"]
    assert status == 200
    assert '"kopi"' in log
    assert not any(text in log for text in (secret, shops.CODE, *shops.KEYS.values()))


def send(live: Any, damaged: Any) -> tuple[int, bytes]:
    if isinstance(damaged, bytes):
        answer = live.raw(damaged, hang_up=True)
        # To a body that breaks off the server may also answer nothing: nobody is there to read it.
        return (int(answer.split(b" ")[1]), answer) if answer else (499, b"")
    path, headers, body = damaged
    return live.send(type("Request", (), {"path": path, "headers": headers, "body": body}))
