"""Senders that never finish a request, or take long over it, under the server that deployments run."""

from __future__ import annotations

import http.client
import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import cycle, islice
from typing import Any

import pytest

from tests.support.people import PASSWORD, SESSION
from tests.support.senders import Delivery, LiveServer, Senders
from warehouse import connection
from warehouse.settings import Settings
from webhook.accounts import users

AT_ONCE = 3.0  # seconds; the goal is one, the machine that tests run on may be busy, and what is held up takes longer
BODY_SECONDS = 10
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
PATHS = {
    "/webhooks/twilio/messages": FORM,
    "/webhooks/twilio/status": FORM,
    "/webhooks/chatbot/events": JSON,
    "/webhooks/woocommerce/default": JSON,
    "/webhooks/woocommerce/default/clicks": JSON,
    "/webhooks/woocommerce/register": JSON,
    "/inbox/sign-in": FORM,
    "/inbox/knowledge": FORM,
    "/nowhere": FORM,
}


@pytest.fixture(scope="module")
def live(module_settings: Settings, senders: Senders, serve: Any) -> Iterator[LiveServer]:
    with serve({**senders.environment, **SESSION, "KABAR_TRUSTED_PROXIES": "1"}) as server:
        yield server


@pytest.fixture(scope="module")
def agent(live: LiveServer, module_settings: Settings) -> Agent:
    return Agent(live, module_settings)


@pytest.fixture
def query(module_settings: Settings) -> Callable[..., list[tuple[Any, ...]]]:
    """Asks the database as its owner."""

    def ask(statement: str, *values: object) -> list[tuple[Any, ...]]:
        with connection.transaction("owner", module_settings) as opened, opened.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall()

    return ask


def head(path: str, length: int | None, headers: dict[str, str] | None = None) -> bytes:
    framing = {"Transfer-Encoding": "chunked"} if length is None else {"Content-Length": str(length)}
    fields = "".join(f"{name}: {value}\r\n" for name, value in {**framing, **(headers or {})}.items())
    return f"POST {path} HTTP/1.1\r\nHost: x\r\n{fields}\r\n".encode()


def begin(live: LiveServer, request: bytes) -> socket.socket:
    opened = socket.create_connection(("127.0.0.1", live.port), timeout=30)
    opened.sendall(request)
    return opened


