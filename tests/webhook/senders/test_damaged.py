"""Damaged deliveries over real HTTP: always a 4xx, never a row, and nothing of them in an answer or in the log."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from demo.signing import sign_event, sign_twilio

COUNT = 10_000 if os.environ.get("KABAR_SOAK") == "1" else 1_000
CANARIES = ("canarytext", "6281377788899", "canaryname")
JUNK: tuple[Any, ...] = (None, True, -1, 10**30, 1.5, "", [], {}, ["canarytext"], {"canaryname": "canarytext"})


class Damage:
    """Makes damaged deliveries as (method, path, headers, body), or as raw bytes, from a seed."""

    def __init__(self, senders: Any, seed: int) -> None:
        self.senders = senders
        self.random = random.Random(seed)
        self.kinds: list[Callable[[], Any]] = [
            self.signature, self.changed_after_signing, self.type_and_method, self.encoding, self.size,
            self.signed_but_incomplete, self.signed_but_repeated, self.misdirected, self.chunking,
            self.event_signature, self.event_field, self.event_json, self.event_batch,
        ]  # fmt: skip

    def next(self) -> Any:
        return self.random.choice(self.kinds)()

    def form(self) -> tuple[str, dict[str, str]]:
        if self.random.random() < 0.3:
            return "status", {"MessageSid": self.sid(), "MessageStatus": "sent", "To": "whatsapp:+6281377788899"}
        changes = {"MessageSid": self.sid(), "From": "whatsapp:+6281377788899"}
        return "messages", self.senders.message_form(**changes, Body="canarytext kak", ProfileName="canaryname")

    def sid(self) -> str:
        return f"SM{self.random.getrandbits(128):032x}"

    def signed(self, kind: str, form: Any, method: str = "POST", **headers: str) -> Any:
        delivery = self.senders.twilio(kind, form)
        return method, delivery.path, delivery.headers | headers, delivery.body

    def signature(self) -> Any:
        kind, form = self.form()
        method, path, headers, body = self.signed(kind, form)
        right = headers["X-Twilio-Signature"]
        wrong = [right[:-3], right[::-1], right + "=", "", "\u00ff", right.lower() + "!", "A" * 5000]
        wrong.append(sign_twilio("https://elsewhere/" + path, form, self.senders.token)["X-Twilio-Signature"])
        wrong.append(sign_twilio(self.senders.public_url + path, form, "foreign")["X-Twilio-Signature"])
        headers["X-Twilio-Signature"] = self.random.choice(wrong)
        if self.random.random() < 0.1:
            del headers["X-Twilio-Signature"]
        return method, path + self.random.choice(["", "?a=canarytext"]), headers, body

    def changed_after_signing(self) -> Any:
        kind, form = self.form()
        method, path, headers, _ = self.signed(kind, form)
        name = self.random.choice(list(form))
        changed = dict(form)
        how = self.random.randrange(3)
        if how == 0:
            del changed[name]
        elif how == 1:
            changed[name] += self.random.choice(["x", "\x00", "é", " "])
        else:
            changed["Added"] = "canarytext"
        return method, path, headers, urlencode(changed).encode()

    def type_and_method(self) -> Any:
        kind, form = self.form()
        if self.random.random() < 0.5:
            return self.signed(kind, form, self.random.choice(["GET", "PUT", "DELETE", "PATCH"]))
        types = [
            "application/json",
            "multipart/form-data; boundary=x",
            "text/plain",
            "",
            "canarytext",
            "a/b; charset=\u00ff",
        ]
        types.append("application/x-www-form-urlencoded; charset=utf-16")
        return self.signed(kind, form, **{"Content-Type": self.random.choice(types)})

    def encoding(self) -> Any:
        kind, form = self.form()
        method, path, headers, body = self.signed(kind, form)
        return (
            method,
            path,
            headers,
            body + self.random.choice([b"%ff", b"\xff", b"&X=%ed%a0%80", b"&%c3=1", b"&\xc3\x28=1"]),
        )

    def size(self) -> Any:
        kind, form = self.form()
        if self.random.random() < 0.5:
            return self.signed(kind, form | {"Long": "canarytext" * 2000})
        return self.signed(kind, form | {f"F{number}": "" for number in range(1000)})

    def signed_but_incomplete(self) -> Any:
        kind, form = self.form()
        name = self.random.choice(["MessageSid", "MessageStatus" if kind == "status" else "From"])
        form[name] = self.random.choice(["", "\x00", "whatsapp:", " \x00:"])
        if self.random.random() < 0.3:
            del form[name]
        if form.get(name) == " \x00:" or (name == "From" and form.get(name) == "\x00"):
            form[name] = ""
        return self.signed(kind, form)

    def signed_but_repeated(self) -> Any:
        kind, form = self.form()
        name = self.random.choice(["MessageSid", "MessageStatus" if kind == "status" else "From"])
        return self.signed(kind, [*form.items(), (name, self.random.choice(["", form[name], "canarytext"]))])

    def misdirected(self) -> Any:
        kind, form = self.form()
        return self.signed("messages" if kind == "status" else "status", form)

    def chunking(self) -> bytes:
        _, path, headers, body = self.signed(*self.form())
        fields = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{fields}"
        size = f"{len(body):x}".encode()
        broken = [
            b"zz\r\n" + body,
            size + b"\r\n" + body[:-9],
            b"-1\r\n" + body + b"\r\n0\r\n\r\n",
            b"f" * 20 + b"\r\n" + body,
        ]
        chunked = head.encode() + b"Transfer-Encoding: chunked\r\n\r\n" + self.random.choice(broken)
        short = f"{head}Content-Length: {len(body) + 9}\r\n\r\n".encode() + body
        return self.random.choice([chunked, chunked, short])

    def event(self) -> dict[str, Any]:
        kind = self.random.choice(["message", "handover", "rating", "closed"])
        customer = {"phone": "+6281377788899", "name": "canaryname"}
        return self.senders.event(kind, event_id=self.sid(), customer=customer, extra="canarytext")

    def posted(self, body: Any, **headers: str) -> Any:
        delivery = self.senders.events(body)
        return "POST", delivery.path, delivery.headers | headers, delivery.body

    def event_signature(self) -> Any:
        method, path, headers, body = self.posted(self.event())
        minutes = self.random.choice([-60, -6, 6, 10_000])
        stale = sign_event(body, self.senders.secret, at=datetime.now(UTC) + timedelta(minutes=minutes))
        changes = [stale, sign_event(body, "b3RoZXI="), {"webhook-id": "canarytext"}, {"webhook-timestamp": "NaN"}]
        changes += [
            {"webhook-signature": text} for text in ("v1", "v1,", "v2,abc", "v1,\u00e9", ",,,", "v1,canarytext")
        ]
        headers |= self.random.choice(changes)
        if self.random.random() < 0.2:
            del headers[self.random.choice(["webhook-id", "webhook-timestamp", "webhook-signature"])]
        return method, path, headers, body

    def event_field(self) -> Any:
        event = self.event()
        name = self.random.choice(["event_id", "type", "occurred_at", "channel", "customer"])
        if self.random.random() < 0.3:
            del event[name]
        elif self.random.random() < 0.5:
            junk = [value for value in JUNK if name != "customer" or value != {"phone": "+1"}]
            event[name] = self.random.choice(junk)
        else:
            times = ["canarytext", "2026-13-01T00:00:00Z", "2026-11-01", "2026-11-01T10:00:00", "1762000000"]
            event |= self.random.choice(
                [
                    {"occurred_at": self.random.choice(times)}, {"event_id": "\x00"}, {"event_id": "x" * 256},
                    {"customer": {"phone": "canarytext"}}, {"customer": {"id": 7}},
                    {"customer": {"name": "canaryname"}},
                    {"store": 5}, {"channel": "x" * 65}, {"extra": "\udcff"}, {"type": "canarytext"},
                    {"type": "message", "author": "canaryname", "text": ""}, {"type": "rating", "rating": "5"},
                    {"type": "rating", "rating": self.random.choice([0, 6, 4.5, True, -1, 10**40])},
                ]
            )  # fmt: skip
        return self.posted(event)

    def event_json(self) -> Any:
        good = json.dumps(self.event()).encode()
        cut = self.random.randrange(len(good))
        deep = b"[" * self.random.choice([33, 900, 7000])
        broken = [
            good[:cut],
            good[:-1] + b', "x": NaN}',
            good[:-1] + b', "x": -1e999}',
            good[:-1] + b', "type": "closed"}',
        ]
        broken += [good[:-1] + b', "x": ' + b"7" * 5000 + b"}", deep, deep + b"]" * len(deep), b"\xef\xbb\xbf" + good]
        broken += [good[:-1] + b', "x": ' + deep + b"]" * len(deep) + b"}", b"null", b'"canarytext"', b"[]"]
        broken = [body for body in broken if _is_text(body)]
        if self.random.random() < 0.2:
            method, path, headers, body = self.posted(good)
            return method, path, headers, body[:-1] + b'\xff"}'
        return self.posted(self.random.choice(broken))

    def event_batch(self) -> Any:
        bad = self.random.choice(["canarytext", None, 3, {}, self.event() | {"type": "canarytext"}])
        events = [self.event() for _ in range(self.random.randrange(1, 9))]
        events.insert(self.random.randrange(len(events) + 1), bad)
        return self.posted(events)


def _is_text(body: bytes) -> bool:
    try:
        return bool(body.decode()) or True
    except UnicodeDecodeError:
        return False


@pytest.mark.soak
def test_damaged_deliveries_are_refused_and_leave_nothing_behind(web_settings, serve, senders, query):
    damage = Damage(senders, seed=20261122)
    seen: dict[int, int] = {}
    with serve({"KABAR_MAX_BODY_BYTES": "16384"}) as live:
        for _ in range(COUNT):
            status, answer = send(live, damage.next())
            assert 400 <= status < 500, (status, answer)
            assert not any(canary.encode() in answer for canary in CANARIES), answer
            seen[status] = seen.get(status, 0) + 1
        assert live.send(senders.message(MessageSid="SMwhole"))[0] == 200
        log = live.log.read_text(errors="replace")
    assert set(seen) >= {400, 403, 405, 413, 415, 422}
    assert not any(canary in log for canary in (*CANARIES, "Traceback"))
    assert query("select message_sid from raw.twilio_messages") == [("SMwhole",)]
    for table in ("twilio_statuses", "chatbot_events", "conflicts"):
        assert query(f"select count(*) from raw.{table}") == [(0,)]


def send(live: Any, damaged: Any) -> tuple[int, bytes]:
    if isinstance(damaged, bytes):
        answer = live.raw(damaged, hang_up=True)
        # To a body that breaks off the server may also answer nothing: nobody is there to read it.
        return (int(answer.split(b" ")[1]), answer) if answer else (499, b"")
    method, path, headers, body = damaged
    return live.send(type("Request", (), {"path": path, "headers": headers, "body": body}), method)
