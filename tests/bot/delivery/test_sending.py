"""What a reply may, must and must not do on its way to Twilio, seen in Twilio's stand-in."""

from __future__ import annotations

import uuid

import pytest

from benchmarks.bot_stage import SHOP, eventually
from bot.delivery import replies, sending
from bot.delivery.replies import split
from demo.twilio import Fault
from tests.support.sending import send, states, write

LONG = " ".join(f"Kalimat nomor {number} berakhir di sini." for number in range(120))


def test_a_reply_lands_as_a_message_and_its_status_follows(stage, customer):
    conversation_id = write(stage, customer)
    send(stage, conversation_id)
    assert stage.texts_to(customer) == ["Sudah dikirim."]
    ((sid, author, text),) = stage.query(
        "select messages.message_id, messages.author, messages.text from app.messages"
        " inner join app.replies on replies.message_sid = messages.message_id where conversation_id = %s",
        conversation_id,
    )
    assert (author, text) == ("bot", "Sudah dikirim.")
    status = "select status from raw.twilio_current_statuses where message_sid = %s and status = 'delivered'"
    eventually(lambda: stage.query(status, sid))
    told = "select count(*) from raw.twilio_statuses inner join app.replies using (reply_id) where conversation_id = %s"
    assert stage.query(told, conversation_id)[0][0] >= 3


@pytest.mark.parametrize("channel", ["messenger", "instagram"])
def test_other_channels_of_twilio_have_threads_of_their_own_and_are_answered_there(stage, customer, channel):
    address, ours = f"{channel}:{uuid.uuid4().int % 10**15}", f"{channel}:1029384756"
    stage.twilio.senders.add(ours)
    stage.say(customer, "halo juga", From=address, To=ours)
    stage.query("delete from queue.procrastinate_jobs")
    ((conversation_id,),) = stage.query("select conversation_id from app.conversations where address = %s", address)
    with stage.services.connections.transaction() as connection, connection.cursor() as cursor:
        replies.write(cursor, conversation_id, {"kind": "answer", "body": f"Lewat {channel}."})
    send(stage, conversation_id)
    assert [(sent["from"], sent["body"]) for sent in stage.twilio.sent if sent["to"] == address] == [
        (ours, f"Lewat {channel}.")
    ]
    assert stage.texts_to(customer) == []


def test_a_long_answer_is_cut_at_sentences_and_leaves_in_order(stage, customer):
    conversation_id = write(stage, customer, LONG)
    send(stage, conversation_id)
    got = stage.texts_to(customer)
    assert len(got) == 3
    assert all(len(part) <= 1600 and part.endswith(".") for part in got)
    assert " ".join(got) == LONG


