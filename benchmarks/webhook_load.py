"""The load: 16 kept-open connections that send prepared, signed requests one after another, from one process."""

from __future__ import annotations

import selectors
import socket
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from demo.signing import sign_twilio

CONNECTIONS = 16
PATH = "/webhooks/twilio/messages"


@dataclass(frozen=True)
class Load:
    """What a run of requests showed: requests a second, and each request's seconds in ascending order."""

    rate: float
    seconds: list[float]

    def percentile(self, share: float) -> float:
        """The seconds within which `share` (0–1) of the requests were answered."""
        return self.seconds[min(len(self.seconds) - 1, int(share * len(self.seconds)))]


def requests(count: int, public_url: str, token: str) -> list[bytes]:
    """Signed deliveries of different messages, as the bytes that go over the wire."""
    return [_request(number, public_url, token) for number in range(count)]


def _request(number: int, public_url: str, token: str) -> bytes:
    sid = f"SM{uuid.uuid4().hex}"
    phone = f"6281{200000000 + number % 5000:09d}"
    form = {
        "SmsMessageSid": sid,
        "NumMedia": "0",
        "ProfileName": "Siti Rahma",
        "MessageType": "text",
        "SmsSid": sid,
        "WaId": phone,
        "SmsStatus": "received",
        "Body": f"Halo kak, pesanan saya nomor {number} belum sampai juga ya, sudah lewat tiga hari. Tolong dicek",
        "To": "whatsapp:+6281100000000",
        "NumSegments": "1",
        "ReferralNumMedia": "0",
        "MessageSid": sid,
        "AccountSid": "AC" + "0" * 32,
        "From": f"whatsapp:+{phone}",
        "ApiVersion": "2010-04-01",
    }
    body = urlencode(form)
    headers = {
        "Host": "127.0.0.1",
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        "Content-Length": str(len(body)),
        **sign_twilio(public_url + PATH, form, token),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST {PATH} HTTP/1.1\r\n{head}\r\n{body}".encode()


def run(port: int, prepared: Sequence[bytes]) -> Load:
    """Send all requests and wait for all answers. Raises RuntimeError on any answer but 200."""
    remaining = iter(prepared)
    selector = selectors.DefaultSelector()
    sent_at: dict[socket.socket, float] = {}
    seconds: list[float] = []
    started = time.perf_counter()
    for request in (next(remaining) for _ in range(CONNECTIONS)):
        connection = socket.create_connection(("127.0.0.1", port), timeout=30)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(connection, selectors.EVENT_READ, connection)
        sent_at[connection] = time.perf_counter()
        connection.sendall(request)
    while sent_at:
        for key, _ in selector.select(timeout=30):
            connection = key.data
            _read_answer(connection)
            now = time.perf_counter()
            seconds.append(now - sent_at[connection])
            if (following := next(remaining, None)) is None:
                selector.unregister(connection)
                connection.close()
                del sent_at[connection]
            else:
                sent_at[connection] = now
                connection.sendall(following)
    return Load(len(prepared) / (time.perf_counter() - started), sorted(seconds))


def _read_answer(connection: socket.socket) -> None:
    answer = connection.recv(65536)
    head, end, body = answer.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200 ") or not end:
        raise RuntimeError(f"not a 200: {answer[:60]!r}")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65536)
