"""An agent's reply, from the page to the customer: the job, the worker, Twilio's stand-in, its callback, the thread."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from demo.delivery import Receiver
from demo.shapes import record
from demo.twilio import Fault, TwilioStandIn
from tests.support.chat import ACCOUNT, Chat, chat, new_phone
from tests.support.people import PASSWORD, Person, inbox_settings
from tests.support.senders import Senders
from warehouse import connection
from warehouse.settings import Settings
from webhook.accounts import users
from webhook.app import create_app


@pytest.fixture(scope="module")
def sending_shop(module_settings: Settings) -> Iterator[Chat]:
    with TwilioStandIn(ACCOUNT, Senders.token) as twilio, pytest.MonkeyPatch.context() as patch:
        sending = {
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_API_BASE": twilio.url,
            "KABAR_ALLOW_PRIVATE_ADDRESSES": "true",
        }
        for name, value in (Senders.environment | sending).items():
            patch.setenv(name, value)
        with chat(inbox_settings(Settings(_env_file=None)), twilio) as found:
            public = Senders.public_url
            twilio.call_back(Receiver(f"http://127.0.0.1:{found.port}", public, Senders.token, Senders.secret))
            yield found


@pytest.fixture(scope="module")
def person(sending_shop: Chat) -> Person:
    with connection.transaction("inbox", sending_shop.settings) as opened, opened.cursor() as cursor:
        users.add(cursor, "sari@shop.example", "Sari", "agent", PASSWORD)
    found = Person(create_app(sending_shop.settings), "sari@shop.example")
    assert found.sign_in().status_code == 303
    return found


def who_waits(sending_shop: Chat) -> tuple[str, str]:
    """A customer who asked for a person: their number, and the path of their conversation."""
    phone = new_phone()
    wrote = record(f"SM{uuid.uuid4().hex}", ACCOUNT, f"whatsapp:{phone}", "halo", datetime.now(UTC), inbound=True)
    sending_shop.twilio.put([wrote])  # from which Twilio knows that it may be written to
    assert sending_shop.say(phone, "mau bicara dengan orang").state == "waiting"
    [(thread,)] = sending_shop.ask("select max(conversation_id) from app.conversations")
    return phone, f"/inbox/conversations/{thread}"


def reply(person: Person, path: str, text: str) -> None:
    token = person.get(path).text.split('name="token" value="')[1].split('"')[0]
    assert person.post(f"{path}/reply", {"text": text, "token": token}).status_code == 303


def test_what_was_asked_while_nobody_had_time_is_answered_once_the_bot_has_the_conversation(
    sending_shop: Chat, person: Person
) -> None:
    phone, path = who_waits(sending_shop)
    assert sending_shop.say(phone, "jam buka toko?").steps[-1]["outcome"] == "silent"
    for _ in range(2):
        person.post(f"{path}/give-back", {})
        sending_shop.work()
        assert "rules" in [step["name"] for step in sending_shop.outcome(phone).steps if step["outcome"] == "answered"]
        assert sending_shop.received(phone).count("Jam layanan") == 1
        person.post(f"{path}/take-over", {})


def test_what_a_person_replied_to_waits_for_nobody(sending_shop: Chat, person: Person) -> None:
    phone, path = who_waits(sending_shop)
    sending_shop.say(phone, "jam buka toko?")
    reply(person, path, "Selalu buka, Kak.")
    person.post(f"{path}/give-back", {})
    sending_shop.work()
    sending_shop.say(phone, "oke makasih")
    assert sending_shop.received(phone).count("Selalu buka, Kak.") == 1
    assert "Jam layanan" not in sending_shop.received(phone)


def test_an_agents_reply_reaches_the_customer_and_the_page_says_so(sending_shop: Chat, person: Person) -> None:
    phone, path = who_waits(sending_shop)
    assert "pelanggan minta bicara dengan agen" in person.get(path).text
    reply(person, path, "Halo, saya Sari.")
    assert "dalam antrean" in person.get(path).text

    sending_shop.work()
    assert sending_shop.received(phone).endswith("Halo, saya Sari.")
    [(sid,)] = sending_shop.ask("select message_sid from app.replies where body = 'Halo, saya Sari.'")
    deadline = time.monotonic() + 120
    while not sending_shop.ask(
        "select 1 from raw.twilio_statuses where message_sid = %s and status = 'delivered'", sid
    ):
        assert time.monotonic() < deadline, "no callback said that it was delivered"
        time.sleep(0.05)
    page = person.get(path).text
    shown = page[page.index(f'id="message-{sid}"') :].split("</li>")[0]
    assert "diterima" in shown
    assert "Sari" in shown
    assert "dalam antrean" not in page


def address_to_cancel(person: Person, path: str) -> str:
    found = re.search(r'action="([^"]+/cancel/[^"]+)"', person.get(path).text)
    assert found
    return found[1]


def test_a_queued_reply_that_was_cancelled_is_never_sent(sending_shop: Chat, person: Person) -> None:
    phone, path = who_waits(sending_shop)
    reply(person, path, "Maaf, salah kirim.")
    reply(person, path, "Yang ini benar.")
    assert person.post(address_to_cancel(person, path)).status_code == 303
    sending_shop.work()
    assert "Maaf, salah kirim." not in sending_shop.received(phone)
    assert sending_shop.received(phone).count("Yang ini benar.") == 1
    page = person.get(path).text
    assert "dibatalkan oleh agen" in page
    assert "/cancel/" not in page


def test_a_reply_that_is_being_sent_or_was_sent_cannot_be_cancelled(sending_shop: Chat, person: Person) -> None:
    phone, path = who_waits(sending_shop)
    reply(person, path, "Sudah jalan.")
    address = address_to_cancel(person, path)
    sending_shop.twilio.fail_sending(Fault(seconds=3))
    before = len(sending_shop.twilio.requests)
    with ThreadPoolExecutor(1) as aside:
        working = aside.submit(sending_shop.work)
        while len(sending_shop.twilio.requests) == before:
            time.sleep(0.01)
        during = person.post(address)
        working.result()
    assert (during.status_code, person.post(address).status_code) == (409, 409)
    assert "Kabar sedang memproses percakapan ini" in during.text
    assert sending_shop.received(phone).count("Sudah jalan.") == 1


def test_a_reply_of_the_bot_or_of_another_conversation_is_not_cancelled(sending_shop: Chat, person: Person) -> None:
    _, path = who_waits(sending_shop)
    reply(person, path, "Tetap dikirim.")
    address = address_to_cancel(person, path)
    _, other = who_waits(sending_shop)
    assert person.post(address.replace(path, other)).status_code == 409
    sending_shop.ask("update app.replies set author = 'bot', user_id = null where body = 'Tetap dikirim.'")
    assert person.post(address).status_code == 409
    sending_shop.ask("update app.replies set state = 'dropped' where body = 'Tetap dikirim.'")


def test_a_reply_that_fails_after_it_was_accepted_is_marked_in_the_list_and_can_be_sent_again(
    sending_shop: Chat, person: Person
) -> None:
    phone, path = who_waits(sending_shop)
    sending_shop.twilio.call_back_nobody()
    reply(person, path, "Kami cek dulu, ya.")
    sending_shop.work()
    row = f'id="row-{path.rsplit("/", 1)[1]}"'
    in_list = lambda: person.get("/inbox/list").text.split(row)[1].split("</li>")[0]  # noqa: E731
    assert "tidak dapat dikirim" not in in_list()

    [(reply_id, sid)] = sending_shop.ask(
        "select reply_id::text, message_sid from app.replies where body = 'Kami cek dulu, ya.'"
    )
    form = {"MessageSid": sid, "MessageStatus": "undelivered", "ErrorCode": "63024"}
    sending_shop.send(sending_shop.senders.twilio("status", form, f"?reply={reply_id}"))
    sending_shop.work()
    assert "tidak dapat dikirim" in in_list()
    page = person.get(path).text
    shown = page[page.index(f'id="message-{sid}"') :].split("</li>")[0]
    assert "gagal terkirim" in shown
    assert "Nomor ini tidak dapat menerima pesan WhatsApp." in shown
    assert page.count('<p class="text">Kami cek dulu, ya.') == 1

    again = f"{path}/send-again/{reply_id}"
    assert again in shown
    for _ in range(2):
        assert person.post(again, {}).status_code == 303
    sending_shop.work()
    assert sending_shop.received(phone).count("Kami cek dulu, ya.") == 2
    assert "tidak dapat dikirim" not in in_list()
    assert again not in person.get(path).text


@pytest.mark.parametrize("is_accepted", [True, False], ids=["failed later", "never accepted"])
def test_a_reply_of_the_bot_is_sent_again_by_an_agent_who_took_over(
    sending_shop: Chat, person: Person, is_accepted: bool
) -> None:
    phone, path = who_waits(sending_shop)
    reply(person, path, "Saya bantu, ya.")
    sending_shop.work()
    [(reply_id,)] = sending_shop.ask(
        "insert into app.replies (conversation_id, author, kind, body, answered, state, message_sid, error_code)"
        " values (%s, 'bot', 'answer', 'Ongkirnya Rp9.000.', true, 'dead', %s, 'not_delivered')"
        " returning reply_id::text",
        path.rsplit("/", 1)[1],
        f"SM{uuid.uuid4().hex}" if is_accepted else None,
    )
    assert person.post(f"{path}/send-again/{reply_id}", {}).status_code == 303
    sending_shop.work()
    assert sending_shop.received(phone).splitlines()[-1] == "Ongkirnya Rp9.000."
    last = "select author, user_id is not null, state from app.replies where body = 'Ongkirnya Rp9.000.'"
    assert sending_shop.ask(last + " and conversation_id = %s order by sequence desc", path.rsplit("/", 1)[1])[0] == (
        "agent", True, "sent",
    )  # fmt: skip