def test_no_character_is_counted_for_less_than_it_takes():
    parts = split("😀" * 1000 + " " + "a" * 700, 1600)
    assert all(len(part.encode("utf-16-le")) // 2 <= 1600 for part in parts)
    assert "".join(parts).replace(" ", "") == "😀" * 1000 + "a" * 700


def test_a_link_to_a_picture_is_sent_as_a_picture(stage, customer):
    conversation_id = write(stage, customer, "Ini fotonya:\nhttps://shop.example/foto.jpg\nBagus ya.")
    send(stage, conversation_id)
    (message,) = [each for each in stage.twilio.sent if each["to"].endswith(customer)]
    assert (message["num_media"], "https" in message["body"]) == ("1", False)


@pytest.mark.parametrize("kind", ["pdf", "ogg", "gif", "webp", "mp3", "PDF"])
def test_text_beside_a_file_that_takes_none_is_sent_separately(stage, customer, kind):
    conversation_id = write(stage, customer, f"Ini katalognya:\nhttps://shop.example/katalog.{kind}\nSelamat memilih.")
    send(stage, conversation_id)
    text, file = [each for each in stage.twilio.sent if each["to"].endswith(customer)]
    assert (text["num_media"], text["body"]) == ("0", "Ini katalognya:\n\nSelamat memilih.")
    assert (file["num_media"], file["body"]) == ("1", "")


def test_of_several_files_pictures_go_with_the_text(stage, customer):
    links = ["https://shop.example/a.pdf", "https://shop.example/b.jpg", "https://shop.example/c.ogg"]
    conversation_id = write(stage, customer, "\n".join(["Ini ya:", *links]))
    send(stage, conversation_id)
    sent = [each for each in stage.twilio.sent if each["to"].endswith(customer)]
    assert [(each["num_media"], each["body"]) for each in sent] == [("1", "Ini ya:"), ("1", ""), ("1", "")]


def test_outside_the_window_only_a_template_leaves(stage, customer):
    conversation_id = stage.conversation(customer)
    stage.query("update app.conversations set last_inbound_at = now() - interval '25 h'"
               " where conversation_id = %s", conversation_id)  # fmt: skip
    stage.twilio.templates["HX1"] = "Pesanan {{1}} sudah dikirim."
    write(stage, customer, "Halo lagi")
    write(stage, customer, None, kind="template", content_sid="HX1", content_variables={"1": "77"})
    send(stage, conversation_id)
    assert states(stage, conversation_id) == [("dead", "window_closed"), ("sent", None)]
    assert stage.texts_to(customer) == ["Pesanan 77 sudah dikirim."]
    state = "select state, state_reason from app.conversations where conversation_id = %s"
    assert stage.query(state, conversation_id) == [("waiting", "not_delivered")]


def test_who_opted_out_gets_answers_and_nothing_else(stage, customer):
    conversation_id = stage.conversation(customer)
    stage.query("update app.customers set opted_out_at = now() where customer_key ="
               " (select customer_key from app.conversations where conversation_id = %s)", conversation_id)  # fmt: skip
    write(stage, customer, "Berapa bintang?", kind="rating_request")
    write(stage, customer, "Jawaban.")
    send(stage, conversation_id)
    assert states(stage, conversation_id) == [("dropped", "opted_out"), ("sent", None)]
    assert stage.texts_to(customer) == ["Jawaban."]


def test_what_the_bot_wrote_does_not_leave_after_a_person_took_over(stage, customer):
    conversation_id = write(stage, customer)
    stage.query("update app.conversations set state = 'agent' where conversation_id = %s", conversation_id)
    send(stage, conversation_id)
    assert states(stage, conversation_id) == [("dropped", "taken_over")]
    assert stage.texts_to(customer) == []


def test_what_twilio_refuses_is_dead_at_once_with_its_code(stage, customer):
    conversation_id = write(stage, customer)
    stage.twilio.senders.discard(SHOP)
    try:
        send(stage, conversation_id)
    finally:
        stage.twilio.senders.add(SHOP)
    assert states(stage, conversation_id) == [("dead", "63007")]


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
def test_a_failure_in_between_neither_loses_nor_repeats_a_reply(stage, customer, fault):
    stage.twilio.call_back_nobody()
    conversation_id = write(stage, customer, "Yang pertama.")
    write(stage, customer, "Yang kedua.")
    stage.twilio.fail_sending(fault)
    send(stage, conversation_id)
    ((waiting, _), (second, _)) = states(stage, conversation_id)
    assert (waiting in ("written", "sending"), second) == (True, "written")
    later = "select priority, scheduled_at > now() from queue.procrastinate_jobs where lock = %s"
    assert stage.query(later, f"conversation {conversation_id}") == [(0, True)]
    send(stage, conversation_id)
    assert stage.texts_to(customer) == ["Yang pertama.", "Yang kedua."]
    assert states(stage, conversation_id) == [("sent", None), ("sent", None)]


def test_a_reply_whose_worker_died_is_found_by_its_callback(stage, customer):
    """The text in Twilio's record is another one, so that nothing but the callback says that it has left."""
    conversation_id = write(stage, customer)
    ((reply_id,),) = stage.query(
        "update app.replies set state = 'sending', sending_at = now(), attempts = 1 where conversation_id = %s"
        " returning reply_id",
        conversation_id,
    )
    sid = stage.twilio.take(f"whatsapp:+{customer}", "Sudah dikirim, lho.")
    stage.call_back(sid, reply_id)
    send(stage, conversation_id)
    assert stage.query("select message_sid from app.replies where reply_id = %s", reply_id) == [(sid,)]
    assert stage.texts_to(customer) == ["Sudah dikirim, lho."]


def test_a_reply_that_nobody_takes_is_a_dead_letter_in_the_end(stage, customer):
    conversation_id = write(stage, customer)
    for _ in range(sending.MAX_ATTEMPTS):
        stage.twilio.fail_sending(Fault(status=503))
        send(stage, conversation_id)
    assert states(stage, conversation_id) == [("dead", "not_delivered")]
    reason = "select state, state_reason from app.conversations where conversation_id = %s"
    assert stage.query(reason, conversation_id) == [("waiting", "not_delivered")]
