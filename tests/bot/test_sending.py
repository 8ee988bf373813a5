"""What a reply may, must and must not do on its way to Twilio, seen in Twilio's stand-in."""

from __future__ import annotations

import uuid

import pytest

from benchmarks.bot_stage import SHOP, Stage, eventually, stage
from bot import services
from bot.conversation import lock
from bot.delivery import replies, sending
from bot.delivery.replies import split
from demo.twilio import Fault
from tests.support.database import drop_database, make_database

LONG = " ".join(f"Kalimat nomor {number} berakhir di sini." for number in range(120))


@pytest.fixture(scope="module")
def shop(server_settings, tmp_path_factory):
    database = make_database(server_settings)
    with stage(database, tmp_path_factory.mktemp("sending")) as made:
        made.services = services.make(made.settings)
        yield made
        made.services.connections.close()
    drop_database(server_settings, database)


@pytest.fixture
def customer(shop: Stage) -> str:
    """Somebody who has just written, and whom only this test answers."""
    number = f"62814{uuid.uuid4().int % 10**8:08d}"
    shop.say(number, "halo")
    shop.query("delete from queue.procrastinate_jobs")
    return number


def write(shop: Stage, customer: str, body: str | None = "Sudah dikirim.", **fields) -> int:
    conversation_id = shop.conversation(customer)
    with shop.services.connections.connect() as connection, connection.cursor() as cursor:
        replies.write(cursor, conversation_id, {"kind": "answer", "body": body, **fields})
    return conversation_id


def send(shop: Stage, conversation_id: int) -> None:
    """What the job does, here: whatever waits is due."""
    shop.query("update app.replies set next_attempt_at = now() - interval '1 s' where next_attempt_at is not null")
    with lock.take(shop.services.connections, conversation_id, "send") as connection:
        sending.send_written(connection, shop.services.carriers, conversation_id)


def states(shop: Stage, conversation_id: int) -> list[tuple]:
    return shop.query(
        "select state, error_code from app.replies where conversation_id = %s order by sequence", conversation_id
    )


def test_a_reply_lands_as_a_message_and_its_status_follows(shop, customer):
    conversation_id = write(shop, customer)
    send(shop, conversation_id)
    assert shop.texts_to(customer) == ["Sudah dikirim."]
    ((sid, author, text),) = shop.query(
        "select messages.message_id, messages.author, messages.text from app.messages"
        " inner join app.replies on replies.message_sid = messages.message_id where conversation_id = %s",
        conversation_id,
    )
    assert (author, text) == ("bot", "Sudah dikirim.")
    status = "select status from raw.twilio_current_statuses where message_sid = %s and status = 'delivered'"
    eventually(lambda: shop.query(status, sid))
    told = "select count(*) from raw.twilio_statuses inner join app.replies using (reply_id) where conversation_id = %s"
    assert shop.query(told, conversation_id)[0][0] >= 3


@pytest.mark.parametrize("channel", ["messenger", "instagram"])
def test_other_channels_of_twilio_have_threads_of_their_own_and_are_answered_there(shop, customer, channel):
    address, ours = f"{channel}:{uuid.uuid4().int % 10**15}", f"{channel}:1029384756"
    shop.twilio.senders.add(ours)
    shop.say(customer, "halo juga", From=address, To=ours)
    shop.query("delete from queue.procrastinate_jobs")
    ((conversation_id,),) = shop.query("select conversation_id from app.conversations where address = %s", address)
    with shop.services.connections.connect() as connection, connection.cursor() as cursor:
        replies.write(cursor, conversation_id, {"kind": "answer", "body": f"Lewat {channel}."})
    send(shop, conversation_id)
    assert [(sent["from"], sent["body"]) for sent in shop.twilio.sent if sent["to"] == address] == [
        (ours, f"Lewat {channel}.")
    ]
    assert shop.texts_to(customer) == []


def test_a_long_answer_is_cut_at_sentences_and_leaves_in_order(shop, customer):
    conversation_id = write(shop, customer, LONG)
    send(shop, conversation_id)
    got = shop.texts_to(customer)
    assert len(got) == 3
    assert all(len(part) <= 1600 and part.endswith(".") for part in got)
    assert " ".join(got) == LONG


