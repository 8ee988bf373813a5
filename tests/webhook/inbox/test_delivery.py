"""An agent's reply, from the page to the customer: the job, the worker, Twilio's stand-in, its callback, the thread."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from demo.delivery import Receiver
from demo.shapes import record
from demo.twilio import TwilioStandIn
from tests.bot.chat import ACCOUNT, Chat, chat, new_phone
from tests.webhook.conftest import Senders
from tests.webhook.inbox.conftest import PASSWORD, Person, inbox_settings
from warehouse import connection
from warehouse.settings import Settings
from webhook import users
from webhook.app import create_app


@pytest.fixture(scope="module")
def shop(module_settings: Settings) -> Iterator[Chat]:
    with TwilioStandIn(ACCOUNT, Senders.token) as twilio, pytest.MonkeyPatch.context() as patch:
        sending = {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_API_BASE": twilio.url}
        for name, value in (Senders.environment | sending).items():
            patch.setenv(name, value)
        with chat(inbox_settings(Settings(_env_file=None)), twilio) as found:
            public = Senders.public_url
            twilio.call_back(Receiver(f"http://127.0.0.1:{found.port}", public, Senders.token, Senders.secret))
            yield found


def test_an_agents_reply_reaches_the_customer_and_the_page_says_so(shop: Chat) -> None:
    with connection.transaction("inbox", shop.settings) as opened, opened.cursor() as cursor:
        users.add(cursor, "sari@shop.example", "Sari", "agent", PASSWORD)
    person, phone = Person(create_app(shop.settings), "sari@shop.example"), new_phone()
    assert person.sign_in().status_code == 303
    wrote = record(f"SM{uuid.uuid4().hex}", ACCOUNT, f"whatsapp:{phone}", "halo", datetime.now(UTC), inbound=True)
    shop.twilio.put([wrote])  # from which Twilio knows that it may be written to
    shop.say(phone, "mau bicara dengan orang")
    [(thread,)] = shop.ask("select conversation_id from app.conversations where state = 'waiting'")
    path = f"/inbox/conversations/{thread}"
    page = person.get(path).text
    assert "pelanggan minta bicara dengan orang" in page
    token = page.split('name="token" value="')[1].split('"')[0]
    assert person.post(f"{path}/reply", {"text": "Halo, saya Sari.", "token": token}).status_code == 303
    assert "menunggu dikirim" in person.get(path).text

    shop.work()
    assert shop.received(phone).endswith("Halo, saya Sari.")
    [(sid,)] = shop.ask("select message_sid from app.replies where author = 'agent'")
    deadline = time.monotonic() + 20
    while not shop.ask("select 1 from raw.twilio_statuses where message_sid = %s and status = 'delivered'", sid):
        assert time.monotonic() < deadline, "no callback said that it was delivered"
        time.sleep(0.05)
    page = person.get(path).text
    reply = page[page.index(f'id="message-{sid}"') :].split("</li>")[0]
    assert "diterima" in reply
    assert "Sari" in reply
    assert "menunggu dikirim" not in page
