"""Both clients wait as long as they are asked to, whether by seconds or by a date, and say why they wait."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from sources import retries
from sources.retries import MAX_RETRY_AFTER, retry_after
from sources.twilio_client import RetryingHttpClient
from sources.woocommerce.client import ShopClient


class _Server(ThreadingHTTPServer):
    """Answers its first request with 429 and the header Retry-After, and those that follow with a list."""

    retry_after = ""
    asked_at: list[float]


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self.server.asked_at.append(time.monotonic())
        is_first = len(self.server.asked_at) == 1
        body = json.dumps([]).encode()
        self.send_response(429 if is_first else 200)
        self.send_header("Content-Length", str(len(body)))
        if is_first:
            self.send_header("Retry-After", self.server.retry_after)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing."""


@pytest.fixture
def server() -> Iterator[_Server]:
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.asked_at = []
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def ask_twilio(address: str) -> None:
    RetryingHttpClient(address).request("GET", "https://api.twilio.com/2010-04-01/Accounts.json")


def ask_shop(address: str) -> None:
    with ShopClient(address, "ck_1", "cs_1") as client:
        client.array("/wc/v3/settings/general")


@pytest.mark.parametrize("ask", [ask_twilio, ask_shop])
@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_client_comes_back_when_it_was_asked_to(
    server: _Server, monkeypatch: pytest.MonkeyPatch, ask: Callable[[str], None], form: str
) -> None:
    monkeypatch.setattr(retries, "FIRST_WAIT", 0.01)
    later = datetime.now(UTC) + timedelta(seconds=3)  # a date has whole seconds: at least two of these three are left
    server.retry_after = "2" if form == "seconds" else format_datetime(later, usegmt=True)

    ask(f"http://127.0.0.1:{server.server_port}")

    first, second = server.asked_at
    assert 1.5 < second - first < 10


@pytest.mark.parametrize("ask", [ask_twilio, ask_shop])
def test_the_log_says_why_and_for_how_long_a_client_waits(
    server: _Server, capsys: pytest.CaptureFixture[str], ask: Callable[[str], None]
) -> None:
    server.retry_after = "1"
    ask(f"http://127.0.0.1:{server.server_port}")
    said = "".join(capsys.readouterr())  # stderr once a test of this process has configured the logs
    assert "HTTP 429" in said
    assert "seconds=1.0" in said or '"seconds": 1.0' in said
    assert "cs_1" not in said


def test_retry_after_may_be_seconds_or_a_date() -> None:
    assert retry_after("7") == 7
    assert retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    assert retry_after("99999") == MAX_RETRY_AFTER == 120
    assert retry_after("Fri, 01 Jan 2100 00:00:00 GMT") == MAX_RETRY_AFTER
    assert retry_after("-3") == 0
    assert [retry_after(None), retry_after("soon"), retry_after("nan")] == [None, None, None]