@contextmanager
def unfinished(live: LiveServer, count: int, address: str = "203.0.113.9") -> Iterator[list[socket.socket]]:
    """Requests of one address that announce 1000 bytes, send three, and stay open."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(
                begin(live, head(path, 1000, {"Content-Type": kind, "X-Forwarded-For": address}) + b"abc")
            )
            for path, kind in islice(cycle(PATHS.items()), count)
        ]


def answer(opened: socket.socket) -> tuple[int, bytes]:
    read = http.client.HTTPResponse(opened)
    read.begin()
    return read.status, read.read()


def seconds_of(live: LiveServer, delivery: Delivery, method: str = "POST") -> float:
    started = time.monotonic()
    assert live.send(delivery, method)[0] == 200
    return time.monotonic() - started


@pytest.mark.parametrize("count", [20, 60, 300])
def test_unfinished_requests_of_a_stranger_hold_up_nobody(live, senders, query, count):
    with unfinished(live, count):
        time.sleep(0.5)
        for number in range(8):  # so that both processes are asked
            assert seconds_of(live, senders.message(MessageSid=f"SM{count}x{number}")) < AT_ONCE
            assert seconds_of(live, Delivery("/health/live", b"", {}), "GET") < AT_ONCE
    assert query("select count(*) from raw.twilio_messages where message_sid like %s", f"SM{count}x%") == [(8,)]


def test_an_unfinished_request_is_answered_408_and_its_connection_closed(live):
    started = time.monotonic()
    with unfinished(live, len(PATHS)) as connections:
        answers = [answer(opened) for opened in connections]
        took = time.monotonic() - started
        # Whoever has not signed in or asks for nothing hears of that, and not of the body.
        assert [status for status, _ in answers] == [408] * 7 + [401, 404]
        assert all(opened.recv(1) == b"" for opened in connections)
    assert BODY_SECONDS - 1 < took < BODY_SECONDS + 5


def test_a_late_body_of_a_webhook_is_answered_408_in_json_and_logged(live, senders):
    status = senders.status("SM1", "sent")
    with begin(live, head(status.path, len(status.body), status.headers) + status.body[:10]) as opened:
        code, body = answer(opened)
    assert (code, json.loads(body)["error"]) == (408, "request_timeout")
    logged = [json.loads(line) for line in live.log.read_text().splitlines() if '"twilio.status"' in line]
    assert (logged[-1]["status"], logged[-1]["outcome"]) == (408, "request_timeout")
    assert b'code="408",endpoint="twilio.status"}' in live.get("/metrics")[1]


def test_a_body_that_trickles_past_the_deadline_is_cut_off(live):
    started = time.monotonic()
    with begin(live, head("/webhooks/twilio/messages", None, {"Content-Type": FORM})) as opened:
        opened.settimeout(0.2)
        received = b""
        while not received:
            assert time.monotonic() - started < BODY_SECONDS + 5
            opened.sendall(b"1\r\na\r\n")
            try:
                received = opened.recv(100)
            except TimeoutError:
                continue
    assert received.startswith(b"HTTP/1.1 408")


def test_a_sender_that_is_slow_and_honest_is_heard(live, senders, query):
    message = senders.message(Body="slowly")
    middle = len(message.body) // 2
    with begin(live, head(message.path, len(message.body), message.headers) + message.body[:5]) as opened:
        time.sleep(2)
        opened.sendall(message.body[5:middle])
        time.sleep(2)
        opened.sendall(message.body[middle:])
        assert answer(opened)[0] == 200
    assert query("select count(*) from raw.twilio_messages where body = 'slowly'") == [(1,)]


def test_one_address_may_leave_few_requests_unfinished_and_those_of_others_go_on(live, senders):
    """The oldest give way to newer ones, in each of the two processes; a slow sender elsewhere is not among them."""
    message = senders.message()
    headers = {**message.headers, "X-Forwarded-For": "198.51.100.1"}
    begun = head(message.path, len(message.body), headers) + message.body[:5]
    with begin(live, begun) as honest, unfinished(live, 40) as first:
        time.sleep(2)
        started = time.monotonic()
        with unfinished(live, 120):
            assert all(answer(opened)[0] in (401, 404, 408) for opened in first)
            assert time.monotonic() - started < 5
            honest.sendall(message.body[5:])
            assert answer(honest)[0] == 200


def test_many_at_once_from_one_address_are_all_heard(live, senders):
    """As behind a proxy that is not trusted: only what stays unfinished counts, not what comes together."""
    messages = [senders.message() for _ in range(100)]
    with ExitStack() as stack:
        opened = [
            stack.enter_context(begin(live, head(each.path, len(each.body), each.headers) + each.body[:-1]))
            for each in messages
        ]
        for each, one in zip(messages, opened, strict=True):
            one.sendall(each.body[-1:])
        assert [answer(one)[0] for one in opened] == [200] * len(messages)


def test_an_oversized_body_is_refused_before_it_arrives(live, senders):
    message = senders.message()
    with begin(live, head(message.path, 2 * 1024**2, message.headers) + b"abc") as opened:
        started = time.monotonic()
        assert answer(opened)[0] == 413
        assert time.monotonic() - started < AT_ONCE


class Agent:
    """Somebody who signed in over the wire."""

    def __init__(self, live: LiveServer, settings: Settings) -> None:
        with connection.transaction("inbox", settings) as opened, opened.cursor() as cursor:
            users.add(cursor, "sari@shop.example", "Sari", "agent", PASSWORD)
        self._port = live.port
        self.cookie = ""
        page = self._ask("GET", "/inbox/sign-in")
        form = f"csrf_token={self._token(page)}&email=sari@shop.example&password={PASSWORD.replace(' ', '+')}"
        self._ask("POST", "/inbox/sign-in", form.encode(), {"Content-Type": FORM})
        self.token = self._token(self._ask("GET", "/inbox/knowledge"))

    def _ask(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> str:
        opened = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        opened.request(method, path, body, {"Cookie": self.cookie, **(headers or {})})
        read = opened.getresponse()
        if set_cookies := read.headers.get_all("Set-Cookie"):
            self.cookie = "; ".join(set_cookie.partition(";")[0] for set_cookie in set_cookies)
        text = read.read().decode()
        opened.close()
        return text

    @staticmethod
    def _token(page: str) -> str:
        return page.partition('name="csrf_token" value="')[2].partition('"')[0]

    def upload(self, content: bytes) -> tuple[bytes, dict[str, str]]:
        """A form with one file, and the headers that go with it."""
        fields = (
            f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{self.token}\r\n'
            '--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
        )
        body = fields.encode() + content + b"\r\n--x--\r\n"
        return body, {"Content-Type": "multipart/form-data; boundary=x", "Cookie": self.cookie}


def test_a_file_may_take_longer_than_the_deadline_of_strangers(live, agent, query):
    body, headers = agent.upload(b"Kami buka setiap hari. " * 200_000)
    piece = len(body) // 7
    with begin(live, head("/inbox/knowledge", len(body), headers)) as opened:
        for start in range(0, len(body), piece):
            opened.sendall(body[start : start + piece])
            time.sleep(BODY_SECONDS / 6)
        assert answer(opened)[0] == 303
    assert query("select bytes from app.knowledge_documents") == [(4_600_000,)]


def test_forty_sign_ins_at_once_hold_up_no_webhook(live, agent, senders, query):
    form = f"csrf_token={agent.token}&email=sari@shop.example&password=wrong".encode()
    headers = {"Content-Type": FORM, "Cookie": agent.cookie, "X-Forwarded-For": "203.0.113.77"}
    with ExitStack() as stack:
        attempts = [
            stack.enter_context(begin(live, head("/inbox/sign-in", len(form), headers) + form)) for _ in range(40)
        ]
        assert seconds_of(live, senders.message(MessageSid="SMsignins")) < AT_ONCE
        assert {answer(opened)[0] for opened in attempts} <= {401, 429}
    assert query("select count(*) from raw.twilio_messages where message_sid = 'SMsignins'") == [(1,)]


def test_a_forged_session_gets_no_more_time_and_no_more_room(live, agent):
    body, headers = agent.upload(b"x" * 2_000_000)
    forged = headers | {"Cookie": agent.cookie[:-4] + "AAAA"}
    with begin(live, head("/inbox/knowledge", 1000, forged)) as slow:
        with begin(live, head("/inbox/knowledge", len(body), forged)) as large:
            assert answer(large)[0] == 401
        started = time.monotonic()
        assert answer(slow)[0] == 401
        assert time.monotonic() - started < BODY_SECONDS + 3