def test_no_character_is_counted_for_less_than_it_takes():
    parts = split("😀" * 1000 + " " + "a" * 700, 1600)
    assert all(len(part.encode("utf-16-le")) // 2 <= 1600 for part in parts)
    assert "".join(parts).replace(" ", "") == "😀" * 1000 + "a" * 700


def test_a_link_to_a_picture_is_sent_as_a_picture(shop, customer):
    conversation_id = write(shop, customer, "Ini fotonya:\nhttps://shop.example/foto.jpg\nBagus ya.")
    send(shop, conversation_id)
    (message,) = [each for each in shop.twilio.sent if each["to"].endswith(customer)]
    assert (message["num_media"], "https" in message["body"]) == ("1", False)


def test_outside_the_window_only_a_template_leaves(shop, customer):
    conversation_id = shop.conversation(customer)
    shop.query("update app.conversations set last_inbound_at = now() - interval '25 h'"
               " where conversation_id = %s", conversation_id)  # fmt: skip
    shop.twilio.templates["HX1"] = "Pesanan {{1}} sudah dikirim."
    write(shop, customer, "Halo lagi")
    write(shop, customer, None, kind="template", content_sid="HX1", content_variables={"1": "77"})
    send(shop, conversation_id)
    assert states(shop, conversation_id) == [("dead", "window_closed"), ("sent", None)]
    assert shop.texts_to(customer) == ["Pesanan 77 sudah dikirim."]
    state = "select state, state_reason from app.conversations where conversation_id = %s"
    assert shop.query(state, conversation_id) == [("waiting", "not_delivered")]


def test_who_opted_out_gets_answers_and_nothing_else(shop, customer):
    conversation_id = shop.conversation(customer)
    shop.query("update app.customers set opted_out_at = now() where customer_key ="
               " (select customer_key from app.conversations where conversation_id = %s)", conversation_id)  # fmt: skip
    write(shop, customer, "Berapa bintang?", kind="rating_request")
    write(shop, customer, "Jawaban.")
    send(shop, conversation_id)
    assert states(shop, conversation_id) == [("dropped", "opted_out"), ("sent", None)]
    assert shop.texts_to(customer) == ["Jawaban."]


def test_what_the_bot_wrote_does_not_leave_after_a_person_took_over(shop, customer):
    conversation_id = write(shop, customer)
    shop.query("update app.conversations set state = 'agent' where conversation_id = %s", conversation_id)
    send(shop, conversation_id)
    assert states(shop, conversation_id) == [("dropped", "taken_over")]
    assert shop.texts_to(customer) == []


def test_what_twilio_refuses_is_dead_at_once_with_its_code(shop, customer):
    conversation_id = write(shop, customer)
    shop.twilio.senders.discard(SHOP)
    try:
        send(shop, conversation_id)
    finally:
        shop.twilio.senders.add(SHOP)
    assert states(shop, conversation_id) == [("dead", "63007")]


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=429),
        Fault(status=503),
        Fault(status=500),
        Fault(status=500, after=True),
        Fault(cut=20),
        Fault(cut=20, after=True),
    ],
    ids=["busy", "unavailable", "broken before", "broken after", "cut off", "cut off after"],
)
def test_a_failure_in_between_neither_loses_nor_repeats_a_reply(shop, customer, fault):
    shop.twilio.call_back_nobody()
    conversation_id = write(shop, customer, "Yang pertama.")
    write(shop, customer, "Yang kedua.")
    shop.twilio.fail_sending(fault)
    send(shop, conversation_id)
    ((waiting, _), (second, _)) = states(shop, conversation_id)
    assert (waiting in ("written", "sending"), second) == (True, "written")
    later = "select priority, scheduled_at > now() from queue.procrastinate_jobs where lock = %s"
    assert shop.query(later, f"conversation {conversation_id}") == [(0, True)]
    send(shop, conversation_id)
    assert shop.texts_to(customer) == ["Yang pertama.", "Yang kedua."]
    assert states(shop, conversation_id) == [("sent", None), ("sent", None)]


def test_a_reply_whose_worker_died_is_found_by_its_callback(shop, customer):
    """The text in Twilio's record is another one, so that nothing but the callback says that it has left."""
    conversation_id = write(shop, customer)
    ((reply_id,),) = shop.query(
        "update app.replies set state = 'sending', sending_at = now(), attempts = 1 where conversation_id = %s"
        " returning reply_id",
        conversation_id,
    )
    sid = shop.twilio.take(f"whatsapp:+{customer}", "Sudah dikirim, lho.")
    shop.call_back(sid, reply_id)
    send(shop, conversation_id)
    assert shop.query("select message_sid from app.replies where reply_id = %s", reply_id) == [(sid,)]
    assert shop.texts_to(customer) == ["Sudah dikirim, lho."]


def test_a_reply_that_nobody_takes_is_a_dead_letter_in_the_end(shop, customer):
    conversation_id = write(shop, customer)
    for _ in range(sending.MAX_ATTEMPTS):
        shop.twilio.fail_sending(Fault(status=503))
        send(shop, conversation_id)
    assert states(shop, conversation_id) == [("dead", "not_delivered")]
    reason = "select state, state_reason from app.conversations where conversation_id = %s"
    assert shop.query(reason, conversation_id) == [("waiting", "not_delivered")]
