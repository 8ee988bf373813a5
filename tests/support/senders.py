"""Senders that sign as Twilio and as chatbots do, and a web server that takes what they send in its own process."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from demo.signing import sign_event, sign_twilio
from warehouse.settings import ROOT

FORM_TYPE = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Delivery:
    """A request as a sender sends it."""

    path: str
    body: bytes
    headers: dict[str, str]


class Senders:
    """Makes signed deliveries."""

    public_url = "https://kabar.example/in"
    token = "a token for tests only"
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    environment = {"KABAR_PUBLIC_URL": public_url, "TWILIO_AUTH_TOKEN": token, "KABAR_EVENTS_SECRET": secret}

    def twilio(self, kind: str, form: Any, query: str = "") -> Delivery:
        """`kind` is `messages` or `status`; `form` a dict, or pairs when a name is repeated."""
        path = f"/webhooks/twilio/{kind}{query}"
        headers = {"Content-Type": FORM_TYPE, **sign_twilio(self.public_url + path, form, self.token)}
        return Delivery(path, urlencode(form).encode(), headers)

    def message(self, **changes: str) -> Delivery:
        return self.twilio("messages", self.message_form(**changes))

    def message_form(self, **changes: str) -> dict[str, str]:
        sid = f"SM{uuid.uuid4().hex}"
        form = {
            "MessageSid": sid,
            "AccountSid": "AC1",
            "From": "whatsapp:+6281234567890",
            "To": "whatsapp:+6281100000000",
        }
        return form | {"Body": "Halo kak", "NumMedia": "0", "ProfileName": "Siti"} | changes

    def status(self, sid: str, status: str, **changes: str) -> Delivery:
        return self.twilio("status", {"MessageSid": sid, "MessageStatus": status, **changes})

    def event(self, kind: str = "message", **changes: Any) -> dict[str, Any]:
        event = {
            "event_id": uuid.uuid4().hex,
            "type": kind,
            "occurred_at": "2026-11-01T10:00:00+07:00",
            "channel": "web",
        }
        event["customer"] = {"id": "visitor-1"}
        event |= {"message": {"author": "customer", "text": "halo"}, "rating": {"rating": 5}}.get(kind, {})
        return event | changes

    def events(self, body: Any, secret: str = secret) -> Delivery:
        """`body` is what becomes JSON, or the bytes themselves."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return Delivery("/webhooks/chatbot/events", raw, sign_event(raw, secret))


@dataclass(frozen=True)
class LiveServer:
    port: int
    log: Path

    def send(self, delivery: Delivery, method: str = "POST") -> tuple[int, bytes]:
        """Send over a connection of its own; returns the answer's status and body."""
        opened = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            opened.request(method, delivery.path, delivery.body, delivery.headers)
            answer = opened.getresponse()
            return answer.status, answer.read()
        finally:
            opened.close()

    def get(self, path: str) -> tuple[int, bytes]:
        return self.send(Delivery(path, b"", {}), "GET")

    def raw(self, request: bytes, hang_up: bool = False) -> bytes:
        """Send bytes as they are, `hang_up` says: and never more; returns what came back until the server closed."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as opened:
            opened.sendall(request)
            if hang_up:
                opened.shutdown(socket.SHUT_WR)
            answer = b""
            try:
                while chunk := opened.recv(65536):
                    answer += chunk
            except ConnectionResetError:
                pass
            return answer


@contextmanager
def serving(environment: dict[str, str], folder: Path, command: tuple[str, ...] = ()) -> Iterator[LiveServer]:
    """Runs `python -m webhook`, or another command, on a free port; its log lies in `folder`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder / "log"
    arguments = [part.format(port=port) for part in command] or [sys.executable, "-m", "webhook"]
    with open(log, "wb") as output:
        process = subprocess.Popen(
            arguments,
            env=os.environ | environment | {"KABAR_WEB_PORT": str(port), "PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            stdout=output,
            stderr=output,
        )
        try:
            live = LiveServer(port, log)
            _await(live, process)
            yield live
        finally:
            process.terminate()
            process.wait(timeout=30)


def _await(live: LiveServer, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert process.poll() is None, live.log.read_text()
        try:
            if live.get("/health/live")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not start: {live.log.read_text()}")
