"""The stand-in of Twilio takes and refuses messages as Twilio's API does, seen through Twilio's own client."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from demo.delivery import Receiver
from demo.shapes import SHOP, record, sid
from demo.twilio import TwilioStandIn
from sources.twilio_client import BaseUrlHttpClient

ACCOUNT = sid("AC", "the tests' shop")
TOKEN = "the tests' token"
CUSTOMER = "whatsapp:+6281234567890"
PUBLIC_URL = "https://kabar.example"


@pytest.fixture
def twilio() -> Iterator[TwilioStandIn]:
    with TwilioStandIn(ACCOUNT, TOKEN, templates={"HX1": "Halo {{1}}"}) as twilio:
        now = datetime.now(UTC)
        twilio.put([record(sid("SM", "in"), ACCOUNT, CUSTOMER, "halo", now - timedelta(hours=1), inbound=True)])
        yield twilio


def client(twilio: TwilioStandIn, token: str = TOKEN) -> Client:
    return Client(ACCOUNT, token, http_client=BaseUrlHttpClient(twilio.url))


def test_a_message_is_taken_listed_and_found_by_its_sid(twilio: TwilioStandIn) -> None:
    made = client(twilio).messages.create(to=CUSTOMER, from_=SHOP, body="Sudah dikirim")
    assert (made.status, made.direction, made.date_sent) == ("queued", "outbound-api", None)
    (listed,) = client(twilio).messages.list(to=CUSTOMER)
    assert (listed.sid, listed.status) == (made.sid, "delivered")
    assert client(twilio).messages(made.sid).fetch().body == "Sudah dikirim"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"to": ""}, 21604),
        ({"to": "whatsapp:0812"}, 21211),
        ({"from_": ""}, 21603),
        ({"from_": "whatsapp:+6289999999"}, 63007),
        ({"from_": "+6281100000000"}, 21910),
        ({"body": ""}, 21619),
        ({"body": "a" * 1601}, 21617),
        ({"body": "😀" * 801}, 21617),
        ({"content_sid": "HX2"}, 21655),
        ({"content_sid": "HX1", "content_variables": "1"}, 21656),
        ({"media_url": ["nowhere"]}, 21620),
        ({"status_callback": "nowhere"}, 21609),
    ],
)
def test_bad_messages_are_refused_with_twilios_code(twilio: TwilioStandIn, fields: dict, code: int) -> None:
    with pytest.raises(TwilioRestException) as caught:
        client(twilio).messages.create(**{"to": CUSTOMER, "from_": SHOP, "body": "halo", **fields})
    assert (caught.value.status, caught.value.code) == (400, code)
    assert twilio.sent == []


def test_strangers_send_nothing(twilio: TwilioStandIn) -> None:
    with pytest.raises(TwilioRestException) as caught:
        client(twilio, "wrong").messages.create(to=CUSTOMER, from_=SHOP, body="halo")
    assert caught.value.code == 20003


def test_outside_the_window_text_is_taken_and_fails_and_a_template_arrives(twilio: TwilioStandIn) -> None:
    other = "whatsapp:+6281234567891"
    text = client(twilio).messages.create(to=other, from_=SHOP, body="halo")
    template = client(twilio).messages.create(to=other, from_=SHOP, content_sid="HX1", content_variables='{"1": "Ani"}')
    later = {message.sid: message for message in client(twilio).messages.list(to=other)}
    assert (later[text.sid].status, later[text.sid].error_code) == ("failed", 63016)
    assert (later[template.sid].status, later[template.sid].body) == ("delivered", "Halo Ani")


def test_typing_is_shown_for_a_message(twilio: TwilioStandIn) -> None:
    shown = client(twilio).messaging.v2.typing_indicator.create(channel="whatsapp", message_id=sid("SM", "in"))
    assert shown.success
    assert twilio.typed == [sid("SM", "in")]


def test_what_becomes_of_a_message_is_told_in_order_and_signed(twilio: TwilioStandIn) -> None:
    told: list[tuple[str, bool]] = []
    done = threading.Event()

    class Webhook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            is_signed = RequestValidator(TOKEN).validate(
                PUBLIC_URL + self.path, form, self.headers["X-Twilio-Signature"]
            )
            told.append((form["MessageStatus"], is_signed))
            self.send_response(204)
            self.end_headers()
            if form["MessageStatus"] == "delivered":
                done.set()

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Webhook)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    twilio.call_back(Receiver(f"http://127.0.0.1:{server.server_port}", PUBLIC_URL, TOKEN, ""))
    callback = f"{PUBLIC_URL}/status?reply=7"
    client(twilio).messages.create(to=CUSTOMER, from_=SHOP, body="halo", status_callback=callback)
    assert done.wait(10)
    server.shutdown()
    assert told == [("queued", True), ("sent", True), ("delivered", True)]
